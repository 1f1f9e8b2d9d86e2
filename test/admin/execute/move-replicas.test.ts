import { describe, expect, it } from 'vitest';
import type { LeadershipChange } from '../../../src/admin/execute/leadership-change.js';
import { type MoveReplicasOptions, moveReplicas } from '../../../src/admin/execute/move-replicas.js';
import { errorCode } from '../../../src/model/error-code.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { alterPartitionReassignments } from '../../../src/protocol/messages/alter-partition-reassignments.js';
import { describeLogDirs } from '../../../src/protocol/messages/describe-log-dirs.js';
import { electLeaders } from '../../../src/protocol/messages/elect-leaders.js';
import { listPartitionReassignments } from '../../../src/protocol/messages/list-partition-reassignments.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { clusterOf } from '../../client/scripted-broker.js';
import { failed, scriptedCluster } from '../scripted-cluster.js';

interface Partition {
  leader: number;
  replicas: readonly number[];
  /** Where it goes, while it does. */
  target?: readonly number[] | undefined;
}

/** One topic `t` on a broker that copies 100 bytes a look, of which every partition has as many as it is told. */
async function kafkaWith(partitions: readonly Partition[], { bytes = 300 } = {}) {
  const { client, brokers, run } = await scriptedCluster(
    1,
    [alterPartitionReassignments, 0, 1],
    [listPartitionReassignments, 0, 0],
    [electLeaders, 0, 2],
    [describeLogDirs, 1, 4],
  );
  const [broker] = brokers;
  const log: string[] = [];
  const state = partitions.map((partition) => ({ ...partition }));
  const copied = partitions.map(() => 0);
  const settings = { isStuck: false, refused: new Set<number>(), unlisted: 0 };
  const finish = (index: number) => {
    const partition = state[index]!;
    partition.replicas = partition.target!;
    if (!partition.replicas.includes(partition.leader)) partition.leader = partition.replicas[0]!;
    partition.target = undefined;
  };
  broker!.on(metadata, () => ({
    ...clusterOf([{ nodeId: 1, port: 9092 }], 1),
    topics: [
      {
        errorCode: 0,
        name: 't',
        topicId: ZERO_UUID,
        isInternal: false,
        partitions: state.map(({ leader, replicas }, partitionIndex) => ({
          errorCode: 0,
          partitionIndex,
          leaderId: leader,
          leaderEpoch: 0,
          replicaNodes: [...replicas],
          isrNodes: [...replicas],
          offlineReplicas: [],
        })),
      },
    ],
  }));
  broker!.on(listPartitionReassignments, () => {
    if (settings.unlisted > 0) {
      settings.unlisted--;
      return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: [] };
    }
    state.forEach(({ target }, index) => {
      if (target === undefined || settings.isStuck) return;
      copied[index]! += 100;
      if (copied[index]! >= bytes) finish(index);
    });
    const moving = state.flatMap(({ replicas, target }, partitionIndex) =>
      target === undefined
        ? []
        : [
            {
              partitionIndex,
              replicas: [...new Set([...target, ...replicas])],
              addingReplicas: [1],
              removingReplicas: replicas.filter((id) => !target.includes(id)),
            },
          ],
    );
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: [{ name: 't', partitions: moving }] };
  });
  broker!.on(describeLogDirs, () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    results: [
      {
        errorCode: 0,
        logDir: '/data',
        totalBytes: 1000,
        usableBytes: 1000,
        topics: [
          {
            name: 't',
            partitions: copied.map((size, partitionIndex) => ({ partitionIndex, partitionSize: size, offsetLag: 0n, isFutureKey: false })),
          },
        ],
      },
    ],
  }));
  broker!.on(alterPartitionReassignments, ({ topics }) => {
    const asked = topics.flatMap((topic) => topic.partitions);
    log.push(`move ${asked.map(({ partitionIndex, replicas }) => `${partitionIndex}=${replicas?.join('') ?? 'back'}`).join(' ')}`);
    const answers = asked.map(({ partitionIndex, replicas }) => {
      const partition = state[partitionIndex]!;
      const code = settings.refused.has(partitionIndex)
        ? errorCode('INVALID_REPLICA_ASSIGNMENT')
        : replicas === null && partition.target === undefined
          ? errorCode('NO_REASSIGNMENT_IN_PROGRESS')
          : 0;
      if (code === 0) {
        const isMove = replicas?.some((id) => !partition.replicas.includes(id));
        if (isMove) partition.target = replicas!;
        else if (replicas === null) {
          partition.target = undefined;
          // As Kafka does: it forgets the order.
          partition.replicas = [...partition.replicas].reverse();
        } else partition.replicas = replicas;
      }
      return { partitionIndex, errorCode: code, errorMessage: null };
    });
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, responses: [{ name: 't', partitions: answers }] };
  });
  broker!.on(electLeaders, ({ topicPartitions }) => {
    const asked = topicPartitions!.flatMap((topic) => topic.partitions);
    log.push(`elect ${asked.join(' ')}`);
    for (const index of asked) state[index]!.leader = state[index]!.replicas[0]!;
    const partitionResult = asked.map((partitionId) => ({ partitionId, errorCode: 0, errorMessage: null }));
    return { throttleTimeMs: 0, errorCode: 0, replicaElectionResults: [{ topic: 't', partitionResult }] };
  });
  return {
    state,
    log,
    settings,
    move: (changes: readonly LeadershipChange[], options: Partial<MoveReplicasOptions> = {}) =>
      run(
        (async () => {
          const outcomes = [];
          const all = {
            signal: new AbortController().signal,
            batchSize: 8,
            pauseMs: 0,
            verifyMs: 100,
            stallMs: 10_000,
            sleep: async () => {},
            report: () => {},
            ...options,
          };
          for await (const outcome of moveReplicas(client, changes, all)) outcomes.push(outcome);
          return outcomes;
        })(),
      ),
  };
}

const held = { leader: 2, replicas: [2, 3] };
const toOne = (partition: number, replicasAfter: readonly number[] = [1, 3]): LeadershipChange => ({
  topic: 't',
  partition,
  leaderBefore: 2,
  leaderAfter: replicasAfter[0]!,
  replicasBefore: [2, 3],
  replicasAfter,
});
const row = (partition: number, outcome: string, error: unknown = null) => ({ topic: 't', partition, outcome, error });

describe('moveReplicas', () => {
  it('copies batch by batch, and makes the new leader lead where the old one stays a replica', async () => {
    const kafka = await kafkaWith([held, held]);
    expect(await kafka.move([toOne(0), toOne(1, [1, 2])], { batchSize: 1 })).toEqual([row(0, 'done'), row(1, 'done')]);
    expect(kafka.log).toEqual(['move 0=13', 'move 1=12', 'elect 1']);
    expect(kafka.state).toMatchObject([
      { leader: 1, replicas: [1, 3] },
      { leader: 1, replicas: [1, 2] },
    ]);
  });

  it('takes moves that are not finished back when the signal fires', async () => {
    const kafka = await kafkaWith([held, held], { bytes: 1e9 });
    const aborting = new AbortController();
    const sleep = async () => aborting.abort();
    expect(await kafka.move([toOne(0), toOne(1)], { signal: aborting.signal, sleep })).toEqual([row(0, 'skipped'), row(1, 'skipped')]);
    expect(kafka.log).toEqual(['move 0=13 1=13', 'move 0=back 1=back', 'move 0=23 1=23']);
    expect(kafka.state).toMatchObject([held, held]);
  });

  it('takes moves back into which nothing comes', async () => {
    const kafka = await kafkaWith([held]);
    kafka.settings.isStuck = true;
    expect(await kafka.move([toOne(0)])).toEqual([row(0, 'failed', failed('REQUEST_TIMED_OUT'))]);
    expect(kafka.log).toEqual(['move 0=13', 'move 0=back', 'move 0=23']);
    expect(kafka.state).toMatchObject([held]);
  });

  it('does not begin a move again that somebody else has cancelled', async () => {
    const kafka = await kafkaWith([held, held], { bytes: 500 });
    const sleep = async () => {
      kafka.state[0]!.target = undefined;
    };
    expect(await kafka.move([toOne(0), toOne(1)], { sleep })).toEqual([
      row(0, 'failed', failed('NO_REASSIGNMENT_IN_PROGRESS')),
      row(1, 'done'),
    ]);
    expect(kafka.log).toEqual(['move 0=13 1=13']);
    expect(kafka.state[0]).toMatchObject(held);
  });

  it('waits for a move that a new controller does not list for a moment', async () => {
    const kafka = await kafkaWith([held]);
    const sleep = async () => {
      if (kafka.log.includes('10 looks without it')) return;
      kafka.log.push('10 looks without it');
      kafka.settings.unlisted = 10;
    };
    expect(await kafka.move([toOne(0)], { sleep })).toEqual([row(0, 'done')]);
    expect(kafka.log).toEqual(['move 0=13', '10 looks without it']);
    expect(kafka.state).toMatchObject([{ leader: 1, replicas: [1, 3] }]);
  });

  it('waits for a move to the same brokers, and leaves others alone', async () => {
    const kafka = await kafkaWith([
      { ...held, target: [1, 3] },
      { ...held, target: [4, 3] },
    ]);
    const outcomes = await kafka.move([toOne(0), toOne(1)]);
    expect(outcomes).toEqual([row(1, 'skipped', failed('REASSIGNMENT_IN_PROGRESS')), row(0, 'done')]);
    expect(kafka.log).toEqual([]);
  });

  it('goes on where the replicas have moved already, and does nothing where all is done', async () => {
    const kafka = await kafkaWith([
      { leader: 3, replicas: [3, 1] },
      { leader: 1, replicas: [1, 3] },
    ]);
    expect(await kafka.move([toOne(0), toOne(1)])).toEqual([row(1, 'not-needed'), row(0, 'done')]);
    expect(kafka.log).toEqual(['move 0=13', 'elect 0']);
  });

  it('moves the others where Kafka refuses one', async () => {
    const kafka = await kafkaWith([held, held]);
    kafka.settings.refused.add(0);
    expect(await kafka.move([toOne(0), toOne(1)])).toEqual([row(0, 'failed', failed('INVALID_REPLICA_ASSIGNMENT')), row(1, 'done')]);
  });

  it('stops before a batch that is no longer what the plan was made for', async () => {
    const kafka = await kafkaWith([held, { leader: 4, replicas: [4, 5] }]);
    expect(await kafka.move([toOne(0), toOne(1)])).toEqual([row(1, 'failed', failed('DRIFTED'))]);
    expect(kafka.log).toEqual([]);
  });
});
