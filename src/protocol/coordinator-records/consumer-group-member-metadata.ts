import { array, bytes, type DecodedMessage, int32, message, string, struct } from '../schema.js';
import { coordinatorRecordType } from './coordinator-record-type.js';

/**
 * A member of a consumer group and its subscription (KIP-848).
 */
export const consumerGroupMemberMetadata = coordinatorRecordType(
  5,
  'ConsumerGroupMemberMetadata',
  message('ConsumerGroupMemberMetadataKey', '0', 'none', {
    groupId: string(),
    memberId: string(),
  }),
  message('ConsumerGroupMemberMetadataValue', '0', '0+', {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct(
      {
        sessionTimeoutMs: int32(),
        supportedProtocols: array({
          name: string(),
          metadata: bytes(),
        }),
      },
      '0+',
      { nullable: '0+', tag: 0 },
    ),
  }),
);

export interface ConsumerGroupMemberMetadataKey extends DecodedMessage<typeof consumerGroupMemberMetadata.key> {}
export interface ConsumerGroupMemberMetadataValue extends DecodedMessage<typeof consumerGroupMemberMetadata.value> {}
