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
  records,
  safeInt64,
  string,
  struct,
  uuid,
} from '../schema.js';

/**
 * Reads record batches: consumers from any in-sync replica, followers from the leader, and raft observers and voters
 * from the metadata log.
 * Version 7 adds incremental sessions (KIP-227), 9 fencing by leader epoch (KIP-320), 10 zstd (KIP-110), 11 fetching
 * from the closest replica (KIP-392). 12 answers a diverging lastFetchedEpoch with where to truncate, and names the
 * leader (KIP-595). 13 has topic ids in place of names (KIP-516), 15 a replica epoch (KIP-903), 16 node endpoints
 * (KIP-951), 17 the replica's directory id (KIP-853), 18 the high watermark that the replica knows (KIP-1166).
 */
export const fetch = api({
  key: 1,
  name: 'Fetch',
  listeners: ['broker', 'controller'],
  request: message('FetchRequest', '4-18', '12+', {
    clusterId: string('12+', { nullable: '0+', default: null, ignorable: true, tag: 0 }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      {
        replicaId: int32('0+', { default: -1 }),
        replicaEpoch: safeInt64('0+', { default: -1 }),
      },
      '15+',
      { tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('0+', { default: 0x7fffffff }),
    isolationLevel: int8('0+', { default: 0 }),
    sessionId: int32('7+', { ignorable: true }),
    sessionEpoch: int32('7+', { default: -1, ignorable: true }),
    topics: array({
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32('9+', { default: -1, ignorable: true }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid('17+', { ignorable: true, tag: 0 }),
        highWatermark: int64('18+', { default: 9_223_372_036_854_775_807n, ignorable: true, tag: 1 }),
      }),
    }),
    forgottenTopicsData: array(
      {
        topic: string('7-12', { ignorable: true }),
        topicId: uuid('13+', { ignorable: true }),
        partitions: array(int32()),
      },
      '7+',
    ),
    rackId: string('11+', { ignorable: true }),
  }),
  response: message('FetchResponse', '4-18', '12+', {
    throttleTimeMs: int32(),
    errorCode: int16('7+', { ignorable: true }),
    sessionId: int32('7+'),
    responses: array({
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64('0+', { default: -1n }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        divergingEpoch: struct(
          {
            epoch: int32('0+', { default: -1 }),
            endOffset: int64('0+', { default: -1n }),
          },
          '12+',
          { tag: 0 },
        ),
        currentLeader: struct(
          {
            leaderId: int32('0+', { default: -1 }),
            leaderEpoch: int32('0+', { default: -1 }),
          },
          '12+',
          { tag: 1 },
        ),
        snapshotId: struct(
          {
            endOffset: int64('0+', { default: -1n }),
            epoch: int32('0+', { default: -1 }),
          },
          '12+',
          { tag: 2 },
        ),
        abortedTransactions: array(
          {
            producerId: int64(),
            firstOffset: int64(),
          },
          '0+',
          { nullable: '0+' },
        ),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string('0+', { nullable: '0+', default: null }),
      },
      '16+',
      { tag: 0 },
    ),
  }),
});

export interface FetchRequest extends DecodedMessage<typeof fetch.request> {}
export interface FetchRequestInput extends EncodableMessage<typeof fetch.request> {}
export interface FetchResponse extends DecodedMessage<typeof fetch.response> {}
export interface FetchResponseInput extends EncodableMessage<typeof fetch.response> {}
