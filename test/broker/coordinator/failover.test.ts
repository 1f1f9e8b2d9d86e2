import { beforeAll, describe, expect, it } from 'vitest';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { createClusterOfNodes } from '../controller/cluster-of-nodes.js';
import { type ConsumerLoop, createLedger, startConsumer } from './consumer-loop.js';
import { createGroupClient } from './group-client.js';

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
