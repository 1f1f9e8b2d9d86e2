import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uuid } from '../schema.js';

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
};

/**
 * Joins, keeps and leaves a share group (KIP-932). Null fields mean unchanged.
 */
export const shareGroupHeartbeat = api({
  key: 76,
  name: 'ShareGroupHeartbeat',
  listeners: ['broker'],
  request: message('ShareGroupHeartbeatRequest', '1', '0+', {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string('0+', { nullable: '0+', default: null }),
    subscribedTopicNames: array(string(), '0+', { nullable: '0+', default: null }),
  }),
  response: message('ShareGroupHeartbeatResponse', '1', '0+', {
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

export interface ShareGroupHeartbeatRequest extends DecodedMessage<typeof shareGroupHeartbeat.request> {}
export interface ShareGroupHeartbeatRequestInput extends EncodableMessage<typeof shareGroupHeartbeat.request> {}
export interface ShareGroupHeartbeatResponse extends DecodedMessage<typeof shareGroupHeartbeat.response> {}
export interface ShareGroupHeartbeatResponseInput extends EncodableMessage<typeof shareGroupHeartbeat.response> {}
