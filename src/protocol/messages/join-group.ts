import { api, array, bool, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Joins a classic group and waits for the others: the leader gets every member's metadata and assigns.
 * From version 4 a new member is first given its id by MEMBER_ID_REQUIRED and joins again with it (KIP-394). 5 adds
 * static membership (KIP-345), 7 the protocol type in the response (KIP-559), 8 the reason (KIP-800). 9 tells a static
 * leader that returns to keep the assignment (KIP-814).
 */
export const joinGroup = api({
  key: 11,
  name: 'JoinGroup',
  listeners: ['broker'],
  request: message('JoinGroupRequest', '0-9', '6+', {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32('1+', { default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string('5+', { nullable: '0+', default: null }),
    protocolType: string(),
    protocols: array({
      name: string(),
      metadata: bytes(),
    }),
    reason: string('8+', { nullable: '0+', default: null, ignorable: true }),
  }),
  response: message('JoinGroupResponse', '0-9', '6+', {
    throttleTimeMs: int32('2+', { ignorable: true }),
    errorCode: int16(),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '0+', default: null, ignorable: true }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string(),
    skipAssignment: bool('9+'),
    memberId: string(),
    members: array({
      memberId: string(),
      groupInstanceId: string('5+', { nullable: '0+', default: null, ignorable: true }),
      metadata: bytes(),
    }),
  }),
});

export interface JoinGroupRequest extends DecodedMessage<typeof joinGroup.request> {}
export interface JoinGroupRequestInput extends EncodableMessage<typeof joinGroup.request> {}
export interface JoinGroupResponse extends DecodedMessage<typeof joinGroup.response> {}
export interface JoinGroupResponseInput extends EncodableMessage<typeof joinGroup.response> {}
