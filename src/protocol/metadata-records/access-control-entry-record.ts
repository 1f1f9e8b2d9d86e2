import { type DecodedMessage, type EncodableMessage, int8, string, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * An ACL was created.
 */
export const accessControlEntryRecord = metadataRecordType(18, 'AccessControlEntryRecord', '0', {
  id: uuid(),
  resourceType: int8(),
  resourceName: string(),
  patternType: int8(),
  principal: string(),
  host: string(),
  operation: int8(),
  permissionType: int8(),
});

export interface AccessControlEntryRecord extends DecodedMessage<typeof accessControlEntryRecord.message> {}
export interface AccessControlEntryRecordInput extends EncodableMessage<typeof accessControlEntryRecord.message> {}
