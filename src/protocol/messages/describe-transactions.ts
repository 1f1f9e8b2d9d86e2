import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, safeInt64, string } from '../schema.js';

/**
 * State of transactional ids (KIP-664). Their coordinators are asked.
 */
export const describeTransactions = api({
  key: 65,
  name: 'DescribeTransactions',
  listeners: ['broker'],
  request: message('DescribeTransactionsRequest', '0', '0+', {
    transactionalIds: array(string()),
  }),
  response: message('DescribeTransactionsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    transactionStates: array({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: safeInt64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: array({
        topic: string(),
        partitions: array(int32()),
      }),
    }),
  }),
});

export interface DescribeTransactionsRequest extends DecodedMessage<typeof describeTransactions.request> {}
export interface DescribeTransactionsRequestInput extends EncodableMessage<typeof describeTransactions.request> {}
export interface DescribeTransactionsResponse extends DecodedMessage<typeof describeTransactions.response> {}
export interface DescribeTransactionsResponseInput extends EncodableMessage<typeof describeTransactions.response> {}
