import { type DecodedMessage, type EncodableMessage, int32, safeInt64 } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A broker was fenced; BrokerRegistrationChangeRecord took its place.
 */
export const fenceBrokerRecord = metadataRecordType(7, 'FenceBrokerRecord', '0', {
  id: int32(),
  epoch: safeInt64(),
});

export interface FenceBrokerRecord extends DecodedMessage<typeof fenceBrokerRecord.message> {}
export interface FenceBrokerRecordInput extends EncodableMessage<typeof fenceBrokerRecord.message> {}
