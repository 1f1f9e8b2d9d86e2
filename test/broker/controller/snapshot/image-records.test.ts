import { describe, expect, it } from 'vitest';
import { ConfigResourceType, type MetadataImage } from '../../../../src/broker/controller/image.js';
import { deltaBetween } from '../../../../src/broker/controller/image-delta.js';
import { createReplayedImage } from '../../../../src/broker/controller/replayed-image.js';
import { recordsOf } from '../../../../src/broker/controller/snapshot/image-records.js';
import { configRecord } from '../../../../src/protocol/metadata-records/config-record.js';
import { featureLevelRecord } from '../../../../src/protocol/metadata-records/feature-level-record.js';
import { decodeMetadataRecord, encodeMetadataRecord, metadataRecord } from '../../../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../../../src/protocol/metadata-records/partition-change-record.js';
import { partitionRecord } from '../../../../src/protocol/metadata-records/partition-record.js';
import { producerIdsRecord } from '../../../../src/protocol/metadata-records/producer-ids-record.js';
import { registerControllerRecord } from '../../../../src/protocol/metadata-records/register-controller-record.js';
import { removeTopicRecord } from '../../../../src/protocol/metadata-records/remove-topic-record.js';
import { topicRecord } from '../../../../src/protocol/metadata-records/topic-record.js';
import { directoryOf, fenced, liveBroker } from '../controlled-cluster.js';

const topicId = (name: string): string => `${`topic-${name}`.padEnd(21, '_')}A`;
const partition = (name: string, partitionId: number) =>
  metadataRecord(partitionRecord, {
    ...{ partitionId, topicId: topicId(name), replicas: [1, 2, 3], isr: [1, 2], removingReplicas: [3], addingReplicas: [2], leader: 1 },
    ...{ leaderRecoveryState: 1, leaderEpoch: 4, partitionEpoch: 7, directories: [1, 2, 3].map(directoryOf) },
    ...{ eligibleLeaderReplicas: [3], lastKnownElr: [2] },
  });
/** Everything that an image can say. */
const everything = [
  metadataRecord(featureLevelRecord, { name: 'metadata.version', featureLevel: 30 }),
  ...liveBroker(1, 'r1'),
  ...liveBroker(2, null),
  ...liveBroker(3, 'r2'),
  fenced(3),
  metadataRecord(registerControllerRecord, {
    ...{ controllerId: 1, incarnationId: directoryOf(9), zkMigrationReady: false, features: [] },
    endPoints: [{ name: 'CONTROLLER', host: 'h', port: 1, securityProtocol: 0 }],
  }),
  metadataRecord(topicRecord, { name: 'a', topicId: topicId('a') }),
  partition('a', 0),
  partition('a', 1),
  metadataRecord(topicRecord, { name: 'b', topicId: topicId('b') }),
  metadataRecord(configRecord, { resourceType: ConfigResourceType.topic, resourceName: 'a', name: 'retention.ms', value: '5' }),
  metadataRecord(configRecord, { resourceType: ConfigResourceType.broker, resourceName: '', name: 'a:b', value: 'c:d' }),
  metadataRecord(producerIdsRecord, { brokerId: 1, brokerEpoch: 1, nextProducerId: 2000n }),
];

function replayed(records: Iterable<Parameters<typeof encodeMetadataRecord>[0]>) {
  const state = createReplayedImage();
  for (const record of records) state.replay(decodeMetadataRecord(encodeMetadataRecord(record)), 99n);
  return state;
}
const plain = (image: MetadataImage) => ({
  topics: [...image.topics.byId.values()],
  names: [...image.topics.byName.keys()],
  brokers: [...image.brokers.values()],
  led: [...image.brokers.keys()].map((id) => image.partitionsOf.ledBy(id)),
  controllers: [...image.controllers.values()],
  configs: [...image.configs.all()],
  features: [...image.features],
  nextProducerId: image.nextProducerId,
});

describe('the records of an image', () => {
  it('make the same image', () => {
    const { image } = replayed(everything);
    expect(plain(replayed(recordsOf(image)).image)).toEqual(plain(image));
  });

  it('are those of the moment at which they were asked for', () => {
    const state = replayed(everything);
    const records = recordsOf(state.image);
    state.replay(metadataRecord(removeTopicRecord, { topicId: topicId('a') }), 100n);
    state.replay(partition('b', 0), 101n);
    expect(plain(replayed(records).image)).toEqual(plain(replayed(everything).image));
  });
});

describe('the delta between two images', () => {
  it('is empty between images that say the same', () => {
    const delta = deltaBetween(replayed(everything).image, replayed(everything).image);
    expect(delta.changedPartitions.size + delta.deletedTopics.length + delta.changedBrokers.size + delta.changedConfigs.length).toBe(0);
  });

  it('tells what the records between them would', () => {
    const before = replayed(everything);
    const after = replayed([
      ...everything,
      metadataRecord(removeTopicRecord, { topicId: topicId('b') }),
      metadataRecord(partitionChangeRecord, { topicId: topicId('a'), partitionId: 1, leader: 2 }),
      metadataRecord(topicRecord, { name: 'c', topicId: topicId('c') }),
      fenced(2),
      metadataRecord(configRecord, { resourceType: ConfigResourceType.topic, resourceName: 'a', name: 'retention.ms', value: null }),
    ]);
    const delta = deltaBetween(before.image, after.image);
    expect([...delta.changedPartitions].map(([id, numbers]) => [id, [...numbers]])).toEqual([
      [topicId('a'), [1]],
      [topicId('c'), []],
    ]);
    expect(delta.deletedTopics.map(({ name }) => name)).toEqual(['b']);
    expect([...delta.changedBrokers]).toEqual([2]);
    expect(delta.changedConfigs).toEqual([{ resourceType: ConfigResourceType.topic, resourceName: 'a' }]);
  });
});
