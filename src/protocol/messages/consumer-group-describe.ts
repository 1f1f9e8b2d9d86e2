import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int8,
  int16,
  int32,
  message,
  string,
  struct,
  uuid,
} from '../schema.js';

const topicPartitions = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
};

const assignment = {
  topicPartitions: array(topicPartitions),
};

/**
 * State and members of new consumer groups (KIP-848). Version 1 tells each member's type (KIP-1099).
 */
export const consumerGroupDescribe = api({
  key: 69,
  name: 'ConsumerGroupDescribe',
  listeners: ['broker'],
  request: message('ConsumerGroupDescribeRequest', '0-1', '0+', {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  }),
  response: message('ConsumerGroupDescribeResponse', '0-1', '0+', {
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
        instanceId: string('0+', { nullable: '0+', default: null }),
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        subscribedTopicRegex: string('0+', { nullable: '0+', default: null }),
        assignment: struct(assignment),
        targetAssignment: struct(assignment),
        memberType: int8('1+', { default: -1, ignorable: true }),
      }),
      authorizedOperations: int32('0+', { default: -2_147_483_648 }),
    }),
  }),
});

export interface ConsumerGroupDescribeRequest extends DecodedMessage<typeof consumerGroupDescribe.request> {}
export interface ConsumerGroupDescribeRequestInput extends EncodableMessage<typeof consumerGroupDescribe.request> {}
export interface ConsumerGroupDescribeResponse extends DecodedMessage<typeof consumerGroupDescribe.response> {}
export interface ConsumerGroupDescribeResponseInput extends EncodableMessage<typeof consumerGroupDescribe.response> {}
