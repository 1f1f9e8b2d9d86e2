import { bytes, type DecodedMessage, type EncodableMessage, int8, int32, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A SCRAM credential of a user was set.
 */
export const userScramCredentialRecord = metadataRecordType(11, 'UserScramCredentialRecord', '0', {
  name: string(),
  mechanism: int8(),
  salt: bytes(),
  storedKey: bytes(),
  serverKey: bytes(),
  iterations: int32(),
});

export interface UserScramCredentialRecord extends DecodedMessage<typeof userScramCredentialRecord.message> {}
export interface UserScramCredentialRecordInput extends EncodableMessage<typeof userScramCredentialRecord.message> {}
