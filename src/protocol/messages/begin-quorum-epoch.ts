import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uint16, uuid } from '../schema.js';

/**
 * A new leader of the quorum tells the voters so (KIP-595). Version 1 adds directory ids and endpoints (KIP-853).
 */
export const beginQuorumEpoch = api({
  key: 53,
  name: 'BeginQuorumEpoch',
  listeners: ['controller'],
  request: message('BeginQuorumEpochRequest', '0-1', '1+', {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        voterDirectoryId: uuid('1+', { ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    leaderEndpoints: array(
      {
        name: string(),
        host: string(),
        port: uint16(),
      },
      '1+',
      { ignorable: true },
    ),
  }),
  response: message('BeginQuorumEpochResponse', '0-1', '1+', {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
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

export interface BeginQuorumEpochRequest extends DecodedMessage<typeof beginQuorumEpoch.request> {}
export interface BeginQuorumEpochRequestInput extends EncodableMessage<typeof beginQuorumEpoch.request> {}
export interface BeginQuorumEpochResponse extends DecodedMessage<typeof beginQuorumEpoch.response> {}
export interface BeginQuorumEpochResponseInput extends EncodableMessage<typeof beginQuorumEpoch.response> {}
