import { beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createClient } from '../../src/client/client.js';
import { initializeCompression } from '../../src/protocol/records/compression.js';
import { createClusterOfNodes } from '../broker/controller/cluster-of-nodes.js';

// What is loaded from files is so by the real clock, and virtual time does not wait for it.
beforeAll(async () => {
  await initializeCompression();
  await import('../../src/admin/group-lag.js');
});

const TIMEOUT_MS = 2_000;
const hosts = ['host1', 'host2', 'host3'];
const groups = Array.from({ length: 12 }, (_, index) => `group-${index}`);

/** Twelve groups, spread over three brokers, that have committed offsets of `t`, and of `lone`, whose partitions have one replica each. */
async function troubledCluster(seed: string) {
  const cluster = createClusterOfNodes(seed, { 'offsets.topic.num.partitions': '5' });
  const { world } = cluster;
  await cluster.start(1, 2, 3);
  await cluster.create([{ name: 't', partitions: 2 }]);
  const client = createClient(world.createEnvironment('tool'), {
    bootstrapServers: hosts.map((host) => `${host}:9092`).join(),
    timeoutMs: TIMEOUT_MS,
  });
  const admin = new AdminClient(client);
  const [made] = await world.finish(admin.createTopics([{ topic: 'lone', assignments: [[1], [2], [3]] }]));
  expect(made?.error).toBeNull();
  const offsets = [
    ...[0, 1].map((partition) => ({ topic: 't', partition, offset: 0n })),
    ...[0, 1, 2].map((partition) => ({ topic: 'lone', partition, offset: 0n })),
  ];
  const commitAll = async () => {
    for (const group of groups) {
      const results = await admin.commitGroupOffsets({ group }, offsets, { timeoutMs: 20_000 });
      expect(results.filter(({ error }) => error !== null)).toEqual([]);
    }
  };
  await world.finish(commitAll());
  const locate = async () => new Map((await world.finish(admin.listGroups())).map(({ group, coordinator }) => [group, coordinator]));
  /** What a call gives, which must come within the deadline of its requests, one after the other. */
  const within = async <T>(limitMs: number, call: Promise<T>): Promise<T> => {
    const beganMs = world.nowMs();
    const given = await world.finish(call);
    expect(world.nowMs() - beganMs).toBeLessThanOrEqual(limitMs);
    return given;
  };
  return { cluster, world, admin, locate, within };
}

describe('groups of a cluster in trouble', () => {
  it('are told but for those of a broker that does not answer, which is named', async () => {
    const { world, admin, locate, within } = await troubledCluster('slow');
    const coordinatorOf = await locate();
    const slow = coordinatorOf.get('group-0') as number;
    for (const [from, to] of [['tool', `host${slow}`] as const, [`host${slow}`, 'tool'] as const]) {
      world.network.setLatency(from, to, { minMs: 60_000, maxMs: 60_000 });
    }
    const listed = await within(TIMEOUT_MS + 200, admin.listGroups());
    expect(listed.at(-1)).toMatchObject({ group: null, coordinator: slow, error: { code: 'REQUEST_TIMED_OUT' } });
    const others = groups.filter((group) => coordinatorOf.get(group) !== slow);
    expect(listed.flatMap(({ group }) => group ?? []).sort()).toEqual([...others].sort());
    expect(others.length).toBeGreaterThan(0);

    const known = groups.map((group) => ({ group, state: 'Empty', coordinator: coordinatorOf.get(group) ?? null }));
    const lags = await within(3 * TIMEOUT_MS, admin.listGroupLag(known));
    for (const { group, topic, error, committedOffset } of lags) {
      if (others.includes(group)) expect(committedOffset).toBe(0n);
      else expect({ topic, error }).toMatchObject({ topic: null, error: { code: 'REQUEST_TIMED_OUT' } });
    }
    expect(new Set(lags.map(({ group }) => group)).size).toBe(groups.length);
  });

  it('are measured but for partitions without a leader, and found again where their coordinator has gone', async () => {
    const { cluster, world, admin, locate, within } = await troubledCluster('down');
    const before = await locate();
    const down = before.get('group-0') as number;
    cluster.kill(down);
    await world.runUntil(() =>
      [1, 2, 3].filter((id) => id !== down).every((id) => cluster.node(id).metadata.brokers.get(down)?.isFenced !== false),
    );
    // Where they were is no longer so.
    const known = groups.map((group) => ({ group, state: 'Empty', coordinator: before.get(group) ?? null }));
    const lags = await within(3 * TIMEOUT_MS, admin.listGroupLag(known));
    expect(lags.map(({ group, topic, partition }) => `${group} ${topic}:${partition}`)).toHaveLength(groups.length * 5);
    for (const { topic, partition, committedOffset, lag, error } of lags) {
      const isLost = topic === 'lone' && partition === down - 1;
      expect({ committedOffset, lag, code: error?.code ?? null }).toEqual({
        ...{ committedOffset: 0n, lag: isLost ? null : 0n },
        code: isLost ? 'LEADER_NOT_AVAILABLE' : null,
      });
    }
  });

  it('are changed but for those of a broker that does not answer', async () => {
    const { world, admin, locate, within } = await troubledCluster('change');
    const coordinatorOf = await locate();
    const slow = coordinatorOf.get('group-0') as number;
    world.network.setLatency(`host${slow}`, 'tool', { minMs: 60_000, maxMs: 60_000 });
    const changes = groups.map((group) => ({
      group,
      commit: [{ topic: 't', partition: 0, offset: 1n }],
      remove: [{ topic: 't', partition: 1 }],
    }));
    const outcomes = new Map<string, readonly (string | null)[]>();
    const change = async () => {
      for await (const { group, results } of admin.changeGroupOffsets(changes))
        outcomes.set(
          group,
          results.map(({ error }) => error?.code ?? null),
        );
    };
    await within(20 * TIMEOUT_MS, change());
    for (const group of groups) {
      const isSlow = coordinatorOf.get(group) === slow;
      expect(outcomes.get(group)).toEqual(isSlow ? ['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT'] : [null, null]);
    }
  });

  it('keep what they have when a topic goes, but what they had of it', async () => {
    const { cluster, world, admin } = await troubledCluster('deleted');
    await world.finish(admin.deleteTopics(['lone']));
    await world.runUntil(() => [1, 2, 3].every((id) => !cluster.node(id).metadata.topics.byName.has('lone')));
    await world.run(500);
    const lags = await world.finish(admin.listGroupLag([{ group: 'group-3' }]));
    expect(lags.map(({ topic, partition, error }) => [topic, partition, error])).toEqual([
      ['t', 0, null],
      ['t', 1, null],
    ]);
  });
});
