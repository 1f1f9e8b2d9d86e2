import { describe, expect, it } from 'vitest';
import { type ChangeLeadersOptions, changeLeaders } from '../../../src/admin/execute/change-leaders.js';
import type { LeadershipChange } from '../../../src/admin/execute/leadership-change.js';
import { errorCode } from '../../../src/model/error-code.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { alterPartitionReassignments } from '../../../src/protocol/messages/alter-partition-reassignments.js';
import { electLeaders } from '../../../src/protocol/messages/elect-leaders.js';
import { listPartitionReassignments } from '../../../src/protocol/messages/list-partition-reassignments.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { clusterOf } from '../../client/scripted-broker.js';
import { failed, scriptedCluster } from '../scripted-cluster.js';

interface Partition {
  leader: number;
  replicas: readonly number[];
  isr: readonly number[];
  moving?: true;
}

/** One topic `t` on a broker that does to its partitions what Kafka does, and writes down what it is asked for. */
async function kafkaWith(partitions: readonly Partition[]) {
  const { client, brokers, run } = await scriptedCluster(
    1,
    [alterPartitionReassignments, 0, 1],
    [listPartitionReassignments, 0, 0],
    [electLeaders, 0, 2],
  );
  const log: string[] = [];
  const state = partitions.map((partition) => ({ ...partition }));
  /** Elections that are refused. */
  const refusedElections = new Set<number>();
  /** Orders that are refused, such as 123. */
  const refusedOrders = new Set<string>();
  const [broker] = brokers;
  broker!.on(metadata, () => ({
    ...clusterOf([{ nodeId: 1, port: 9092 }], 1),
    topics: [
      {
        errorCode: 0,
        name: 't',
        topicId: ZERO_UUID,
        isInternal: false,
        partitions: state.map(({ leader, replicas, isr }, partitionIndex) => ({
          errorCode: 0,
          partitionIndex,
          leaderId: leader,
          leaderEpoch: 0,
          replicaNodes: [...replicas],
          isrNodes: [...isr],
          offlineReplicas: [],
        })),
      },
    ],
  }));
  broker!.on(listPartitionReassignments, () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    topics: [
      {
        name: 't',
        partitions: state.flatMap(({ replicas, moving }, partitionIndex) =>
          moving ? [{ partitionIndex, replicas: [...replicas], addingReplicas: [9], removingReplicas: [] }] : [],
        ),
      },
    ],
  }));
  broker!.on(alterPartitionReassignments, ({ topics }) => {
    const asked = topics.flatMap((topic) => topic.partitions);
    const isRefused = (replicas: readonly number[] | null) => refusedOrders.has(replicas!.join(''));
    for (const { partitionIndex, replicas } of asked) if (!isRefused(replicas)) state[partitionIndex]!.replicas = replicas!;
    log.push(`order ${asked.map(({ partitionIndex, replicas }) => `${partitionIndex}=${replicas!.join('')}`).join(' ')}`);
    const answers = asked.map(({ partitionIndex, replicas }) => ({
      partitionIndex,
      errorCode: isRefused(replicas) ? errorCode('INVALID_REPLICA_ASSIGNMENT') : 0,
      errorMessage: null,
    }));
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, responses: [{ name: 't', partitions: answers }] };
  });
  broker!.on(electLeaders, ({ topicPartitions }) => {
    const asked = topicPartitions!.flatMap((topic) => topic.partitions);
    log.push(`elect ${asked.join(' ')}`);
    const partitionResult = asked.map((partitionId) => {
      const isRefused = refusedElections.has(partitionId);
      if (!isRefused) state[partitionId]!.leader = state[partitionId]!.replicas[0]!;
      return { partitionId, errorCode: isRefused ? errorCode('PREFERRED_LEADER_NOT_AVAILABLE') : 0, errorMessage: null };
    });
    return { throttleTimeMs: 0, errorCode: 0, replicaElectionResults: [{ topic: 't', partitionResult }] };
  });

  return {
    state,
    log,
    refusedElections,
    refusedOrders,
    /** From now on elections are not answered. */
    silence: () => broker!.on(electLeaders, () => 'silence'),
    change: (changes: readonly LeadershipChange[], options: Partial<ChangeLeadersOptions> = {}) =>
      run(
        (async () => {
          const outcomes = [];
          const all = {
            signal: new AbortController().signal,
            batchSize: 200,
            pauseMs: 0,
            verifyMs: 100,
            sleep: async () => {},
            report: () => {},
            ...options,
          };
          for await (const outcome of changeLeaders(client, changes, all)) outcomes.push(outcome);
          return outcomes;
        })(),
      ),
  };
}

/** From the state of `kafkaWith`'s partition to another leader, first in the order unless told. */
const move = (partition: number, leaderBefore: number, leaderAfter: number, replicasAfter: readonly number[]): LeadershipChange => ({
  topic: 't',
  partition,
  leaderBefore,
  leaderAfter,
  replicasBefore: [1, 2, 3],
  replicasAfter,
});
const inSync = { leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] };
const done = (partition: number) => ({ topic: 't', partition, outcome: 'done', error: null });

describe('changeLeaders', () => {
  it('puts replicas in order, elects the first, and changes only the order where the leader stays', async () => {
    const kafka = await kafkaWith([inSync, inSync]);
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3]), move(1, 1, 1, [1, 3, 2])], { batchSize: 1 })).toEqual([done(0), done(1)]);
    expect(kafka.log).toEqual(['order 0=213', 'elect 0', 'order 1=132']);
    expect(kafka.state).toMatchObject([
      { leader: 2, replicas: [2, 1, 3] },
      { leader: 1, replicas: [1, 3, 2] },
    ]);
  });

  it('gives a leader that is not the first replica its order after the election', async () => {
    const kafka = await kafkaWith([inSync]);
    expect(await kafka.change([move(0, 1, 3, [1, 2, 3])])).toEqual([done(0)]);
    expect(kafka.log).toEqual(['order 0=312', 'elect 0', 'order 0=123']);
    expect(kafka.state).toMatchObject([{ leader: 3, replicas: [1, 2, 3] }]);
  });

  it('goes on from where an interrupted run left a partition', async () => {
    const kafka = await kafkaWith([
      { ...inSync, replicas: [2, 1, 3] },
      { ...inSync, leader: 2, replicas: [2, 1, 3] },
    ]);
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3]), move(1, 1, 2, [2, 1, 3])])).toEqual([
      { ...done(1), outcome: 'not-needed' },
      done(0),
    ]);
    expect(kafka.log).toEqual(['elect 0']);
  });

  it('stops before a batch in which a partition has been changed by someone else', async () => {
    const kafka = await kafkaWith([inSync, { ...inSync, replicas: [3, 2, 1] }, inSync]);
    const changes = [0, 1, 2].map((partition) => move(partition, 1, 2, [2, 1, 3]));
    expect(await kafka.change(changes, { batchSize: 1 })).toEqual([
      done(0),
      { topic: 't', partition: 1, outcome: 'failed', error: failed('DRIFTED') },
    ]);
    expect(kafka.log).toEqual(['order 0=213', 'elect 0']);
    expect((await kafka.change([move(0, 1, 3, [3, 1, 2])]))[0]).toMatchObject({ outcome: 'failed', error: failed('DRIFTED') });
  });

  it('gives a broker that is behind the plan time to catch up', async () => {
    const kafka = await kafkaWith([{ ...inSync, replicas: [3, 2, 1] }]);
    const sleep = async () => {
      kafka.state[0]!.replicas = [1, 2, 3];
    };
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3])], { sleep })).toEqual([done(0)]);
  });

  it('leaves alone what is being reassigned, is led by nobody in sync, or is gone', async () => {
    const kafka = await kafkaWith([
      { ...inSync, moving: true },
      { ...inSync, isr: [1, 3] },
    ]);
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3]), move(1, 1, 2, [2, 1, 3])])).toEqual([
      { topic: 't', partition: 0, outcome: 'skipped', error: failed('REASSIGNMENT_IN_PROGRESS') },
      { topic: 't', partition: 1, outcome: 'failed', error: failed('PREFERRED_LEADER_NOT_AVAILABLE') },
    ]);
    expect(await kafka.change([move(7, 1, 2, [2, 1, 3])])).toEqual([
      { topic: 't', partition: 7, outcome: 'failed', error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
    ]);
    expect(kafka.log).toEqual([]);
  });

  it('puts a partition back whose election is refused, and goes on with the others', async () => {
    const kafka = await kafkaWith([inSync, inSync]);
    kafka.refusedElections.add(0);
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3]), move(1, 1, 3, [3, 1, 2])])).toEqual([
      { topic: 't', partition: 0, outcome: 'failed', error: failed('PREFERRED_LEADER_NOT_AVAILABLE') },
      done(1),
    ]);
    expect(kafka.state).toMatchObject([inSync, { leader: 3, replicas: [3, 1, 2] }]);
  });

  it('says so where the old order cannot be put back', async () => {
    const kafka = await kafkaWith([inSync]);
    kafka.refusedElections.add(0);
    kafka.refusedOrders.add('123');
    const [outcome] = await kafka.change([move(0, 1, 2, [2, 1, 3])]);
    expect(outcome).toMatchObject({ outcome: 'failed', error: failed('PREFERRED_LEADER_NOT_AVAILABLE') });
    expect(outcome?.error?.message).toContain('And its old order is not back: ');
    expect(kafka.state).toMatchObject([{ leader: 1, replicas: [2, 1, 3] }]);
  });

  it('ends after the batch in which it is told to, and says how far it is', async () => {
    const kafka = await kafkaWith([inSync, inSync, inSync]);
    const controller = new AbortController();
    const pauses: number[] = [];
    const reports: string[] = [];
    const changes = [0, 1, 2].map((partition) => move(partition, 1, 2, [2, 1, 3]));
    const outcomes = await kafka.change(changes, {
      batchSize: 1,
      pauseMs: 5_000,
      signal: controller.signal,
      sleep: async (ms) => {
        pauses.push(ms);
        if (pauses.length === 2) controller.abort();
      },
      report: (count, of) => reports.push(`${count}/${of}`),
    });
    expect(outcomes).toEqual([done(0), done(1)]);
    expect(pauses).toEqual([5_000, 5_000]);
    expect(reports).toEqual(['0/3', '1/3', '1/3', '2/3']);
    expect(kafka.state.map(({ leader }) => leader)).toEqual([2, 2, 1]);
  });

  it('waits until the metadata shows the change, and says so where it does not in time', async () => {
    const kafka = await kafkaWith([inSync]);
    let hidden = 3;
    const leaders = { seen: 1 };
    const [partition] = kafka.state;
    let leader = 1;
    Object.defineProperty(partition, 'leader', {
      set: (id: number) => {
        leader = id;
      },
      get: () => (leader !== leaders.seen && hidden-- > 0 ? leaders.seen : leader),
    });
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3])])).toEqual([done(0)]);
    hidden = Number.POSITIVE_INFINITY;
    leaders.seen = 2;
    const back = { ...move(0, 2, 1, [1, 2, 3]), replicasBefore: [2, 1, 3] };
    expect(await kafka.change([back])).toEqual([{ topic: 't', partition: 0, outcome: 'failed', error: failed('REQUEST_TIMED_OUT') }]);
  });

  it('fails the batch whose request has no answer, and begins no other', async () => {
    const kafka = await kafkaWith([inSync, inSync]);
    kafka.silence();
    expect(await kafka.change([move(0, 1, 2, [2, 1, 3]), move(1, 1, 2, [2, 1, 3])], { batchSize: 1 })).toEqual([
      { topic: 't', partition: 0, outcome: 'failed', error: failed('REQUEST_TIMED_OUT') },
    ]);
    expect(kafka.state).toMatchObject([{ leader: 1, replicas: [2, 1, 3] }, inSync]);
  });
});
