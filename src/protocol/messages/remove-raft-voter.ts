import { api, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Removes a voter from the quorum (KIP-853).
 */
export const removeRaftVoter = api({
  key: 81,
  name: 'RemoveRaftVoter',
  listeners: ['controller', 'broker'],
  request: message('RemoveRaftVoterRequest', '0', '0+', {
    clusterId: string('0+', { nullable: '0+' }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  }),
  response: message('RemoveRaftVoterResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
  }),
});

export interface RemoveRaftVoterRequest extends DecodedMessage<typeof removeRaftVoter.request> {}
export interface RemoveRaftVoterRequestInput extends EncodableMessage<typeof removeRaftVoter.request> {}
export interface RemoveRaftVoterResponse extends DecodedMessage<typeof removeRaftVoter.response> {}
export interface RemoveRaftVoterResponseInput extends EncodableMessage<typeof removeRaftVoter.response> {}
