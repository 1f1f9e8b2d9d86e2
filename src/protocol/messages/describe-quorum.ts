import {
  api,
  array,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  int64,
  message,
  safeInt64,
  string,
  uint16,
  uuid,
} from '../schema.js';

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64(),
  lastFetchTimestamp: safeInt64('1+', { default: -1, ignorable: true }),
  lastCaughtUpTimestamp: safeInt64('1+', { default: -1, ignorable: true }),
};

/**
 * Leader, voters and observers of the quorum, with how far each has come (KIP-595). Version 1 adds times (KIP-836), 2
 * directory ids, nodes and error messages (KIP-853).
 */
export const describeQuorum = api({
  key: 55,
  name: 'DescribeQuorum',
  listeners: ['broker', 'controller'],
  request: message('DescribeQuorumRequest', '0-2', '0+', {
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  }),
  response: message('DescribeQuorumResponse', '0-2', '0+', {
    errorCode: int16(),
    errorMessage: string('2+', { nullable: '0+', ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('2+', { nullable: '0+', ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array(replicaState),
        observers: array(replicaState),
      }),
    }),
    nodes: array(
      {
        nodeId: int32(),
        listeners: array({
          name: string(),
          host: string(),
          port: uint16(),
        }),
      },
      '2+',
    ),
  }),
});

export interface DescribeQuorumRequest extends DecodedMessage<typeof describeQuorum.request> {}
export interface DescribeQuorumRequestInput extends EncodableMessage<typeof describeQuorum.request> {}
export interface DescribeQuorumResponse extends DecodedMessage<typeof describeQuorum.response> {}
export interface DescribeQuorumResponseInput extends EncodableMessage<typeof describeQuorum.response> {}
