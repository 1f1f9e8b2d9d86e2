import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uint16, uuid } from '../schema.js';

/**
 * Adds a voter to the quorum (KIP-853). Version 1 can answer before the change is committed.
 */
export const addRaftVoter = api({
  key: 80,
  name: 'AddRaftVoter',
  listeners: ['controller', 'broker'],
  request: message('AddRaftVoterRequest', '0-1', '0+', {
    clusterId: string('0+', { nullable: '0+' }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    ackWhenCommitted: bool('1+', { default: true }),
  }),
  response: message('AddRaftVoterResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
  }),
});

export interface AddRaftVoterRequest extends DecodedMessage<typeof addRaftVoter.request> {}
export interface AddRaftVoterRequestInput extends EncodableMessage<typeof addRaftVoter.request> {}
export interface AddRaftVoterResponse extends DecodedMessage<typeof addRaftVoter.response> {}
export interface AddRaftVoterResponseInput extends EncodableMessage<typeof addRaftVoter.response> {}
