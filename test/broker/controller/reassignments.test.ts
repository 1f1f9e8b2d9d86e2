import { describe, expect, it } from 'vitest';
import { changePartition } from '../../../src/broker/controller/partition-change.js';
import { decideAlterPartitionReassignments, listPartitionReassignments } from '../../../src/broker/controller/reassignments.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import { errorName } from '../../../src/model/error-code.js';
import { createControlledCluster } from './controlled-cluster.js';
import { createReplicatedPartition } from './replicated-partition.js';

/** Four brokers and a topic with one partition on brokers 1 and 2. */
function cluster() {
  const made = createControlledCluster({ racks: [null, null, null, null] });
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
  const topic = { name: 'a', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
  made.apply(decideCreateTopics(made.context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const partition = () => made.image.topics.byName.get('a')?.partitions[0];
  const move = (
    replicas: readonly number[] | null,
    more: { name?: string; partitionIndex?: number; allowReplicationFactorChange?: boolean } = {},
  ) => {
    const { name = 'a', partitionIndex = 0, allowReplicationFactorChange = true } = more;
    const topics = [{ name, partitions: [{ partitionIndex, replicas }] }];
    const { responses } = made.apply(
      decideAlterPartitionReassignments(made.context, { topics, timeoutMs: 1, allowReplicationFactorChange }),
    );
    const result = responses[0]?.partitions[0];
    return result?.errorCode === 0 ? 'done' : `${errorName(result?.errorCode ?? 0)}: ${result?.errorMessage}`;
  };
  /** As when the leader tells who is in sync. */
  const inSync = (isr: readonly number[]) => {
    const topic = made.image.topics.byName.get('a');
    if (topic === undefined) throw new Error('no topic');
    const record = changePartition(made.image, { topic, partitionId: 0, rules: { minIsr: 1, election: 'online' }, isr });
    if (record !== null) made.replay(record);
  };
  const ongoing = () => listPartitionReassignments(made.image, { topics: null, timeoutMs: 1 }).topics;
  return { ...made, partition, move, inSync, ongoing };
}

describe('reassignments', () => {
  it('change the order at once, move no data and leave the leader', () => {
    const { move, partition, ongoing } = cluster();
    expect(move([2, 1])).toBe('done');
    expect(partition()).toMatchObject({ replicas: [2, 1], leader: 1, leaderEpoch: 0, partitionEpoch: 1 });
    expect(ongoing()).toEqual([]);
  });

  it('change nothing where all is so already', () => {
    const { move, partition } = cluster();
    const before = partition();
    expect(move([1, 2])).toBe('done');
    expect(partition()).toBe(before);
  });

  it('add what comes, and let the others go when it is in sync', () => {
    const { move, partition, inSync, ongoing } = cluster();
    expect(move([3, 2])).toBe('done');
    expect(partition()).toMatchObject({ replicas: [3, 2, 1], isr: [1, 2], addingReplicas: [3], removingReplicas: [1], leader: 1 });
    expect(ongoing()).toEqual([
      { name: 'a', partitions: [{ partitionIndex: 0, replicas: [3, 2, 1], addingReplicas: [3], removingReplicas: [1] }] },
    ]);
    inSync([1, 2, 3]);
    expect(partition()).toMatchObject({
      replicas: [3, 2],
      isr: [2, 3],
      addingReplicas: [],
      removingReplicas: [],
      leader: 3,
      leaderEpoch: 1,
    });
    expect(partition()?.directories).toHaveLength(2);
    expect(ongoing()).toEqual([]);
  });

  it('let replicas go at once where the others are in sync, with a new epoch', () => {
    const { move, partition } = cluster();
    expect(move([1])).toBe('done');
    expect(partition()).toMatchObject({ replicas: [1], isr: [1], leader: 1, leaderEpoch: 1, removingReplicas: [] });
  });

  it('can be taken back', () => {
    const { move, partition, ongoing } = cluster();
    move([3, 4]);
    expect(move(null)).toBe('done');
    expect(partition()).toMatchObject({ isr: [1, 2], addingReplicas: [], removingReplicas: [] });
    expect([...(partition()?.replicas ?? [])].sort()).toEqual([1, 2]);
    expect(ongoing()).toEqual([]);
    expect(move(null)).toBe('NO_REASSIGNMENT_IN_PROGRESS: No partition reassignment is in progress.');
  });

  it('can be taken back only with a replica that was there before', () => {
    const { move, inSync } = cluster();
    move([3, 4]);
    inSync([3]);
    expect(move(null)).toBe(
      'INVALID_REPLICA_ASSIGNMENT: Unable to revert partition assignment for a:0 because it would require an unclean leader election.',
    );
  });

  it('keep who goes as an eligible leader where few are left, as Kafka 4.3.1 does', () => {
    // Looked at: three replicas with min.insync.replicas 2 moved to [1] show the ELR 2, 3.
    const made = createReplicatedPartition({ 'min.insync.replicas': '2' });
    const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, replicas: [1] }] }];
    made.apply(decideAlterPartitionReassignments(made.context, { topics, timeoutMs: 1, allowReplicationFactorChange: true }));
    expect(made.partition()).toMatchObject({ replicas: [1], isr: [1], elr: [2, 3], leader: 1, leaderEpoch: 1 });
  });

  it('take nobody for an eligible leader who comes back with an empty log', () => {
    const made = createReplicatedPartition({ 'min.insync.replicas': '2' }, { partitionCount: 2 });
    const moveTo = (replicas: readonly number[]) => {
      const topics = [{ name: 'a', partitions: [{ partitionIndex: 1, replicas: [...replicas] }] }];
      made.apply(decideAlterPartitionReassignments(made.context, { topics, timeoutMs: 1, allowReplicationFactorChange: true }));
    };
    moveTo([1]);
    expect(made.image.topics.byName.get('a')?.partitions[1]).toMatchObject({ replicas: [1], isr: [1], elr: [2, 3] });
    moveTo([2, 1]);
    const partition = made.image.topics.byName.get('a')?.partitions[1];
    expect(partition).toMatchObject({ replicas: [2, 1], addingReplicas: [2], isr: [1], elr: [3], leader: 1 });
  });

  it('that follow another before it is done still let go whom that one lets go, as Kafka 4.3.1 does', () => {
    // Looked at: [1, 2] to [1, 3] with broker 3 away, then to [1, 2, 3], lists removingReplicas 2.
    const { move, ongoing } = cluster();
    move([1, 3]);
    move([1, 2, 3]);
    expect(ongoing()[0]?.partitions).toEqual([{ partitionIndex: 0, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [2] }]);
  });

  it('are refused as Kafka refuses them', () => {
    const { move } = cluster();
    expect(move([9])).toBe(
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    );
    expect(move([1, 1])).toBe('INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.');
    expect(move([])).toBe('INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.');
    expect(move([1], { name: 'b' })).toBe('UNKNOWN_TOPIC_OR_PARTITION: Unable to find a topic named b.');
    expect(move([1], { partitionIndex: 7 })).toBe('UNKNOWN_TOPIC_OR_PARTITION: Unable to find partition a:7.');
    expect(move([1], { allowReplicationFactorChange: false })).toBe(
      'INVALID_REPLICATION_FACTOR: The replication factor is changed from 2 to 1',
    );
    expect(move([3, 4], { allowReplicationFactorChange: false })).toBe('done');
  });
});
