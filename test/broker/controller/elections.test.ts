import { describe, expect, it } from 'vitest';
import { fenceBroker } from '../../../src/broker/controller/broker-changes.js';
import { decideElectLeaders, electionParts } from '../../../src/broker/controller/elections.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { errorName } from '../../../src/model/error-code.js';
import { metadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import { partitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { createControlledCluster, fenced } from './controlled-cluster.js';

const PREFERRED = 0;
const UNCLEAN = 1;

/** Three brokers; partition 0 of `a` prefers broker 1, partition 1 broker 2. */
function clusterWithTopic() {
  const cluster = createControlledCluster({ racks: [null, null, null] });
  const assignments = [
    { partitionIndex: 0, brokerIds: [1, 2] },
    { partitionIndex: 1, brokerIds: [2, 1] },
  ];
  const topic = { name: 'a', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
  cluster.apply(decideCreateTopics(cluster.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const topicId = cluster.image.topics.byName.get('a')?.id ?? '';
  const elect = (electionType: number, partitions: readonly number[] | null, name = 'a') => {
    const topicPartitions = partitions === null ? null : [{ topic: name, partitions }];
    const parts = electionParts(cluster.image, { electionType, topicPartitions, timeoutMs: 1 });
    const responses = parts.map((part) => cluster.apply(decideElectLeaders(cluster.context, part)));
    const results = responses.flatMap(({ replicaElectionResults }) => replicaElectionResults);
    return results.flatMap(({ partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode }) => `${partitionId}: ${errorCode === 0 ? 'elected' : errorName(errorCode)}`),
    );
  };
  const lead = (partitionId: number, leader: number) =>
    cluster.replay(metadataRecord(partitionChangeRecord, { topicId, partitionId, leader }));
  const leaders = () => cluster.image.topics.byName.get('a')?.partitions.map(({ leader }) => leader);
  return { ...cluster, elect, lead, leaders };
}

describe('decideElectLeaders', () => {
  it('gives a partition back to its preferred leader', () => {
    const { elect, lead, leaders } = clusterWithTopic();
    lead(0, 2);
    expect(elect(PREFERRED, [0, 1])).toEqual(['0: elected', '1: ELECTION_NOT_NEEDED']);
    expect(leaders()).toEqual([1, 2]);
  });

  it('does not speak of what needs nothing, where all are meant', () => {
    const { elect, lead } = clusterWithTopic();
    lead(1, 1);
    expect(elect(PREFERRED, null)).toEqual(['1: elected']);
  });

  it('leaves the leader where the preferred one is away', () => {
    const { elect, context, image, replay, leaders } = clusterWithTopic();
    const broker = image.brokers.get(1);
    if (broker !== undefined) replay(...fenceBroker(context, broker).records);
    expect(elect(PREFERRED, [0])).toEqual(['0: PREFERRED_LEADER_NOT_AVAILABLE']);
    expect(leaders()).toEqual([2, 2]);
  });

  it('elects out of sync only where nobody leads', () => {
    const { elect, lead, image, replay } = clusterWithTopic();
    expect(elect(UNCLEAN, [0])).toEqual(['0: ELECTION_NOT_NEEDED']);
    const topicId = image.topics.byName.get('a')?.id ?? '';
    replay(metadataRecord(partitionChangeRecord, { topicId, partitionId: 0, isr: [1] }), fenced(1));
    lead(0, -1);
    expect(elect(UNCLEAN, [0])).toEqual(['0: elected']);
    expect(image.topics.byName.get('a')?.partitions[0]).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 });
  });

  it('says what there is not', () => {
    const { elect } = clusterWithTopic();
    expect(elect(PREFERRED, [9])).toEqual(['9: UNKNOWN_TOPIC_OR_PARTITION']);
    expect(elect(PREFERRED, [0], 'b')).toEqual(['0: UNKNOWN_TOPIC_OR_PARTITION']);
    expect(() => elect(7, [0])).toThrow('Unknown election type 7');
  });

  it('elects many in parts, of which the first does not wait for the last, and in one what may be too many', () => {
    const cluster = createControlledCluster({ racks: [null, null] });
    const topics = Array.from({ length: 15 }, (_, index) => ({
      ...{ name: `t${index}`, numPartitions: -1, replicationFactor: -1, configs: [] },
      assignments: Array.from({ length: 800 }, (__, partitionIndex) => ({ partitionIndex, brokerIds: [1, 2] })),
    }));
    for (const topic of topics) cluster.apply(decideCreateTopics(cluster.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
    const all = { electionType: PREFERRED, topicPartitions: null, timeoutMs: 1 };
    expect(electionParts(cluster.image, all)).toHaveLength(15);
    const lead = (count: number, leader: number) => {
      for (const { id } of [...cluster.image.topics.byId.values()].slice(0, count)) {
        for (let partitionId = 0; partitionId < 800; partitionId++) {
          cluster.replay(metadataRecord(partitionChangeRecord, { topicId: id, partitionId, leader }));
        }
      }
    };
    lead(12, 2);
    const parts = electionParts(cluster.image, all);
    expect(parts.map((part) => decideElectLeaders(cluster.context, part).records.length)).toEqual([...Array(12).fill(800), 0, 0, 0]);
    lead(13, 2);
    const [whole, ...others] = electionParts(cluster.image, all);
    expect(others).toEqual([]);
    expect(() => decideElectLeaders(cluster.context, whole as NonNullable<typeof whole>)).toThrow('excessively large');
  });
});
