import { array, type DecodedMessage, int8, int32, message, string, uuid } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), '0+', { nullable: '0+', tag: 0 }),
};

/**
 * What a member of a consumer group holds, and what it still has to give up (KIP-848).
 */
export const consumerGroupCurrentMemberAssignment = coordinatorRecordType(
  8,
  'ConsumerGroupCurrentMemberAssignment',
  message('ConsumerGroupCurrentMemberAssignmentKey', '0', 'none', {
    groupId: string(),
    memberId: string(),
  }),
  message('ConsumerGroupCurrentMemberAssignmentValue', '0', '0+', {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array(topicPartitions),
    partitionsPendingRevocation: array(topicPartitions),
  }),
);

export interface ConsumerGroupCurrentMemberAssignmentKey extends DecodedMessage<typeof consumerGroupCurrentMemberAssignment.key> {}
export interface ConsumerGroupCurrentMemberAssignmentValue extends DecodedMessage<typeof consumerGroupCurrentMemberAssignment.value> {}
