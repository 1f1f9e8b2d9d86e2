import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uuid } from '../schema.js';

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
};

/**
 * The one request of a new consumer group's member: joins, keeps the session, acknowledges the assignment and leaves
 * (KIP-848). Null fields mean unchanged. From version 1 the member makes its own id (KIP-1082) and may subscribe by a
 * pattern.
 */
export const consumerGroupHeartbeat = api({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  listeners: ['broker'],
  request: message('ConsumerGroupHeartbeatRequest', '0-1', '0+', {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    subscribedTopicNames: array(string(), '0+', { nullable: '0+', default: null }),
    subscribedTopicRegex: string('1+', { nullable: '0+', default: null }),
    serverAssignor: string('0+', { nullable: '0+', default: null }),
    topicPartitions: array(
      {
        topicId: uuid(),
        partitions: array(int32()),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
  response: message('ConsumerGroupHeartbeatResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+', default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array(topicPartitions),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
});

export interface ConsumerGroupHeartbeatRequest extends DecodedMessage<typeof consumerGroupHeartbeat.request> {}
export interface ConsumerGroupHeartbeatRequestInput extends EncodableMessage<typeof consumerGroupHeartbeat.request> {}
export interface ConsumerGroupHeartbeatResponse extends DecodedMessage<typeof consumerGroupHeartbeat.response> {}
export interface ConsumerGroupHeartbeatResponseInput extends EncodableMessage<typeof consumerGroupHeartbeat.response> {}
