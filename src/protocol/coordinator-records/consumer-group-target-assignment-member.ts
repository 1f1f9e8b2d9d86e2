import { array, type DecodedMessage, int32, message, string, uuid } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * What the target assignment gives to a member (KIP-848).
 */
export const consumerGroupTargetAssignmentMember = coordinatorRecordType(
  7,
  'ConsumerGroupTargetAssignmentMember',
  message('ConsumerGroupTargetAssignmentMemberKey', '0', 'none', {
    groupId: string(),
    memberId: string(),
  }),
  message('ConsumerGroupTargetAssignmentMemberValue', '0', '0+', {
    topicPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  }),
);

export interface ConsumerGroupTargetAssignmentMemberKey extends DecodedMessage<typeof consumerGroupTargetAssignmentMember.key> {}
export interface ConsumerGroupTargetAssignmentMemberValue extends DecodedMessage<typeof consumerGroupTargetAssignmentMember.value> {}
