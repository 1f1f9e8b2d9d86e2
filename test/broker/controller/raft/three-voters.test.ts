import { describe, expect, it } from 'vitest';
import { createQuorumWorld, topic, topicsOf } from './quorum-world.js';

/** A quorum that has a leader, who has committed topic `a`. */
async function settled(seed: string, options: { voters: number; observers?: number } = { voters: 3 }) {
  const cluster = createQuorumWorld(seed, options);
  await cluster.startAll();
  await cluster.world.runUntil(cluster.isSettled, 5_000);
  cluster.leader()?.append([topic('a')]);
  await cluster.world.runUntil(cluster.isSettled, 1_000);
  return cluster;
}

describe('a quorum of three voters', () => {
  it('is led by the lowest voter soon after the first start', async () => {
    const cluster = createQuorumWorld('first', { voters: 3, observers: 1 });
    await cluster.startAll();
    await cluster.world.runUntil(cluster.isSettled, 100);
    expect(cluster.leader()).toMatchObject({ leaderId: 1, leaderEpoch: 1 });
  });

  it('commits on voters and observers within two round trips', async () => {
    const cluster = await settled('commit', { voters: 3, observers: 1 });
    cluster.leader()?.append([topic('b'), topic('c')]);
    await cluster.world.runUntil(cluster.isSettled, 10);
    for (const { quorum } of cluster.live()) expect(quorum && topicsOf(quorum)).toEqual(['a', 'b', 'c']);
  });

  it('elects another leader where the leader is killed, and takes it back as a follower', async () => {
    const cluster = await settled('killed');
    cluster.kill(1);
    await cluster.world.runUntil(() => cluster.leader() !== undefined && cluster.isSettled(), 6_000);
    const leader = cluster.leader();
    expect(leader?.leaderId).not.toBe(1);
    leader?.append([topic('b')]);
    await cluster.world.runUntil(cluster.isSettled, 1_000);
    await cluster.world.finish(cluster.start(1));
    await cluster.world.runUntil(cluster.isSettled, 1_000);
    expect(cluster.leader()?.leaderEpoch).toBe(leader?.leaderEpoch);
    for (const { quorum } of cluster.live()) expect(quorum && topicsOf(quorum)).toEqual(['a', 'b']);
  });

  it('has a new leader at once where the leader is closed', async () => {
    const cluster = await settled('closed');
    const first = cluster.machine(1);
    await cluster.world.finish(first.quorum?.close() ?? Promise.reject());
    cluster.kill(1);
    await cluster.world.runUntil(cluster.isSettled, 700);
    expect(cluster.leader()?.leaderId).not.toBe(1);
  });

  it('comes back from the restart of all', async () => {
    const cluster = await settled('restart');
    for (const { id } of cluster.machines) cluster.losePower(id);
    await cluster.startAll();
    await cluster.world.runUntil(cluster.isSettled, 500);
    for (const { quorum } of cluster.live()) expect(quorum && topicsOf(quorum)).toEqual(['a']);
  });
});

describe('a leader that is cut off', () => {
  it('resigns, and its tail that nobody has is cut when it comes back', async () => {
    const cluster = await settled('cut');
    const first = cluster.machine(1).quorum;
    cluster.isolate(1);
    first?.append([topic('lost')]);
    await cluster.world.runUntil(() => cluster.machine(2).quorum?.leaderId === 2 || cluster.machine(3).quorum?.leaderId === 3, 6_000);
    await cluster.world.runUntil(() => first?.leaderId !== 1, 6_000);
    const leader = cluster.leader();
    leader?.append([topic('b')]);
    await cluster.world.run(5_000);
    expect(leader && topicsOf(leader)).toEqual(['a', 'b']);
    expect(first?.leaderEpoch).toBe(1);
    cluster.heal();
    await cluster.world.runUntil(cluster.isSettled, 3_000);
    expect(cluster.leader()?.leaderEpoch).toBe(leader?.leaderEpoch);
    expect(first && topicsOf(first, first.endOffset)).toEqual(['a', 'b']);
  });
});
