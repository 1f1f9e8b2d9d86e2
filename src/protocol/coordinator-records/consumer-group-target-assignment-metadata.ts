import { type DecodedMessage, int32, message, safeInt64, string } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * The epoch of a consumer group's target assignment (KIP-848).
 */
export const consumerGroupTargetAssignmentMetadata = coordinatorRecordType(
  6,
  'ConsumerGroupTargetAssignmentMetadata',
  message('ConsumerGroupTargetAssignmentMetadataKey', '0', 'none', {
    groupId: string(),
  }),
  message('ConsumerGroupTargetAssignmentMetadataValue', '0', '0+', {
    assignmentEpoch: int32(),
    assignmentTimestamp: safeInt64('0+', { tag: 0 }),
  }),
);

export interface ConsumerGroupTargetAssignmentMetadataKey extends DecodedMessage<typeof consumerGroupTargetAssignmentMetadata.key> {}
export interface ConsumerGroupTargetAssignmentMetadataValue extends DecodedMessage<typeof consumerGroupTargetAssignmentMetadata.value> {}
