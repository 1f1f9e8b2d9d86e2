import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Brokers, topics, and who leads and replicates each partition. Null topics, and in version 0 an empty list, ask for
 * all.
 * Version 4 can forbid auto-creation, 7 adds the leader epoch, 8 authorized operations (KIP-430), 10 topic ids, 12
 * look-up by topic id (KIP-516). From 11 the cluster's authorized operations are DescribeCluster's (KIP-700). 13 has
 * an error of the whole request.
 */
export const metadata = api({
  key: 3,
  name: 'Metadata',
  listeners: ['broker'],
  request: message('MetadataRequest', '0-13', '9+', {
    topics: array(
      {
        topicId: uuid('10+', { ignorable: true }),
        name: string('0+', { nullable: '10+' }),
      },
      '0+',
      { nullable: '1+' },
    ),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  }),
  response: message('MetadataResponse', '0-13', '9+', {
    throttleTimeMs: int32('3+', { ignorable: true }),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string('1+', { nullable: '0+', default: null, ignorable: true }),
    }),
    clusterId: string('2+', { nullable: '0+', default: null, ignorable: true }),
    controllerId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      errorCode: int16(),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+', { ignorable: true }),
      isInternal: bool('1+', { ignorable: true }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('7+', { default: -1, ignorable: true }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), '5+', { ignorable: true }),
      }),
      topicAuthorizedOperations: int32('8+', { default: -2_147_483_648 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2_147_483_648 }),
    errorCode: int16('13+', { ignorable: true }),
  }),
});

export interface MetadataRequest extends DecodedMessage<typeof metadata.request> {}
export interface MetadataRequestInput extends EncodableMessage<typeof metadata.request> {}
export interface MetadataResponse extends DecodedMessage<typeof metadata.response> {}
export interface MetadataResponseInput extends EncodableMessage<typeof metadata.response> {}
