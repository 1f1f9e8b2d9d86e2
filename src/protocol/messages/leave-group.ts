import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Leaves a classic group. Up to version 2 the member itself; from 3 several members at once, also by instance id
 * (KIP-345). 5 adds the reason (KIP-800).
 */
export const leaveGroup = api({
  key: 13,
  name: 'LeaveGroup',
  listeners: ['broker'],
  request: message('LeaveGroupRequest', '0-5', '4+', {
    groupId: string(),
    memberId: string('0-2'),
    members: array(
      {
        memberId: string(),
        groupInstanceId: string('0+', { nullable: '0+', default: null }),
        reason: string('5+', { nullable: '0+', default: null, ignorable: true }),
      },
      '3+',
    ),
  }),
  response: message('LeaveGroupResponse', '0-5', '4+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    members: array(
      {
        memberId: string(),
        groupInstanceId: string('0+', { nullable: '0+' }),
        errorCode: int16(),
      },
      '3+',
    ),
  }),
});

export interface LeaveGroupRequest extends DecodedMessage<typeof leaveGroup.request> {}
export interface LeaveGroupRequestInput extends EncodableMessage<typeof leaveGroup.request> {}
export interface LeaveGroupResponse extends DecodedMessage<typeof leaveGroup.response> {}
export interface LeaveGroupResponseInput extends EncodableMessage<typeof leaveGroup.response> {}
