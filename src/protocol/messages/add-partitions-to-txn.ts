import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

const addPartitionsToTxnTopic = {
  name: string(),
  partitions: array(int32()),
};

const addPartitionsToTxnPartitionResult = {
  partitionIndex: int32(),
  partitionErrorCode: int16(),
};

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: array(addPartitionsToTxnPartitionResult),
};

/**
 * Adds partitions to a transaction. Clients send up to version 3, one transaction in the fields named v3AndBelow.
 * Brokers send 4 and later: several transactions, and verifyOnly to ask whether partitions are in one (KIP-890).
 */
export const addPartitionsToTxn = api({
  key: 24,
  name: 'AddPartitionsToTxn',
  listeners: ['broker'],
  request: message('AddPartitionsToTxnRequest', '0-5', '3+', {
    transactions: array(
      {
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: bool('0+', { default: false }),
        topics: array(addPartitionsToTxnTopic),
      },
      '4+',
    ),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array(addPartitionsToTxnTopic, '0-3'),
  }),
  response: message('AddPartitionsToTxnResponse', '0-5', '3+', {
    throttleTimeMs: int32(),
    errorCode: int16('4+', { ignorable: true }),
    resultsByTransaction: array(
      {
        transactionalId: string(),
        topicResults: array(addPartitionsToTxnTopicResult),
      },
      '4+',
    ),
    resultsByTopicV3AndBelow: array(addPartitionsToTxnTopicResult, '0-3'),
  }),
});

export interface AddPartitionsToTxnRequest extends DecodedMessage<typeof addPartitionsToTxn.request> {}
export interface AddPartitionsToTxnRequestInput extends EncodableMessage<typeof addPartitionsToTxn.request> {}
export interface AddPartitionsToTxnResponse extends DecodedMessage<typeof addPartitionsToTxn.response> {}
export interface AddPartitionsToTxnResponseInput extends EncodableMessage<typeof addPartitionsToTxn.response> {}
