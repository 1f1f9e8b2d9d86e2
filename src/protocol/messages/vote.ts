import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  string,
  uint16,
  uuid,
} from '../schema.js';

/**
 * A candidate asks a voter of the quorum for its vote (KIP-595). Version 1 adds directory ids (KIP-853), 2 the pre-
 * vote (KIP-996).
 */
export const vote = api({
  key: 52,
  name: 'Vote',
  listeners: ['controller'],
  request: message('VoteRequest', '0-2', '0+', {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        replicaEpoch: int32(),
        replicaId: int32(),
        replicaDirectoryId: uuid('1+', { ignorable: true }),
        voterDirectoryId: uuid('1+', { ignorable: true }),
        lastOffsetEpoch: int32(),
        lastOffset: int64(),
        preVote: bool('2+'),
      }),
    }),
  }),
  response: message('VoteResponse', '0-2', '0+', {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        voteGranted: bool(),
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

export interface VoteRequest extends DecodedMessage<typeof vote.request> {}
export interface VoteRequestInput extends EncodableMessage<typeof vote.request> {}
export interface VoteResponse extends DecodedMessage<typeof vote.response> {}
export interface VoteResponseInput extends EncodableMessage<typeof vote.response> {}
