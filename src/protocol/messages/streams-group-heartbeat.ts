import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int8,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uint16,
} from '../schema.js';

const keyValue = {
  key: string(),
  value: string(),
};

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(keyValue),
};

const endpoint = {
  host: string(),
  port: uint16(),
};

const taskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
};

const taskIds = {
  subtopologyId: string(),
  partitions: array(int32()),
};

const status = {
  statusCode: int8(),
  statusDetail: string(),
};

const topicPartition = {
  topic: string(),
  partitions: array(int32()),
};

/**
 * Joins, keeps and leaves a streams group, and brings it its topology (KIP-1071). Null fields mean unchanged.
 */
export const streamsGroupHeartbeat = api({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  listeners: ['broker'],
  request: message('StreamsGroupHeartbeatRequest', '0', '0+', {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    topology: struct(
      {
        epoch: int32(),
        subtopologies: array({
          subtopologyId: string(),
          sourceTopics: array(string()),
          sourceTopicRegex: array(string()),
          stateChangelogTopics: array(topicInfo),
          repartitionSinkTopics: array(string()),
          repartitionSourceTopics: array(topicInfo),
          copartitionGroups: array({
            sourceTopics: array(int16()),
            sourceTopicRegex: array(int16()),
            repartitionSourceTopics: array(int16()),
          }),
        }),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
    activeTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    standbyTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    warmupTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    processId: string('0+', { nullable: '0+', default: null }),
    userEndpoint: struct(endpoint, '0+', { nullable: '0+', default: null }),
    clientTags: array(keyValue, '0+', { nullable: '0+', default: null }),
    taskOffsets: array(taskOffset, '0+', { nullable: '0+', default: null }),
    taskEndOffsets: array(taskOffset, '0+', { nullable: '0+', default: null }),
    shutdownApplication: bool('0+', { default: false }),
  }),
  response: message('StreamsGroupHeartbeatResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: array(status, '0+', { nullable: '0+' }),
    activeTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    standbyTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    warmupTasks: array(taskIds, '0+', { nullable: '0+', default: null }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array(
      {
        userEndpoint: struct(endpoint),
        activePartitions: array(topicPartition),
        standbyPartitions: array(topicPartition),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
});

export interface StreamsGroupHeartbeatRequest extends DecodedMessage<typeof streamsGroupHeartbeat.request> {}
export interface StreamsGroupHeartbeatRequestInput extends EncodableMessage<typeof streamsGroupHeartbeat.request> {}
export interface StreamsGroupHeartbeatResponse extends DecodedMessage<typeof streamsGroupHeartbeat.response> {}
export interface StreamsGroupHeartbeatResponseInput extends EncodableMessage<typeof streamsGroupHeartbeat.response> {}
