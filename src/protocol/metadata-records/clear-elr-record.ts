import { type DecodedMessage, type EncodableMessage, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * Clears the eligible leader replicas of a topic, or with an empty name of all (KIP-966).
 */
export const clearElrRecord = metadataRecordType(28, 'ClearElrRecord', '0', {
  topicName: string(),
});

export interface ClearElrRecord extends DecodedMessage<typeof clearElrRecord.message> {}
export interface ClearElrRecordInput extends EncodableMessage<typeof clearElrRecord.message> {}
