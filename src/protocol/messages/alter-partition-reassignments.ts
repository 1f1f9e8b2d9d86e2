import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Starts reassignments of replicas; null replicas cancel one (KIP-455). Version 1 can forbid a change of the
 * replication factor (KIP-860).
 */
export const alterPartitionReassignments = api({
  key: 45,
  name: 'AlterPartitionReassignments',
  listeners: ['broker', 'controller'],
  request: message('AlterPartitionReassignmentsRequest', '0-1', '0+', {
    timeoutMs: int32('0+', { default: 60000 }),
    allowReplicationFactorChange: bool('1+', { default: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32(), '0+', { nullable: '0+', default: null }),
      }),
    }),
  }),
  response: message('AlterPartitionReassignmentsResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool('1+', { default: true, ignorable: true }),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    responses: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  }),
});

export interface AlterPartitionReassignmentsRequest extends DecodedMessage<typeof alterPartitionReassignments.request> {}
export interface AlterPartitionReassignmentsRequestInput extends EncodableMessage<typeof alterPartitionReassignments.request> {}
export interface AlterPartitionReassignmentsResponse extends DecodedMessage<typeof alterPartitionReassignments.response> {}
export interface AlterPartitionReassignmentsResponseInput extends EncodableMessage<typeof alterPartitionReassignments.response> {}
