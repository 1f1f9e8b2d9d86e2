import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Where a leader epoch ends in the leader's log: what followers and consumers truncate by (KIP-101, KIP-279). Version
 * 2 adds fencing by leader epoch (KIP-320), 3 the replica id, -2 being a consumer that may see past the high
 * watermark.
 */
export const offsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  listeners: ['broker'],
  request: message('OffsetForLeaderEpochRequest', '2-4', '4+', {
    replicaId: int32('3+', { default: -2, ignorable: true }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32('0+', { default: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  }),
  response: message('OffsetForLeaderEpochResponse', '2-4', '4+', {
    throttleTimeMs: int32(),
    topics: array({
      topic: string(),
      partitions: array({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32('0+', { default: -1 }),
        endOffset: int64('0+', { default: -1n }),
      }),
    }),
  }),
});

export interface OffsetForLeaderEpochRequest extends DecodedMessage<typeof offsetForLeaderEpoch.request> {}
export interface OffsetForLeaderEpochRequestInput extends EncodableMessage<typeof offsetForLeaderEpoch.request> {}
export interface OffsetForLeaderEpochResponse extends DecodedMessage<typeof offsetForLeaderEpoch.response> {}
export interface OffsetForLeaderEpochResponseInput extends EncodableMessage<typeof offsetForLeaderEpoch.response> {}
