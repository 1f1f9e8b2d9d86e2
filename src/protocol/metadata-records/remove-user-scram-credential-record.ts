import { type DecodedMessage, type EncodableMessage, int8, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A SCRAM credential of a user was removed.
 */
export const removeUserScramCredentialRecord = metadataRecordType(22, 'RemoveUserScramCredentialRecord', '0', {
  name: string(),
  mechanism: int8(),
});

export interface RemoveUserScramCredentialRecord extends DecodedMessage<typeof removeUserScramCredentialRecord.message> {}
export interface RemoveUserScramCredentialRecordInput extends EncodableMessage<typeof removeUserScramCredentialRecord.message> {}
