import { type DecodedMessage, int32, int64, message, string } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * A consumer group and its epoch (KIP-848). The hash tells when subscribed topics changed (KIP-1101).
 */
export const consumerGroupMetadata = coordinatorRecordType(
  3,
  'ConsumerGroupMetadata',
  message('ConsumerGroupMetadataKey', '0', 'none', {
    groupId: string(),
  }),
  message('ConsumerGroupMetadataValue', '0', '0+', {
    epoch: int32(),
    metadataHash: int64('0+', { tag: 0 }),
  }),
);

export interface ConsumerGroupMetadataKey extends DecodedMessage<typeof consumerGroupMetadata.key> {}
export interface ConsumerGroupMetadataValue extends DecodedMessage<typeof consumerGroupMetadata.value> {}
