import { array, type DecodedMessage, type EncodableMessage, int8, int32, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A partition changed. Fields that say nothing are at their default: null, leader -2, leaderRecoveryState -1. Leader
 * epoch and partition epoch rise by rule and are not written. Version 1 adds directories (KIP-858), 2 eligible leader
 * replicas (KIP-966).
 */
export const partitionChangeRecord = metadataRecordType(5, 'PartitionChangeRecord', '0-2', {
  partitionId: int32('0+', { default: -1 }),
  topicId: uuid(),
  isr: array(int32(), '0+', { nullable: '0+', default: null, tag: 0 }),
  leader: int32('0+', { default: -2, tag: 1 }),
  replicas: array(int32(), '0+', { nullable: '0+', default: null, tag: 2 }),
  removingReplicas: array(int32(), '0+', { nullable: '0+', default: null, tag: 3 }),
  addingReplicas: array(int32(), '0+', { nullable: '0+', default: null, tag: 4 }),
  leaderRecoveryState: int8('0+', { default: -1, tag: 5 }),
  directories: array(uuid(), '1+', { nullable: '0+', default: null, tag: 8 }),
  eligibleLeaderReplicas: array(int32(), '2+', { nullable: '0+', default: null, tag: 6 }),
  lastKnownElr: array(int32(), '2+', { nullable: '0+', default: null, tag: 7 }),
});

export interface PartitionChangeRecord extends DecodedMessage<typeof partitionChangeRecord.message> {}
export interface PartitionChangeRecordInput extends EncodableMessage<typeof partitionChangeRecord.message> {}
