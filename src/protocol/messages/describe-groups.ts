import { api, array, bool, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * State and members of classic groups. Version 3 adds authorized operations (KIP-430), 4 instance ids (KIP-345). From
 * 6 a group that is not there is GROUP_ID_NOT_FOUND (KIP-1043); before, it is Dead.
 */
export const describeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  listeners: ['broker'],
  request: message('DescribeGroupsRequest', '0-6', '5+', {
    groups: array(string()),
    includeAuthorizedOperations: bool('3+'),
  }),
  response: message('DescribeGroupsResponse', '0-6', '5+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    groups: array({
      errorCode: int16(),
      errorMessage: string('6+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array({
        memberId: string(),
        groupInstanceId: string('4+', { nullable: '0+', default: null, ignorable: true }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32('3+', { default: -2_147_483_648 }),
    }),
  }),
});

export interface DescribeGroupsRequest extends DecodedMessage<typeof describeGroups.request> {}
export interface DescribeGroupsRequestInput extends EncodableMessage<typeof describeGroups.request> {}
export interface DescribeGroupsResponse extends DecodedMessage<typeof describeGroups.response> {}
export interface DescribeGroupsResponseInput extends EncodableMessage<typeof describeGroups.response> {}
