import { type DecodedMessage, type EncodableMessage, int32, safeInt64 } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A broker was unfenced; BrokerRegistrationChangeRecord took its place.
 */
export const unfenceBrokerRecord = metadataRecordType(8, 'UnfenceBrokerRecord', '0', {
  id: int32(),
  epoch: safeInt64(),
});

export interface UnfenceBrokerRecord extends DecodedMessage<typeof unfenceBrokerRecord.message> {}
export interface UnfenceBrokerRecordInput extends EncodableMessage<typeof unfenceBrokerRecord.message> {}
