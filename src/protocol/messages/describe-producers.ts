import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, safeInt64, string } from '../schema.js';

/**
 * The producers that a partition knows, with their open transactions (KIP-664). The leaders are asked.
 */
export const describeProducers = api({
  key: 61,
  name: 'DescribeProducers',
  listeners: ['broker'],
  request: message('DescribeProducersRequest', '0', '0+', {
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }),
  }),
  response: message('DescribeProducersResponse', '0', '0+', {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        activeProducers: array({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32('0+', { default: -1 }),
          lastTimestamp: safeInt64('0+', { default: -1 }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64('0+', { default: -1n }),
        }),
      }),
    }),
  }),
});

export interface DescribeProducersRequest extends DecodedMessage<typeof describeProducers.request> {}
export interface DescribeProducersRequestInput extends EncodableMessage<typeof describeProducers.request> {}
export interface DescribeProducersResponse extends DecodedMessage<typeof describeProducers.response> {}
export interface DescribeProducersResponseInput extends EncodableMessage<typeof describeProducers.response> {}
