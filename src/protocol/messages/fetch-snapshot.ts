import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  records,
  safeInt64,
  string,
  struct,
  uint16,
  uuid,
} from '../schema.js';

/**
 * Reads a piece of a metadata snapshot (KIP-630). Version 1 adds directory ids and endpoints (KIP-853).
 */
export const fetchSnapshot = api({
  key: 59,
  name: 'FetchSnapshot',
  listeners: ['controller'],
  request: message('FetchSnapshotRequest', '0-1', '0+', {
    clusterId: string('0+', { nullable: '0+', default: null, tag: 0 }),
    replicaId: int32('0+', { default: -1 }),
    maxBytes: int32('0+', { default: 0x7fffffff }),
    topics: array({
      name: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32(),
        snapshotId: struct({
          endOffset: int64(),
          epoch: int32(),
        }),
        position: safeInt64(),
        replicaDirectoryId: uuid('1+', { ignorable: true, tag: 0 }),
      }),
    }),
  }),
  response: message('FetchSnapshotResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        snapshotId: struct({
          endOffset: int64(),
          epoch: int32(),
        }),
        currentLeader: struct(
          {
            leaderId: int32(),
            leaderEpoch: int32(),
          },
          '0+',
          { tag: 0 },
        ),
        size: safeInt64(),
        position: safeInt64(),
        unalignedRecords: records(),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: uint16(),
      },
      '1+',
      { tag: 0 },
    ),
  }),
});

export interface FetchSnapshotRequest extends DecodedMessage<typeof fetchSnapshot.request> {}
export interface FetchSnapshotRequestInput extends EncodableMessage<typeof fetchSnapshot.request> {}
export interface FetchSnapshotResponse extends DecodedMessage<typeof fetchSnapshot.response> {}
export interface FetchSnapshotResponseInput extends EncodableMessage<typeof fetchSnapshot.response> {}
