import { type DecodedMessage, type EncodableMessage, int8, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A config of a resource was set; a null value removes it.
 */
export const configRecord = metadataRecordType(4, 'ConfigRecord', '0', {
  resourceType: int8(),
  resourceName: string(),
  name: string(),
  value: string('0+', { nullable: '0+' }),
});

export interface ConfigRecord extends DecodedMessage<typeof configRecord.message> {}
export interface ConfigRecordInput extends EncodableMessage<typeof configRecord.message> {}
