import { describe, expect, it } from 'vitest';
import { decideCreatePartitions } from '../../../src/broker/controller/partitions.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { errorName } from '../../../src/model/error-code.js';
import type { CreatePartitionsRequest } from '../../../src/protocol/messages/create-partitions.js';
import { createControlledCluster } from './controlled-cluster.js';

type Topic = CreatePartitionsRequest['topics'][number];
const increase = (name: string, count: number, replicasOf?: readonly (readonly number[])[]): Topic => ({
  name,
  count,
  assignments: replicasOf?.map((brokerIds) => ({ brokerIds })) ?? null,
});

function clusterWithTopic(racks: readonly null[] = [null]) {
  const cluster = createControlledCluster({ racks });
  const topic = { name: 'a', numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] };
  cluster.apply(decideCreateTopics(cluster.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const ask = (topics: readonly Topic[], validateOnly = false) =>
    cluster
      .apply(decideCreatePartitions(cluster.context, { topics, timeoutMs: 1, validateOnly }))
      .results.map(({ name, errorCode, errorMessage }) => (errorCode === 0 ? name : `${errorName(errorCode)}: ${errorMessage}`));
  return { cluster, ask };
}

describe('decideCreatePartitions', () => {
  it('adds partitions, evenly or as told', () => {
    const { cluster, ask } = clusterWithTopic([null, null]);
    expect(ask([increase('a', 4)])).toEqual(['a']);
    expect(ask([increase('a', 6, [[2], [1]])])).toEqual(['a']);
    const replicas = cluster.image.topics.byName.get('a')?.partitions.map((partition) => partition.replicas[0]);
    expect(replicas?.slice(0, 4).filter((id) => id === 1)).toHaveLength(2);
    expect(replicas?.slice(4)).toEqual([2, 1]);
  });

  it('changes nothing where it only validates', () => {
    const { cluster, ask } = clusterWithTopic();
    expect(ask([increase('a', 9)], true)).toEqual(['a']);
    expect(cluster.image.topics.byName.get('a')?.partitions).toHaveLength(3);
  });

  it.each<[string, Topic, string]>([
    ['fewer', increase('a', 1), 'INVALID_PARTITIONS: The topic a currently has 3 partition(s); 1 would not be an increase.'],
    ['as many', increase('a', 3), 'INVALID_PARTITIONS: Topic already has 3 partition(s).'],
    ['those of an unknown topic', increase('b', 3), 'UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.'],
    [
      'too few assignments',
      increase('a', 5, [[1]]),
      'INVALID_REPLICA_ASSIGNMENT: Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    ],
    [
      'an unknown broker',
      increase('a', 4, [[9]]),
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    ['too many', increase('a', 2_000_000_000), 'POLICY_VIOLATION: Excessively large number of partitions per request.'],
  ])('refuses %s as Kafka does', (_what, topic, message) => {
    expect(clusterWithTopic().ask([topic])).toEqual([message]);
  });

  it('refuses the topics that are too many, and no others', () => {
    expect(clusterWithTopic().ask([increase('a', 10_004), increase('b', 3)])).toEqual([
      'POLICY_VIOLATION: Excessively large number of partitions per request.',
      'UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.',
    ]);
  });

  it('refuses a topic that is named twice', () => {
    expect(clusterWithTopic().ask([increase('a', 4), increase('a', 5)])).toEqual(['INVALID_REQUEST: Duplicate topic name.']);
  });
});
