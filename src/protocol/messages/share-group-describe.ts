import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uuid } from '../schema.js';

const topicPartitions = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
};

const assignment = {
  topicPartitions: array(topicPartitions),
};

/**
 * State and members of share groups (KIP-932).
 */
export const shareGroupDescribe = api({
  key: 77,
  name: 'ShareGroupDescribe',
  listeners: ['broker'],
  request: message('ShareGroupDescribeRequest', '1', '0+', {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  }),
  response: message('ShareGroupDescribeResponse', '1', '0+', {
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array({
        memberId: string(),
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        assignment: struct(assignment),
      }),
      authorizedOperations: int32('0+', { default: -2_147_483_648 }),
    }),
  }),
});

export interface ShareGroupDescribeRequest extends DecodedMessage<typeof shareGroupDescribe.request> {}
export interface ShareGroupDescribeRequestInput extends EncodableMessage<typeof shareGroupDescribe.request> {}
export interface ShareGroupDescribeResponse extends DecodedMessage<typeof shareGroupDescribe.response> {}
export interface ShareGroupDescribeResponseInput extends EncodableMessage<typeof shareGroupDescribe.response> {}
