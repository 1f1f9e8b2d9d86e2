import { type DecodedMessage, type EncodableMessage, int32, safeInt64 } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * The registration of a broker was removed.
 */
export const unregisterBrokerRecord = metadataRecordType(1, 'UnregisterBrokerRecord', '0', {
  brokerId: int32(),
  brokerEpoch: safeInt64(),
});

export interface UnregisterBrokerRecord extends DecodedMessage<typeof unregisterBrokerRecord.message> {}
export interface UnregisterBrokerRecordInput extends EncodableMessage<typeof unregisterBrokerRecord.message> {}
