import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Cluster id, controller and brokers (KIP-700). The controllerId is any live broker under KRaft. Version 1 can ask a
 * controller for the controllers (KIP-919), 2 can include fenced brokers (KIP-1073).
 */
export const describeCluster = api({
  key: 60,
  name: 'DescribeCluster',
  listeners: ['broker', 'controller'],
  request: message('DescribeClusterRequest', '0-2', '0+', {
    includeClusterAuthorizedOperations: bool(),
    endpointType: int8('1+', { default: 1 }),
    includeFencedBrokers: bool('2+'),
  }),
  response: message('DescribeClusterResponse', '0-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    endpointType: int8('1+', { default: 1 }),
    clusterId: string(),
    controllerId: int32('0+', { default: -1 }),
    brokers: array({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string('0+', { nullable: '0+', default: null }),
      isFenced: bool('2+'),
    }),
    clusterAuthorizedOperations: int32('0+', { default: -2_147_483_648 }),
  }),
});

export interface DescribeClusterRequest extends DecodedMessage<typeof describeCluster.request> {}
export interface DescribeClusterRequestInput extends EncodableMessage<typeof describeCluster.request> {}
export interface DescribeClusterResponse extends DecodedMessage<typeof describeCluster.response> {}
export interface DescribeClusterResponseInput extends EncodableMessage<typeof describeCluster.response> {}
