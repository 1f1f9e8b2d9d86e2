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

  it.each([1, 2, 3, 4, 5])('does not wait for the fetch timeout where the process of the leader is gone, %i', async (seed) => {
    const cluster = await settled(`gone ${seed}`, { voters: 3, observers: 1 });
    cluster.kill(1);
    await cluster.world.runUntil(() => cluster.leader() !== undefined, 300);
    expect(cluster.leader()).toMatchObject({ leaderEpoch: 2 });
  });

  it('waits for it where the leader is cut off', async () => {
    const cluster = await settled('cut off');
    for (const other of ['h2', 'h3']) {
      cluster.world.network.cut('h1', other);
      cluster.world.network.cut(other, 'h1');
    }
    await cluster.world.run(1_500);
    for (const { quorum } of cluster.live()) expect(quorum?.leaderEpoch).toBe(1);
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

describe('a voter that is cut off', () => {
  it('elects nobody, raises no epoch, and comes back without an election', async () => {
    const cluster = await settled('voter');
    cluster.isolate(3);
    await cluster.world.run(60_000);
    expect(cluster.machine(3).quorum).toMatchObject({ leaderEpoch: 1 });
    cluster.leader()?.append([topic('b')]);
    cluster.heal();
    await cluster.world.runUntil(cluster.isSettled, 3_000);
    expect(cluster.leader()).toMatchObject({ leaderId: 1, leaderEpoch: 1 });
    expect(cluster.machines.flatMap(({ said }) => said).filter((line) => line.includes('Leading'))).toHaveLength(1);
  });

  it('follows again where it was deaf, or dumb, one way alone', async () => {
    const cluster = await settled('one way');
    for (const [from, to] of [
      [3, 1],
      [1, 3],
    ] as const) {
      cluster.cut(from, to);
      await cluster.world.run(20_000);
      expect(cluster.leader()).toMatchObject({ leaderId: 1, leaderEpoch: 1 });
      cluster.leader()?.append([topic(`cut-${from}-${to}`)]);
      cluster.heal();
      await cluster.world.runUntil(cluster.isSettled, 5_000);
    }
    expect(cluster.leader()).toMatchObject({ leaderId: 1, leaderEpoch: 1 });
  });

  it('commits nothing with others of a minority', async () => {
    const cluster = await settled('minority', { voters: 5 });
    for (const minor of [1, 2]) for (const major of [3, 4, 5]) cluster.cutBoth(minor, major);
    const first = cluster.machine(1).quorum;
    first?.append([topic('lost')]);
    await cluster.world.runUntil(() => cluster.leader()?.leaderId !== 1, 10_000);
    await cluster.world.run(10_000);
    expect(first && topicsOf(first)).toEqual(['a']);
    expect(cluster.machine(2).quorum?.leaderEpoch).toBe(1);
    cluster.leader()?.append([topic('kept')]);
    const epoch = cluster.leader()?.leaderEpoch;
    cluster.heal();
    await cluster.world.runUntil(cluster.isSettled, 5_000);
    expect(cluster.leader()?.leaderEpoch).toBe(epoch);
    for (const { quorum } of cluster.live()) expect(quorum && topicsOf(quorum, quorum.endOffset)).toEqual(['a', 'kept']);
  });
});

describe('a leader that nobody can reach, and that reaches all', () => {
  it('is replaced: it resigns, for nobody fetches', async () => {
    const cluster = await settled('deaf leader');
    cluster.cut(2, 1);
    cluster.cut(3, 1);
    await cluster.world.runUntil(() => cluster.leader() !== undefined && cluster.leader()?.leaderId !== 1, 10_000);
    await cluster.world.runUntil(() => cluster.machine(1).quorum?.leaderId !== 1, 5_000);
  });
});

describe('a leader that reaches nobody, and that all can reach', () => {
  it('is replaced, and steps down', async () => {
    const cluster = await settled('dumb leader');
    cluster.cut(1, 2);
    cluster.cut(1, 3);
    await cluster.world.runUntil(() => cluster.leader() !== undefined && cluster.leader()?.leaderId !== 1, 10_000);
    await cluster.world.runUntil(() => cluster.machine(1).quorum?.leaderId !== 1, 5_000);
  });
});

describe('a leader that stands still', () => {
  it('is replaced, and follows when it goes on', async () => {
    const cluster = await settled('paused');
    const first = cluster.machine(1);
    first.environment?.pause();
    await cluster.world.runUntil(() => cluster.machine(2).quorum?.leaderId === 2 || cluster.machine(3).quorum?.leaderId === 3, 6_000);
    const epoch = cluster.machine(2).quorum?.leaderEpoch;
    first.environment?.resume();
    await cluster.world.runUntil(cluster.isSettled, 5_000);
    expect(cluster.leader()?.leaderEpoch).toBe(epoch);
  });

  it('goes on leading where all stood still', async () => {
    const cluster = await settled('all paused');
    for (const { environment } of cluster.machines) environment?.pause();
    await cluster.world.run(30_000);
    for (const { environment } of cluster.machines) environment?.resume();
    await cluster.world.run(5_000);
    expect(cluster.leader()).toMatchObject({ leaderId: 1, leaderEpoch: 1 });
  });
});

describe('a leader whose disk is full', () => {
  it('hands over to another', async () => {
    const cluster = await settled('full leader');
    const first = cluster.machine(1);
    first.storage.capacityBytes = 0;
    expect(() => first.quorum?.append([topic('refused')])).toThrow(expect.objectContaining({ code: 'NOT_CONTROLLER' }));
    await cluster.world.runUntil(() => cluster.leader() !== undefined, 3_000);
    expect(cluster.leader()?.leaderId).not.toBe(1);
    cluster.leader()?.append([topic('b')]);
    first.storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    await cluster.world.runUntil(cluster.isSettled, 5_000);
    expect(first.quorum && topicsOf(first.quorum)).toEqual(['a', 'b']);
  });

  it('leads again where there is no other, once there is room', async () => {
    const cluster = await settled('full and alone', { voters: 1 });
    const { storage, quorum } = cluster.machine(1);
    storage.capacityBytes = 0;
    expect(() => quorum?.append([topic('refused')])).toThrow(expect.objectContaining({ code: 'NOT_CONTROLLER' }));
    await cluster.world.run(10_000);
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    await cluster.world.runUntil(cluster.isSettled, 5_000);
    quorum?.append([topic('b')]);
    await cluster.world.runUntil(cluster.isSettled, 1_000);
    expect(quorum && topicsOf(quorum)).toEqual(['a', 'b']);
  });
});

describe('a voter whose disk is full', () => {
  it('takes no part in elections that it cannot write down, and does when it can again', async () => {
    const cluster = await settled('full');
    for (const id of [2, 3]) cluster.machine(id).storage.capacityBytes = 0;
    cluster.kill(1);
    await cluster.world.run(10_000);
    expect(cluster.leader()).toBeUndefined();
    for (const id of [2, 3]) cluster.machine(id).storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    await cluster.world.runUntil(cluster.isSettled, 10_000);
    expect(cluster.leader()).toBeDefined();
  });
});
