import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uint16, uuid } from '../schema.js';

/**
 * A voter tells the leader of the quorum its endpoints and versions (KIP-853).
 */
export const updateRaftVoter = api({
  key: 82,
  name: 'UpdateRaftVoter',
  listeners: ['controller'],
  request: message('UpdateRaftVoterRequest', '0', '0+', {
    clusterId: string('0+', { nullable: '0+' }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
  response: message('UpdateRaftVoterResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32('0+', { default: -1 }),
        leaderEpoch: int32('0+', { default: -1 }),
        host: string(),
        port: int32(),
      },
      '0+',
      { tag: 0 },
    ),
  }),
});

export interface UpdateRaftVoterRequest extends DecodedMessage<typeof updateRaftVoter.request> {}
export interface UpdateRaftVoterRequestInput extends EncodableMessage<typeof updateRaftVoter.request> {}
export interface UpdateRaftVoterResponse extends DecodedMessage<typeof updateRaftVoter.response> {}
export interface UpdateRaftVoterResponseInput extends EncodableMessage<typeof updateRaftVoter.response> {}
