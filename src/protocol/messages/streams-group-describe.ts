import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uint16,
} from '../schema.js';

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

const assignment = {
  activeTasks: array(taskIds),
  standbyTasks: array(taskIds),
  warmupTasks: array(taskIds),
};

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

/**
 * State, topology and members of streams groups (KIP-1071).
 */
export const streamsGroupDescribe = api({
  key: 89,
  name: 'StreamsGroupDescribe',
  listeners: ['broker'],
  request: message('StreamsGroupDescribeRequest', '0', '0+', {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  }),
  response: message('StreamsGroupDescribeResponse', '0', '0+', {
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      topology: struct(
        {
          epoch: int32(),
          subtopologies: array(
            {
              subtopologyId: string(),
              sourceTopics: array(string()),
              repartitionSinkTopics: array(string()),
              stateChangelogTopics: array(topicInfo),
              repartitionSourceTopics: array(topicInfo),
            },
            '0+',
            { nullable: '0+', default: null },
          ),
        },
        '0+',
        { nullable: '0+', default: null },
      ),
      members: array({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string('0+', { nullable: '0+', default: null }),
        rackId: string('0+', { nullable: '0+', default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(endpoint, '0+', { nullable: '0+', default: null }),
        clientTags: array(keyValue),
        taskOffsets: array(taskOffset),
        taskEndOffsets: array(taskOffset),
        assignment: struct(assignment),
        targetAssignment: struct(assignment),
        isClassic: bool(),
      }),
      authorizedOperations: int32('0+', { default: -2_147_483_648 }),
    }),
  }),
});

export interface StreamsGroupDescribeRequest extends DecodedMessage<typeof streamsGroupDescribe.request> {}
export interface StreamsGroupDescribeRequestInput extends EncodableMessage<typeof streamsGroupDescribe.request> {}
export interface StreamsGroupDescribeResponse extends DecodedMessage<typeof streamsGroupDescribe.response> {}
export interface StreamsGroupDescribeResponseInput extends EncodableMessage<typeof streamsGroupDescribe.response> {}
