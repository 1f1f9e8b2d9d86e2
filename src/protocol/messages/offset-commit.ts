import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  safeInt64,
  string,
  uuid,
} from '../schema.js';

/**
 * Commits a group's offsets.
 * Version 5 drops the retention time, which is the broker's alone; 6 adds the leader epoch (KIP-320), 7 static
 * membership (KIP-345). From 9 generationIdOrMemberEpoch may be a member epoch (KIP-848). 10 has topic ids in place of
 * names.
 */
export const offsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  listeners: ['broker'],
  request: message('OffsetCommitRequest', '2-10', '8+', {
    groupId: string(),
    generationIdOrMemberEpoch: int32('0+', { default: -1 }),
    memberId: string(),
    groupInstanceId: string('7+', { nullable: '0+', default: null }),
    retentionTimeMs: safeInt64('2-4', { default: -1, ignorable: true }),
    topics: array({
      name: string('0-9', { ignorable: true }),
      topicId: uuid('10+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('6+', { default: -1, ignorable: true }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  }),
  response: message('OffsetCommitResponse', '2-10', '8+', {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array({
      name: string('0-9', { ignorable: true }),
      topicId: uuid('10+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
});

export interface OffsetCommitRequest extends DecodedMessage<typeof offsetCommit.request> {}
export interface OffsetCommitRequestInput extends EncodableMessage<typeof offsetCommit.request> {}
export interface OffsetCommitResponse extends DecodedMessage<typeof offsetCommit.response> {}
export interface OffsetCommitResponseInput extends EncodableMessage<typeof offsetCommit.response> {}
