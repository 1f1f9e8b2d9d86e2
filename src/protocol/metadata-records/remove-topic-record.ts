import { type DecodedMessage, type EncodableMessage, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A topic was deleted, with its partitions and configs.
 */
export const removeTopicRecord = metadataRecordType(9, 'RemoveTopicRecord', '0', {
  topicId: uuid(),
});

export interface RemoveTopicRecord extends DecodedMessage<typeof removeTopicRecord.message> {}
export interface RemoveTopicRecordInput extends EncodableMessage<typeof removeTopicRecord.message> {}
