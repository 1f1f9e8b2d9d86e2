import { configRecord } from '../../../protocol/metadata-records/config-record.js';
import { featureLevelRecord } from '../../../protocol/metadata-records/feature-level-record.js';
import { type MetadataRecord, metadataRecord } from '../../../protocol/metadata-records/metadata-record.js';
import { partitionRecord } from '../../../protocol/metadata-records/partition-record.js';
import { producerIdsRecord } from '../../../protocol/metadata-records/producer-ids-record.js';
import { registerBrokerRecord } from '../../../protocol/metadata-records/register-broker-record.js';
import { registerControllerRecord } from '../../../protocol/metadata-records/register-controller-record.js';
import { topicRecord } from '../../../protocol/metadata-records/topic-record.js';
import type { BrokerImage, ControllerImage, MetadataImage, PartitionImage, TopicImage } from '../image.js';

/**
 * The records that make this image anew, one at a time, in Kafka's order: features before all that depends on them. What the image is now
 * is held at the call (its containers are copied, which is quick; the values in them never change), so that the records can be taken in
 * pieces while the image goes on. Source: MetadataImage.write.
 */
export function recordsOf(image: MetadataImage): Iterable<MetadataRecord> {
  const features = [...image.features];
  const brokers = [...image.brokers.values()];
  const controllers = [...image.controllers.values()];
  const topics = [...image.topics.byId.values()].map((topic): TopicImage => ({ ...topic, partitions: [...topic.partitions] }));
  const configs = [...image.configs.all()].map((config) => ({ ...config, settings: [...config.settings] }));
  const { nextProducerId } = image;

  function* records(): Generator<MetadataRecord> {
    for (const [name, featureLevel] of features) yield metadataRecord(featureLevelRecord, { name, featureLevel });
    for (const broker of brokers) yield brokerRecord(broker);
    for (const controller of controllers) yield controllerRecord(controller);
    for (const { id, name, partitions } of topics) {
      yield metadataRecord(topicRecord, { name, topicId: id });
      for (const [partitionId, partition] of partitions.entries()) yield partitionRecordOf(id, partitionId, partition);
    }
    for (const { resourceType, resourceName, settings } of configs) {
      for (const [name, value] of settings) yield metadataRecord(configRecord, { resourceType, resourceName, name, value });
    }
    if (nextProducerId > 0n) yield metadataRecord(producerIdsRecord, { brokerId: -1, brokerEpoch: -1, nextProducerId });
  }
  return records();
}

const brokerRecord = (broker: BrokerImage): MetadataRecord =>
  metadataRecord(registerBrokerRecord, {
    brokerId: broker.id,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.epoch,
    endPoints: broker.endPoints,
    features: broker.features,
    rack: broker.rack,
    fenced: broker.isFenced,
    inControlledShutdown: broker.isInControlledShutdown,
    logDirs: broker.logDirectories,
  });

const controllerRecord = ({ id, incarnationId, endPoints, features }: ControllerImage): MetadataRecord =>
  metadataRecord(registerControllerRecord, { controllerId: id, incarnationId, zkMigrationReady: false, endPoints, features });

const partitionRecordOf = (topicId: string, partitionId: number, partition: PartitionImage): MetadataRecord =>
  metadataRecord(partitionRecord, {
    partitionId,
    topicId,
    replicas: partition.replicas,
    isr: partition.isr,
    removingReplicas: partition.removingReplicas,
    addingReplicas: partition.addingReplicas,
    leader: partition.leader,
    leaderRecoveryState: partition.leaderRecoveryState,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    directories: partition.directories,
    eligibleLeaderReplicas: partition.elr.length > 0 ? partition.elr : null,
    lastKnownElr: partition.lastKnownElr.length > 0 ? partition.lastKnownElr : null,
  });
