import { setTimeout as sleep } from 'node:timers/promises';
import { createRealClient } from '../src/client/real-client.js';
import { type GroupRequests, groupRequests, type Joined } from '../test/broker/coordinator/group-client.js';
import type { Bench } from './bench.js';
import { type BenchCluster, besideKafka, startEmbedded, startKafka } from './clusters.js';
import { allDone, withAdmin } from './load.js';
import { alternate, show } from './measure.js';

const MEMBERS = 50;
const PARTITIONS = 500;
const ROUNDS = 5;
const HEARTBEAT_MS = 100;

/** Members of a classic group that all come at once, until every one of them has its partitions in one and the same generation. */
export const bench: Bench = {
  describe: `a group of ${MEMBERS} members over ${PARTITIONS} partitions settles, on three embedded brokers${besideKafka(3)}`,
  run: async () => {
    const clusters: BenchCluster[] = [];
    try {
      const embedded = await startEmbedded(3);
      clusters.push(embedded);
      const kafka = await startKafka(3);
      if (kafka !== null) clusters.push(kafka);
      for (const { bootstrapServers } of clusters) {
        await withAdmin(bootstrapServers, async (admin) => {
          allDone(await admin.createTopics([{ topic: 't', partitionCount: PARTITIONS, replicationFactor: 1 }]));
        });
      }
      let groups = 0;
      const settle = (cluster: BenchCluster) => () => settleMs(cluster.bootstrapServers, `group-${groups++}`);
      const cases = new Map([['embedded', settle(embedded)]]);
      if (kafka !== null) cases.set('real Kafka', settle(kafka));
      const figures = await alternate(Object.fromEntries(cases), ROUNDS);
      const shown = Object.entries(figures).map(([name, figure], index) =>
        show(name, figure, 'ms', index === 0 ? { atMost: 2_000 } : undefined),
      );
      return shown.every(Boolean);
    } finally {
      await Promise.all(clusters.map((cluster) => cluster.close()));
    }
  },
};

async function settleMs(servers: string, groupId: string): Promise<number> {
  const clients = Array.from({ length: MEMBERS }, () => createRealClient({ bootstrapServers: servers, timeoutMs: 60_000 }));
  // Connected, and told where the coordinator is: what is measured is the group.
  const members = clients.map((client) => groupRequests(client, groupId, () => sleep(20)));
  await Promise.all(members.map((member) => member.find()));
  const begin = performance.now();
  const generations = members.map(() => -1);
  let isOver = false;
  const isSettled = () => generations[0] !== -1 && generations.every((generation) => generation === generations[0]);
  const lives = members.map((member, index) =>
    live(member, (generation) => {
      generations[index] = generation;
      isOver ||= isSettled();
      return isOver;
    }),
  );
  // Those who wait for nobody's answer any more end with their clients; until then the loop below hears of a failure.
  const failure = Promise.race(lives.map((life) => life.then(() => new Promise<never>(() => {}))));
  failure.catch(() => {});
  while (!isOver) await Promise.race([sleep(2), failure]);
  const elapsed = performance.now() - begin;
  for (const client of clients) client.close();
  return elapsed;
}

/** What a new coordinator says. */
const passing: readonly string[] = ['NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS'];

/** Joins, syncs and beats, again and again, until `settled` says that all have come to rest. */
async function live(member: GroupRequests, settled: (generation: number) => boolean): Promise<void> {
  let memberId = '';
  for (;;) {
    const joined = await member.join({ memberId, topics: ['t'], sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 });
    memberId = joined.memberId;
    if (passing.includes(joined.error)) await sleep(20);
    else if (joined.error === 'UNKNOWN_MEMBER_ID') memberId = '';
    if (joined.error !== 'NONE') continue;
    const synced = await member.sync(joined, joined.leader === memberId ? spread(joined) : {});
    if (synced.error !== 'NONE' && synced.error !== 'REBALANCE_IN_PROGRESS') throw new Error(`SyncGroup: ${synced.error}`);
    if (synced.error !== 'NONE') continue;
    if (settled(joined.generationId)) return;
    for (let heard = await member.heartbeat(joined); heard === 'NONE'; heard = await member.heartbeat(joined)) {
      if (settled(joined.generationId)) return;
      await sleep(HEARTBEAT_MS);
    }
  }
}

/** Round and round, in the order of the members. */
function spread({ members }: Joined): Readonly<Record<string, string>> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  return Object.fromEntries(
    members.map((id, index) => [id, partitions.filter((partition) => partition % members.length === index).join()]),
  );
}
