import { beforeAll, describe, expect, it } from 'vitest';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { createClusterOfNodes } from '../controller/cluster-of-nodes.js';
import { type ConsumerLoop, createLedger, startConsumer } from './consumer-loop.js';
import { createGroupClient, type GroupClient } from './group-client.js';

// It is loaded from a file, which takes no virtual time.
beforeAll(initializeCompression);

const configs = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '5' };
const bootstrapServers = 'host1:9092,host2:9092,host3:9092';

async function groupOf(seed: string, count: number, partitionCount: number, heartbeatMs: number) {
  const cluster = createClusterOfNodes(seed, configs);
  await cluster.start(1, 2, 3);
  await cluster.create([{ name: 't', partitions: partitionCount }]);
  const { world } = cluster;
  const reader = createGroupClient(world, bootstrapServers, 'g', { host: 'reader' });
  await world.finish(reader.find());
  const ledger = createLedger();
  const consumers = Array.from({ length: count }, (_, index) =>
    startConsumer(world, { bootstrapServers, groupId: 'g', name: `c${index}`, topic: 't', partitionCount, ledger, heartbeatMs }),
  );
  /** All partitions are somebody's, all in one generation. */
  const isSettled = (among: readonly ConsumerLoop[] = consumers): boolean =>
    new Set(among.map(({ generation }) => generation())).size === 1 &&
    among[0]?.generation() !== null &&
    among.flatMap(({ partitions }) => partitions()).length === partitionCount;
  return { cluster, world, reader, ledger, consumers, isSettled };
}

describe('a group', () => {
  it('of 50 members over 500 partitions settles within 2 s', async () => {
    const { world, isSettled, ledger } = await groupOf('fifty', 50, 500, 300);
    const beganMs = world.nowMs();
    await world.runUntil(isSettled);
    expect(world.nowMs() - beganMs).toBeLessThan(2000);
    expect(ledger.violations).toEqual([]);
  });

  it.each(['one', 'two', 'three'])('loses no commit and shares no partition while its coordinators die: %s', async (seed) => {
    const { cluster, world, reader, ledger, consumers, isSettled } = await groupOf(`coordinators ${seed}`, 4, 8, 100);
    await world.runUntil(() => isSettled());
    for (let failure = 0; failure < 4; failure++) {
      const coordinator = await world.finish(reader.find());
      await world.run(500 + 170 * failure);
      const before = ledger.commits.NONE ?? 0;
      cluster.kill(coordinator);
      await world.runUntil(() => (ledger.commits.NONE ?? 0) > before + 40);
      await cluster.start(coordinator);
      await world.run(3000);
    }
    await world.runUntil(() => isSettled());
    expect(ledger.violations).toEqual([]);
    expect(Math.min(...[...ledger.acknowledged.values()].map(Number))).toBeGreaterThan(10);
    for (const consumer of consumers) consumer.stop();
  });

  it('gives the partitions of a member that died to others, and takes no commit of its generation', async () => {
    const { world, ledger, consumers, isSettled } = await groupOf('member', 3, 6, 100);
    await world.runUntil(() => isSettled());
    const [dead, ...others] = consumers as [ConsumerLoop, ...ConsumerLoop[]];
    dead.stop();
    await world.runUntil(() => isSettled(others));
    expect(ledger.violations).toEqual([]);
    for (const consumer of others) consumer.stop();
  });
});

describe('a committed offset', () => {
  const hosts = ['host1', 'host2', 'host3'];
  /** Without members: it is the log of __consumer_offsets that is looked at. */
  async function offsetsOf(seed: string) {
    const cluster = createClusterOfNodes(seed, configs);
    await cluster.start(1, 2, 3);
    await cluster.create([{ name: 't', partitions: 1 }]);
    const { world } = cluster;
    const clientOf = (ids: readonly number[], host: string) => {
      const servers = ids.map((id) => `host${id}:9092`).join();
      return createGroupClient(world, servers, 'g', { host, timeoutMs: 60_000 });
    };
    const tool = clientOf([1, 2, 3], 'tool');
    const coordinator = await world.finish(tool.find());
    const others = [1, 2, 3].filter((id) => id !== coordinator);
    /** Asks again until somebody coordinates the group. */
    const read = async (client: GroupClient): Promise<readonly bigint[]> => {
      for (;;) {
        await client.find();
        const offsets = await client.committed('t', [0]).catch(() => null);
        if (offsets !== null && typeof offsets !== 'string') return offsets;
        await new Promise<void>((resolve) => client.environment.clock.after(5, resolve));
      }
    };
    const commit = async (offset: bigint) => world.finish(tool.commit('t', { 0: offset }));
    while ((await commit(5n))[0] !== 'NONE') await world.run(50);
    return { cluster, world, tool, coordinator, others, clientOf, read, commit };
  }

  it('is acknowledged and told by nobody who is cut off from the other replicas', async () => {
    const { world, tool, coordinator, others, clientOf, read, commit } = await offsetsOf('cut off');
    const isolate = (how: 'cut' | 'heal') => {
      for (const host of hosts.filter((name) => name !== `host${coordinator}`)) {
        world.network[how](host, `host${coordinator}`);
        world.network[how](`host${coordinator}`, host);
      }
    };
    isolate('cut');
    const [outcome] = await commit(9n);
    expect(outcome).toMatch(/^(COORDINATOR_NOT_AVAILABLE|NOT_COORDINATOR)$/);
    expect([[5n], 'NOT_COORDINATOR']).toContainEqual(await world.finish(tool.committed('t', [0])));
    const reader = clientOf(others, 'reader');
    while ((await world.finish(reader.find())) === coordinator) await world.run(100);
    expect(await world.finish(read(reader))).toEqual([5n]);
    expect(await world.finish(reader.commit('t', { 0: 6n }))).toEqual(['NONE']);
    isolate('heal');
    await world.run(5000);
    expect(await world.finish(read(clientOf([coordinator], 'late')))).toEqual([6n]);
  });

  it('does not go back where the next coordinator has not heard yet that it is committed', async () => {
    const { cluster, world, coordinator, others, clientOf, read, commit } = await offsetsOf('unheard');
    const reader = clientOf(others, 'reader');
    expect(await world.finish(read(reader))).toEqual([5n]);
    // Between the two that stay, news take long.
    const [one, other] = others.map((id) => `host${id}`) as [string, string];
    for (const [from, to] of [[one, other] as const, [other, one] as const]) world.network.setLatency(from, to, { minMs: 150, maxMs: 200 });
    expect(await commit(7n)).toEqual(['NONE']);
    cluster.kill(coordinator);
    while ((await world.finish(reader.find())) === coordinator) await world.run(1);
    expect(await world.finish(read(reader))).toEqual([7n]);
  });
});
