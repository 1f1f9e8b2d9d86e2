import { array, type DecodedMessage, int8, int16, int32, int64, message, safeInt64, string } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * A transactional id, its producer and its transaction; without a value it expired. From version 1 the record is
 * flexible and only gains tagged fields (KIP-915), which transactions of version 2 need (KIP-890).
 */
export const transactionLog = coordinatorRecordType(
  0,
  'TransactionLog',
  message('TransactionLogKey', '0', 'none', {
    transactionalId: string(),
  }),
  message('TransactionLogValue', '0-1', '1+', {
    producerId: int64(),
    previousProducerId: int64('1+', { default: -1n, tag: 0 }),
    nextProducerId: int64('1+', { default: -1n, tag: 1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16('1+', { default: -1, tag: 3 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array(
      {
        topic: string(),
        partitionIds: array(int32()),
      },
      '0+',
      { nullable: '0+' },
    ),
    transactionLastUpdateTimestampMs: safeInt64(),
    transactionStartTimestampMs: safeInt64(),
    clientTransactionVersion: int16('1+', { tag: 2 }),
  }),
);

export interface TransactionLogKey extends DecodedMessage<typeof transactionLog.key> {}
export interface TransactionLogValue extends DecodedMessage<typeof transactionLog.value> {}
