import { describe, expect, it } from 'vitest';
import { createReplayedImage } from '../../../src/broker/controller/replayed-image.js';
import { configRecord } from '../../../src/protocol/metadata-records/config-record.js';
import { featureLevelRecord } from '../../../src/protocol/metadata-records/feature-level-record.js';
import { type MetadataRecord, metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { partitionRecord } from '../../../src/protocol/metadata-records/partition-record.js';
import { producerIdsRecord } from '../../../src/protocol/metadata-records/producer-ids-record.js';
import { removeTopicRecord } from '../../../src/protocol/metadata-records/remove-topic-record.js';
import { topicRecord } from '../../../src/protocol/metadata-records/topic-record.js';
import { unregisterBrokerRecord } from '../../../src/protocol/metadata-records/unregister-broker-record.js';
import { fenced, liveBroker } from './controlled-cluster.js';

const topicId = 'topicAtopicAtopicAtopA';
const partition = (partitionId: number, leader = 1): MetadataRecord =>
  metadataRecord(partitionRecord, {
    partitionId,
    topicId,
    replicas: [1, 2],
    isr: [1, 2],
    removingReplicas: [],
    addingReplicas: [],
    leader,
    leaderEpoch: 0,
    partitionEpoch: 0,
  });

function replayAll(...records: readonly MetadataRecord[]) {
  const state = createReplayedImage();
  let offset = 10n;
  const replay = (...more: readonly MetadataRecord[]) => {
    for (const record of more) state.replay(record, offset++);
  };
  replay(...records);
  return { ...state, replay };
}

describe('replayed image', () => {
  it('holds topics with their partitions, and where the log is', () => {
    const { image } = replayAll(metadataRecord(topicRecord, { name: 'a', topicId }), partition(0), partition(1, 2));
    expect(image.topics.byName.get('a')).toBe(image.topics.byId.get(topicId));
    expect(image.topics.byName.get('a')?.partitions.map(({ leader }) => leader)).toEqual([1, 2]);
    expect(image.offset).toBe(12n);
  });

  it('replaces a partition and leaves the old one as it was', () => {
    const { image, replay } = replayAll(metadataRecord(topicRecord, { name: 'a', topicId }), partition(0));
    const before = image.topics.byName.get('a')?.partitions[0];
    replay(metadataRecord(partitionChangeRecord, { topicId, partitionId: 0, leader: 2, isr: [2] }));
    expect(before).toMatchObject({ leader: 1, isr: [1, 2], leaderEpoch: 0, partitionEpoch: 0 });
    expect(image.topics.byName.get('a')?.partitions[0]).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, partitionEpoch: 1 });
    replay(metadataRecord(partitionChangeRecord, { topicId, partitionId: 0, isr: [2, 1] }));
    expect(image.topics.byName.get('a')?.partitions[0]).toMatchObject({ leader: 2, isr: [2, 1], leaderEpoch: 1, partitionEpoch: 2 });
  });

  it('tells what changed since it was last asked', () => {
    const { replay, takeDelta } = replayAll(metadataRecord(topicRecord, { name: 'a', topicId }), partition(0), partition(1));
    expect(takeDelta().changedPartitions).toEqual(new Map([[topicId, new Set([0, 1])]]));
    replay(metadataRecord(partitionChangeRecord, { topicId, partitionId: 1, leader: 2 }), ...liveBroker(7, null));
    const setting = { resourceType: 2, resourceName: 'a', name: 'retention.ms', value: '5' };
    replay(metadataRecord(configRecord, setting), metadataRecord(configRecord, { ...setting, name: 'segment.ms' }));
    expect(takeDelta()).toMatchObject({
      changedPartitions: new Map([[topicId, new Set([1])]]),
      changedBrokers: new Set([7]),
      changedConfigs: [{ resourceType: 2, resourceName: 'a' }],
    });
    replay(partition(2), metadataRecord(removeTopicRecord, { topicId }));
    const { changedPartitions, deletedTopics } = takeDelta();
    expect(changedPartitions.size).toBe(0);
    expect(deletedTopics.map(({ name, partitions }) => [name, partitions.length])).toEqual([['a', 3]]);
  });

  it('forgets the configs of a topic with it, and a config with its last setting', () => {
    const setting = { resourceType: 2, resourceName: 'a', name: 'retention.ms' };
    const { image, replay } = replayAll(
      metadataRecord(topicRecord, { name: 'a', topicId }),
      metadataRecord(configRecord, { ...setting, value: '5' }),
    );
    expect(image.configs.of(2, 'a').get('retention.ms')).toBe('5');
    replay(metadataRecord(configRecord, { ...setting, value: null }));
    expect(image.configs.of(2, 'a').size).toBe(0);
    replay(metadataRecord(configRecord, { ...setting, value: '6' }), metadataRecord(removeTopicRecord, { topicId }));
    expect(image.configs.of(2, 'a').size).toBe(0);
  });

  it('follows brokers, features and producer ids', () => {
    const { image, replay } = replayAll(...liveBroker(1, 'r1'), metadataRecord(featureLevelRecord, { name: 'f', featureLevel: 3 }));
    expect(image.brokers.get(1)).toMatchObject({ isFenced: false, rack: 'r1', epoch: 100 });
    replay(fenced(1), metadataRecord(producerIdsRecord, { brokerId: 1, brokerEpoch: 1, nextProducerId: 1000n }));
    expect(image.brokers.get(1)?.isFenced).toBe(true);
    expect([...image.features]).toEqual([['f', 3]]);
    expect(image.nextProducerId).toBe(1000n);
    replay(
      metadataRecord(unregisterBrokerRecord, { brokerId: 1, brokerEpoch: 100 }),
      metadataRecord(featureLevelRecord, { name: 'f', featureLevel: 0 }),
    );
    expect(image.brokers.size + image.features.size).toBe(0);
  });

  it('refuses a log that contradicts itself', () => {
    const { replay } = replayAll();
    expect(() => replay(partition(0))).toThrow(`metadata log: topic ${topicId} is not known`);
    expect(() => replay(fenced(4))).toThrow('metadata log: broker 4 is not known');
  });
});
