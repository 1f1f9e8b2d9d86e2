import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uint16, uuid } from '../schema.js';

/**
 * A leader of the quorum resigns and names its preferred successors, best first (KIP-595). Up to version 0 these are
 * ids in preferredSuccessors, from 1 preferredCandidates with directory ids (KIP-853).
 */
export const endQuorumEpoch = api({
  key: 54,
  name: 'EndQuorumEpoch',
  listeners: ['controller'],
  request: message('EndQuorumEpochRequest', '0-1', '1+', {
    clusterId: string('0+', { nullable: '0+', default: null }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredSuccessors: array(int32(), '0', { ignorable: true }),
        preferredCandidates: array(
          {
            candidateId: int32(),
            candidateDirectoryId: uuid(),
          },
          '1+',
          { ignorable: true },
        ),
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
  response: message('EndQuorumEpochResponse', '0-1', '1+', {
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

export interface EndQuorumEpochRequest extends DecodedMessage<typeof endQuorumEpoch.request> {}
export interface EndQuorumEpochRequestInput extends EncodableMessage<typeof endQuorumEpoch.request> {}
export interface EndQuorumEpochResponse extends DecodedMessage<typeof endQuorumEpoch.response> {}
export interface EndQuorumEpochResponseInput extends EncodableMessage<typeof endQuorumEpoch.response> {}
