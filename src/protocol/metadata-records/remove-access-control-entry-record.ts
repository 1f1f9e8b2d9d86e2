import { type DecodedMessage, type EncodableMessage, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * An ACL was deleted.
 */
export const removeAccessControlEntryRecord = metadataRecordType(19, 'RemoveAccessControlEntryRecord', '0', {
  id: uuid(),
});

export interface RemoveAccessControlEntryRecord extends DecodedMessage<typeof removeAccessControlEntryRecord.message> {}
export interface RemoveAccessControlEntryRecordInput extends EncodableMessage<typeof removeAccessControlEntryRecord.message> {}
