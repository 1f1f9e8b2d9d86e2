import { type DecodedMessage, type EncodableMessage, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A delegation token was removed.
 */
export const removeDelegationTokenRecord = metadataRecordType(26, 'RemoveDelegationTokenRecord', '0', {
  tokenId: string(),
});

export interface RemoveDelegationTokenRecord extends DecodedMessage<typeof removeDelegationTokenRecord.message> {}
export interface RemoveDelegationTokenRecordInput extends EncodableMessage<typeof removeDelegationTokenRecord.message> {}
