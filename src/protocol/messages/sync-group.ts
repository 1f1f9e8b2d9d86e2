import { api, array, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Brings the leader's assignments of a classic group to the coordinator, and each member its own. Version 3 adds
 * static membership (KIP-345), 5 the protocol's type and name (KIP-559).
 */
export const syncGroup = api({
  key: 14,
  name: 'SyncGroup',
  listeners: ['broker'],
  request: message('SyncGroupRequest', '0-5', '4+', {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
    protocolType: string('5+', { nullable: '0+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '0+', default: null, ignorable: true }),
    assignments: array({
      memberId: string(),
      assignment: bytes(),
    }),
  }),
  response: message('SyncGroupResponse', '0-5', '4+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    protocolType: string('5+', { nullable: '0+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '0+', default: null, ignorable: true }),
    assignment: bytes(),
  }),
});

export interface SyncGroupRequest extends DecodedMessage<typeof syncGroup.request> {}
export interface SyncGroupRequestInput extends EncodableMessage<typeof syncGroup.request> {}
export interface SyncGroupResponse extends DecodedMessage<typeof syncGroup.response> {}
export interface SyncGroupResponseInput extends EncodableMessage<typeof syncGroup.response> {}
