import type { CreateTopicsRequestInput } from '../../protocol/messages/create-topics.js';
import type { BrokerConfig } from '../config/broker-config.js';

/** Where coordinators keep groups and their offsets. */
export const OFFSETS_TOPIC = '__consumer_offsets';

/** The partition whose leader coordinates the group. Source: GroupCoordinatorService.partitionFor. */
export const offsetsPartitionOf = (groupId: string, partitionCount: number): number => absolute(javaHashCode(groupId)) % partitionCount;

/**
 * How the topic is created when it is first needed. Source: AutoTopicCreationManager, GroupCoordinatorService.groupMetadataTopicConfigs.
 */
export const offsetsTopic = (config: BrokerConfig): CreateTopicsRequestInput['topics'][number] => ({
  name: OFFSETS_TOPIC,
  numPartitions: config.value('offsets.topic.num.partitions'),
  replicationFactor: config.value('offsets.topic.replication.factor'),
  assignments: [],
  configs: [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'compression.type', value: 'producer' },
    { name: 'segment.bytes', value: String(config.value('offsets.topic.segment.bytes')) },
  ],
});

/** String.hashCode, by which all of Kafka's coordinators have placed groups. */
function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}
/** Utils.abs: the one number without a positive counterpart is 0. */
const absolute = (hash: number): number => (hash === -(2 ** 31) ? 0 : Math.abs(hash));
