import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Reassignments that are under way; null topics ask for all (KIP-455).
 */
export const listPartitionReassignments = api({
  key: 46,
  name: 'ListPartitionReassignments',
  listeners: ['broker', 'controller'],
  request: message('ListPartitionReassignmentsRequest', '0', '0+', {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: array(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  }),
  response: message('ListPartitionReassignmentsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32()),
        addingReplicas: array(int32()),
        removingReplicas: array(int32()),
      }),
    }),
  }),
});

export interface ListPartitionReassignmentsRequest extends DecodedMessage<typeof listPartitionReassignments.request> {}
export interface ListPartitionReassignmentsRequestInput extends EncodableMessage<typeof listPartitionReassignments.request> {}
export interface ListPartitionReassignmentsResponse extends DecodedMessage<typeof listPartitionReassignments.response> {}
export interface ListPartitionReassignmentsResponseInput extends EncodableMessage<typeof listPartitionReassignments.response> {}
