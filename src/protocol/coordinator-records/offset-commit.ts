import { type DecodedMessage, int32, int64, message, safeInt64, string, uuid } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * An offset that a group has committed; without a value it was deleted. Version 1 alone has an expiry time. From 4 the
 * record is flexible and only gains tagged fields (KIP-915), first the topic id.
 */
export const offsetCommit = coordinatorRecordType(
  1,
  'OffsetCommit',
  message('OffsetCommitKey', '0', 'none', {
    group: string(),
    topic: string(),
    partition: int32(),
  }),
  message('OffsetCommitValue', '0-4', '4+', {
    offset: int64(),
    leaderEpoch: int32('3+', { default: -1, ignorable: true }),
    metadata: string(),
    commitTimestamp: safeInt64(),
    expireTimestamp: safeInt64('1', { default: -1, ignorable: true }),
    topicId: uuid('4+', { ignorable: true, tag: 0 }),
  }),
);

export interface OffsetCommitKey extends DecodedMessage<typeof offsetCommit.key> {}
export interface OffsetCommitValue extends DecodedMessage<typeof offsetCommit.value> {}
