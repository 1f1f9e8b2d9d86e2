import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uuid } from '../schema.js';

/**
 * Topics with their partitions, page by page, with the eligible leader replicas (KIP-966).
 */
export const describeTopicPartitions = api({
  key: 75,
  name: 'DescribeTopicPartitions',
  listeners: ['broker'],
  request: message('DescribeTopicPartitionsRequest', '0', '0+', {
    topics: array({
      name: string(),
    }),
    responsePartitionLimit: int32('0+', { default: 2000 }),
    cursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
  response: message('DescribeTopicPartitionsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    topics: array({
      errorCode: int16(),
      name: string('0+', { nullable: '0+' }),
      topicId: uuid(),
      isInternal: bool('0+', { default: false }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('0+', { default: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        eligibleLeaderReplicas: array(int32(), '0+', { nullable: '0+', default: null }),
        lastKnownElr: array(int32(), '0+', { nullable: '0+', default: null }),
        offlineReplicas: array(int32()),
      }),
      topicAuthorizedOperations: int32('0+', { default: -2_147_483_648 }),
    }),
    nextCursor: struct(
      {
        topicName: string(),
        partitionIndex: int32(),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
});

export interface DescribeTopicPartitionsRequest extends DecodedMessage<typeof describeTopicPartitions.request> {}
export interface DescribeTopicPartitionsRequestInput extends EncodableMessage<typeof describeTopicPartitions.request> {}
export interface DescribeTopicPartitionsResponse extends DecodedMessage<typeof describeTopicPartitions.response> {}
export interface DescribeTopicPartitionsResponseInput extends EncodableMessage<typeof describeTopicPartitions.response> {}
