import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Commits a group's offsets inside a transaction. Version 3 fences by group membership (KIP-447). From 5 it also adds
 * the group to the transaction (KIP-890).
 */
export const txnOffsetCommit = api({
  key: 28,
  name: 'TxnOffsetCommit',
  listeners: ['broker'],
  request: message('TxnOffsetCommitRequest', '0-5', '3+', {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+'),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  }),
  response: message('TxnOffsetCommitResponse', '0-5', '3+', {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
});

export interface TxnOffsetCommitRequest extends DecodedMessage<typeof txnOffsetCommit.request> {}
export interface TxnOffsetCommitRequestInput extends EncodableMessage<typeof txnOffsetCommit.request> {}
export interface TxnOffsetCommitResponse extends DecodedMessage<typeof txnOffsetCommit.response> {}
export interface TxnOffsetCommitResponseInput extends EncodableMessage<typeof txnOffsetCommit.response> {}
