import { array, type DecodedMessage, type EncodableMessage, safeInt64, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A delegation token was created or renewed.
 */
export const delegationTokenRecord = metadataRecordType(10, 'DelegationTokenRecord', '0', {
  owner: string(),
  requester: string(),
  renewers: array(string()),
  issueTimestamp: safeInt64(),
  maxTimestamp: safeInt64(),
  expirationTimestamp: safeInt64(),
  tokenId: string(),
});

export interface DelegationTokenRecord extends DecodedMessage<typeof delegationTokenRecord.message> {}
export interface DelegationTokenRecordInput extends EncodableMessage<typeof delegationTokenRecord.message> {}
