import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { type LeadershipChange, leadershipChanges } from '../../src/admin/execute/leadership-change.js';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import { balanceWithReplicaMoves } from '../../src/balance/balance-with-replica-moves.js';
import type { Cluster, ClusterPartition } from '../../src/balance/cluster.js';
import { simulateFailure } from '../../src/balance/simulate-failure.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { createTopics } from '../support/create-topics.js';
import { type MechanismCluster, openMechanismCluster } from '../support/open-mechanism-cluster.js';
import { waitFor } from '../support/wait-for.js';

let cluster: MechanismCluster;
let admin: AdminClient;
beforeAll(async () => {
  cluster = await openMechanismCluster();
  admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
}, 120_000);
afterAll(async () => {
  await admin?.close();
  await cluster?.leave();
});

const DEADLINE_MS = 60_000;
const ids = (): readonly number[] => [...cluster.addresses.keys()];
const nameTopic = (what: string) => `balance-${what}-${randomBytes(4).toString('hex')}`;

async function read(topics: readonly string[]): Promise<Cluster & { readonly partitions: readonly ClusterPartition[] }> {
  const [{ brokers }, states] = await Promise.all([admin.describeCluster(), admin.listPartitions(topics, { includeElr: false })]);
  return {
    brokers: brokers.map(({ broker, rack, fenced }) => ({ id: broker, rack, alive: !fenced })),
    partitions: states.flatMap((state) =>
      state.error === null
        ? [{ topic: state.topic, partition: state.partition, replicas: state.replicas, isr: state.isr, leader: state.leader }]
        : [],
    ),
  };
}
const standing = ({ partitions }: Cluster) =>
  partitions.map(({ topic, partition, leader, replicas }) => ({ topic, partition, leader, replicas }));
const loads = ({ partitions }: Cluster) =>
  Object.fromEntries(ids().map((id) => [id, partitions.filter(({ leader }) => leader === id).length]));

/** Resolves with the cluster as soon as it is so in the eyes of whichever broker is asked. */
async function untilSo(topics: readonly string[], what: string, isSo: (found: Cluster) => boolean): Promise<Cluster> {
  let found: Cluster | undefined;
  await waitFor(
    async () => {
      found = await read(topics);
      return isSo(found);
    },
    () => `${what}: ${JSON.stringify(found?.partitions.slice(0, 5))}`,
    { deadlineMs: DEADLINE_MS },
  );
  return found!;
}
const untilInSync = (topics: readonly string[], count: number) =>
  untilSo(
    topics,
    'not all are back in sync',
    ({ brokers, partitions }) =>
      brokers.filter(({ alive }) => alive).length === ids().length &&
      partitions.length === count &&
      partitions.every(({ isr, replicas, leader }) => isr.length === replicas.length && leader !== -1),
  );

const pace = (options: { readonly batchSize: number; readonly report?: (done: number) => void }) => ({
  signal: new AbortController().signal,
  pauseMs: 0,
  verifyMs: 10_000,
  stallMs: 30_000,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  report: () => {},
  ...options,
});
async function outcomesOf(run: AsyncIterable<{ readonly outcome: string; readonly error: unknown }>): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for await (const { outcome, error } of run) outcomes.push(error === null ? outcome : JSON.stringify(error));
  return outcomes;
}
const allDone = (changes: readonly LeadershipChange[]) => changes.map(() => 'done');

async function create(
  topic: string,
  replicas:
    | { readonly partitionCount: number; readonly replicationFactor: number }
    | { readonly assignments: readonly (readonly number[])[] },
) {
  await createTopics(admin, [{ topic, ...replicas }]);
}

describe('the leaders of a cluster', () => {
  it('are even again after a rolling restart, put back as they were, and spread as planned when a broker stops', {
    timeout: 240_000,
  }, async () => {
    const topics = ['a', 'b', 'c'].map(nameTopic);
    const counts = [20, 12, 7];
    for (const [index, topic] of topics.entries()) {
      await create(topic, { partitionCount: counts[index]!, replicationFactor: index === 2 ? 2 : 3 });
    }
    const total = counts.reduce((sum, count) => sum + count, 0);
    await untilInSync(topics, total);
    for (const id of ids()) {
      await cluster.shutDown(id);
      await untilSo(topics, `${id} leads`, ({ partitions }) => partitions.every(({ leader }) => leader !== id && leader !== -1));
      await cluster.restart(id);
      await untilInSync(topics, total);
    }
    const before = await read(topics);
    // The last to be restarted leads nothing.
    expect(loads(before)[ids().at(-1)!]).toBe(0);

    const balance = async () => {
      const input = await read(topics);
      const plan = balanceLeaders(input);
      expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
      const changes = leadershipChanges(input.partitions, plan);
      expect(await outcomesOf(admin.changeLeaders(changes, pace({ batchSize: 10 })))).toEqual(allDone(changes));
      return { changes, plan, after: await read(topics) };
    };
    const { changes, plan, after } = await balance();
    expect(loads(after)).toEqual(Object.fromEntries(plan.after.leaders.map(({ broker, leaders }) => [broker, leaders])));
    expect(plan.after.spread).toBeLessThanOrEqual(1);
    const again = balanceLeaders(after);
    expect({ moves: again.moves, orders: again.orders }).toEqual({ moves: [], orders: [] });

    const back = changes.map((change) => ({
      ...change,
      leaderBefore: change.leaderAfter,
      leaderAfter: change.leaderBefore,
      replicasBefore: change.replicasAfter,
      replicasAfter: change.replicasBefore,
    }));
    expect(await outcomesOf(admin.changeLeaders(back, pace({ batchSize: 10 })))).toEqual(allDone(back));
    expect(standing(await read(topics))).toEqual(standing(before));

    const balanced = (await balance()).after;
    const failed = ids()[0]!;
    const expected = simulateFailure(balanced, [failed]).without.leaders;
    await cluster.shutDown(failed);
    const left = await untilSo(topics, `${failed} leads`, ({ partitions }) =>
      partitions.every(({ leader }) => leader !== failed && leader !== -1),
    );
    expect(loads(left)).toEqual({ [failed]: 0, ...Object.fromEntries(expected.map(({ broker, leaders }) => [broker, leaders])) });
    await cluster.restart(failed);
    await untilInSync(topics, total);
  });

  it('are balanced to the end though the controller fails in the middle', { timeout: 120_000 }, async () => {
    const { leader: controller } = await admin.describeQuorum();
    const [from, to] = ids().filter((id) => id !== controller);
    const topic = nameTopic('controller');
    await create(topic, { assignments: Array.from({ length: 12 }, () => [from!, to!]) });
    const input = await untilInSync([topic], 12);
    const brokers = input.brokers.map((broker) => ({ ...broker, excluded: broker.id === controller }));
    const changes = leadershipChanges(input.partitions, balanceLeaders({ ...input, brokers }));
    expect(changes).toHaveLength(6);

    let killed: Promise<void> | undefined;
    const report = (done: number) => {
      if (done >= 2) killed ??= cluster.kill(controller);
    };
    expect(await outcomesOf(admin.changeLeaders(changes, pace({ batchSize: 2, report })))).toEqual(allDone(changes));
    await killed;
    expect(killed).toBeDefined();
    expect((await admin.describeQuorum()).leader).not.toBe(controller);
    expect(loads(await read([topic]))).toMatchObject({ [from!]: 6, [to!]: 6 });
    await cluster.restart(controller);
    await untilInSync([topic], 12);
  });

  it('are even where replicas had to move, and back with them', { timeout: 120_000 }, async () => {
    const [one, two, three] = ids();
    const topic = nameTopic('held');
    await create(topic, { assignments: Array.from({ length: 6 }, (_, p) => (p < 4 ? [one!, two!] : [two!, one!])) });
    const before = await untilInSync([topic], 6);
    const { replicaMoves, moved, plan } = balanceWithReplicaMoves(before);
    expect(replicaMoves).toHaveLength(2);
    expect(verifyCertificate(moved, plan)).toEqual({ valid: true, problems: [] });
    const planned = new Map(leadershipChanges(moved.partitions, plan).map((change) => [change.partition, change]));
    const changes = before.partitions.flatMap(({ topic: name, partition, leader, replicas }, index): readonly LeadershipChange[] => {
      const after = planned.get(partition);
      const leaderAfter = after?.leaderAfter ?? moved.partitions[index]!.leader;
      const replicasAfter = after?.replicasAfter ?? moved.partitions[index]!.replicas;
      const isSame = leader === leaderAfter && replicas.join() === replicasAfter.join();
      return isSame ? [] : [{ topic: name, partition, leaderBefore: leader, leaderAfter, replicasBefore: replicas, replicasAfter }];
    });
    const carryOut = async (work: readonly LeadershipChange[]) => {
      const isMove = ({ replicasBefore, replicasAfter }: LeadershipChange) => replicasAfter.some((id) => !replicasBefore.includes(id));
      const moves = work.filter(isMove);
      const rest = work.filter((change) => !isMove(change));
      expect(await outcomesOf(admin.moveReplicas(moves, pace({ batchSize: 1 })))).toEqual(allDone(moves));
      expect(await outcomesOf(admin.changeLeaders(rest, pace({ batchSize: 10 })))).toEqual(allDone(rest));
    };
    await carryOut(changes);
    expect(loads(await read([topic]))).toEqual({ [one!]: 2, [two!]: 2, [three!]: 2 });
    await carryOut(
      changes.map((change) => ({
        ...change,
        leaderBefore: change.leaderAfter,
        leaderAfter: change.leaderBefore,
        replicasBefore: change.replicasAfter,
        replicasAfter: change.replicasBefore,
      })),
    );
    expect(standing(await read([topic]))).toEqual(standing(before));
  });
});
