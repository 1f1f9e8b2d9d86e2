import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int8,
  int16,
  int32,
  int64,
  message,
  safeInt64,
  string,
} from '../schema.js';

/**
 * Finds one offset in each partition, by timestamp or by one of the special timestamps below 0.
 * -1 is the latest, -2 the earliest, -3 the greatest timestamp (version 7, KIP-734), -4 the earliest local (8,
 * KIP-405), -5 the latest tiered (9, KIP-1005), -6 the earliest that waits for upload (11, KIP-1023). Version 2 adds
 * the isolation level, 4 fencing by leader epoch (KIP-320), 5 OFFSET_NOT_AVAILABLE after a failover (KIP-207), 10 a
 * timeout for look-ups in remote storage (KIP-1075).
 */
export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  listeners: ['broker'],
  request: message('ListOffsetsRequest', '1-11', '6+', {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
        timestamp: safeInt64(),
      }),
    }),
    timeoutMs: int32('10+', { ignorable: true }),
  }),
  response: message('ListOffsetsResponse', '1-11', '6+', {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: safeInt64('0+', { default: -1 }),
        offset: int64('0+', { default: -1n }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  }),
});

export interface ListOffsetsRequest extends DecodedMessage<typeof listOffsets.request> {}
export interface ListOffsetsRequestInput extends EncodableMessage<typeof listOffsets.request> {}
export interface ListOffsetsResponse extends DecodedMessage<typeof listOffsets.response> {}
export interface ListOffsetsResponseInput extends EncodableMessage<typeof listOffsets.response> {}
