import { type DecodedMessage, type EncodableMessage, string, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A topic was created; its partitions follow as PartitionRecords.
 */
export const topicRecord = metadataRecordType(2, 'TopicRecord', '0', {
  name: string(),
  topicId: uuid(),
});

export interface TopicRecord extends DecodedMessage<typeof topicRecord.message> {}
export interface TopicRecordInput extends EncodableMessage<typeof topicRecord.message> {}
