import { type DecodedMessage, type EncodableMessage, int32, int64, safeInt64 } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A broker was given a block of producer ids, which ends before nextProducerId (KIP-730).
 */
export const producerIdsRecord = metadataRecordType(15, 'ProducerIdsRecord', '0', {
  brokerId: int32(),
  brokerEpoch: safeInt64('0+', { default: -1 }),
  nextProducerId: int64(),
});

export interface ProducerIdsRecord extends DecodedMessage<typeof producerIdsRecord.message> {}
export interface ProducerIdsRecordInput extends EncodableMessage<typeof producerIdsRecord.message> {}
