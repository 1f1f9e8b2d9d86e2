import { array, type DecodedMessage, type EncodableMessage, int8, int32, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A partition was created, or in a snapshot its whole state. Version 1 adds directories (KIP-858), 2 eligible leader
 * replicas (KIP-966).
 */
export const partitionRecord = metadataRecordType(3, 'PartitionRecord', '0-2', {
  partitionId: int32('0+', { default: -1 }),
  topicId: uuid(),
  replicas: array(int32()),
  isr: array(int32()),
  removingReplicas: array(int32()),
  addingReplicas: array(int32()),
  leader: int32('0+', { default: -1 }),
  leaderRecoveryState: int8('0+', { tag: 0 }),
  leaderEpoch: int32('0+', { default: -1 }),
  partitionEpoch: int32('0+', { default: -1 }),
  directories: array(uuid(), '1+'),
  eligibleLeaderReplicas: array(int32(), '2+', { nullable: '0+', default: null, tag: 1 }),
  lastKnownElr: array(int32(), '2+', { nullable: '0+', default: null, tag: 2 }),
});

export interface PartitionRecord extends DecodedMessage<typeof partitionRecord.message> {}
export interface PartitionRecordInput extends EncodableMessage<typeof partitionRecord.message> {}
