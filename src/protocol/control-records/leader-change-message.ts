import { array, type DecodedMessage, type EncodableMessage, int16, int32, message, uuid } from '../schema.js';

const voter = {
  voterId: int32(),
  voterDirectoryId: uuid('1+'),
};

/**
 * Value of LEADER_CHANGE: the first record of each epoch of a raft log (KIP-595). Version 1 adds directory ids
 * (KIP-853).
 */
export const leaderChangeMessage = message('LeaderChangeMessage', '0-1', '0+', {
  version: int16(),
  leaderId: int32(),
  voters: array(voter),
  grantingVoters: array(voter),
});

export interface LeaderChangeMessage extends DecodedMessage<typeof leaderChangeMessage> {}
export interface LeaderChangeMessageInput extends EncodableMessage<typeof leaderChangeMessage> {}
