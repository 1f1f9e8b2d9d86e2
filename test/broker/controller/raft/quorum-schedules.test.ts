import { describe, expect, it } from 'vitest';
import { createVirtualRandom } from '../../../../src/environment/virtual/random.js';
import { propertySeed } from '../../../support/property-seed.js';
import { createQuorumInvariants } from './quorum-invariants.js';
import { createQuorumWorld, topic } from './quorum-world.js';

const SCHEDULES = 12;
const FAULTS = 40;
/** So short that candidates meet. */
const hasty = { fetchTimeoutMs: 150, electionTimeoutMs: 10, electionBackoffMaxMs: 20, requestTimeoutMs: 100 };

/** Faults at random over a quorum that is written to; then all is mended, and the quorum must come together again with all it committed. */
async function runSchedule(seed: string) {
  const random = createVirtualRandom(`${seed}/schedule`);
  const below = (count: number): number => Math.floor(random.uniform() * count);
  const invariants = createQuorumInvariants();
  const voters = random.uniform() < 0.7 ? 3 : 5;
  const cluster = createQuorumWorld(seed, {
    voters,
    observers: below(2),
    snapshotBytes: random.uniform() < 0.5 ? 1_000 : 20_971_520,
    retention: { maxBytes: 5_000 },
    ...(random.uniform() < 0.5 && { timing: hasty }),
    syncMs: () => random.uniform() * 10,
    onStart: invariants.watch,
    afterEvent: () => invariants.check(cluster.machines),
  });
  const { world, machines } = cluster;
  const paused = new Set<number>();
  /** Those that will die in the middle of some write. */
  const doomed = new Set<number>();
  const failures: unknown[] = [];
  let written = 0;
  const startInBackground = (id: number): void => {
    // A life that ends first never gets there.
    cluster.start(id).catch((error: unknown) => failures.push(error));
  };
  const write = (): void => {
    for (const { id, quorum } of machines) {
      if (quorum?.leaderId !== id || paused.has(id)) continue;
      try {
        quorum.append([topic(`t${written++}`)]);
      } catch (error) {
        // The life may have ended in the middle of it.
        const hasEnded = cluster.machine(id).quorum !== quorum;
        if (!hasEnded && (error as { code?: string }).code !== 'NOT_CONTROLLER') throw error;
      }
    }
  };
  const end = (id: number, how: 'killed' | 'power lost'): void => {
    paused.delete(id);
    doomed.delete(id);
    if (how === 'killed') cluster.kill(id);
    else cluster.losePower(id, (unsynced) => below(unsynced + 1));
  };
  const pause = (id: number): void => {
    paused.add(id);
    cluster.machine(id).environment?.pause();
  };
  const resumeAll = (): void => {
    for (const id of paused) cluster.machine(id).environment?.resume();
    paused.clear();
  };
  const doom = (id: number): void => {
    doomed.add(id);
    const how = random.uniform() < 0.5 ? 'killed' : 'power lost';
    cluster.machine(id).environment?.closeAfterWrites(1 + below(10), () => end(id, how));
  };
  /** What is under way to be committed is lost by who leads, while one of those who have it may be away. */
  const strikeLeader = async (): Promise<void> => {
    write();
    await world.run(random.uniform() * 8);
    const leaderId = cluster.leader()?.leaderId;
    if (leaderId === undefined) return;
    end(leaderId, 'power lost');
    startInBackground(leaderId);
    const away = 1 + below(voters);
    if (away !== leaderId) cluster.isolate(away);
  };
  const inject = async (): Promise<void> => {
    const id = 1 + below(machines.length);
    const other = 1 + below(machines.length);
    const isUp = cluster.machine(id).environment !== undefined;
    const fault = below(10);
    if (fault >= 8) await strikeLeader();
    else if (fault === 7) cluster.heal();
    else if (fault === 6) resumeAll();
    else if (fault === 5) cluster.isolate(id);
    else if (fault === 4 && other !== id) cluster.cut(id, other);
    else if (!isUp) startInBackground(id);
    else if (fault === 3) pause(id);
    else if (fault === 2) doom(id);
    else end(id, fault === 1 ? 'killed' : 'power lost');
  };

  await cluster.startAll();
  for (let fault = 0; fault < FAULTS; fault++) {
    await inject();
    for (let round = 0; round < 5; round++) {
      write();
      await world.run(random.uniform() * 300);
    }
    for (const { id, environment } of machines) if (environment === undefined && random.uniform() < 0.4) startInBackground(id);
  }
  cluster.heal();
  resumeAll();
  for (const id of doomed) end(id, 'power lost');
  for (const { id, environment } of machines) if (environment === undefined) startInBackground(id);
  const isMended = () => failures.length > 0 || (cluster.live().length === machines.length && cluster.isSettled());
  await world.runUntil(isMended, 30_000).catch((cause: unknown) => {
    const states = machines.map(({ id, quorum, follower, said }) =>
      [
        `node ${id}`,
        quorum?.leaderId,
        quorum?.leaderEpoch,
        quorum?.highWatermark,
        quorum?.endOffset,
        follower?.image.offset,
        ...said.slice(-6),
      ].join(' | '),
    );
    throw new Error(`the quorum did not come together again:\n${states.join('\n')}`, { cause });
  });
  expect(failures).toEqual([]);
  for (const { quorum, follower } of cluster.live()) {
    if (quorum !== undefined) invariants.checkKept(quorum);
    expect(follower?.image.topics.byName.size).toBe(machines[0]?.follower?.image.topics.byName.size);
  }
  return invariants.counts;
}

describe('a quorum under random faults', () => {
  it('has one leader per epoch, one vote per voter and epoch, and loses nothing that it committed', async () => {
    const total = { elections: 0, committed: 0, votes: 0 };
    for (let index = 0; index < SCHEDULES; index++) {
      const seed = `${propertySeed}/${index}`;
      const counts = await runSchedule(seed).catch((error: unknown) => {
        throw new Error(`schedule ${seed}`, { cause: error });
      });
      total.elections += counts.elections;
      total.committed += counts.committed;
      total.votes += counts.votes;
    }
    expect(total.elections).toBeGreaterThan(3 * SCHEDULES);
    expect(total.votes).toBeGreaterThan(3 * SCHEDULES);
    expect(total.committed).toBeGreaterThan(50 * SCHEDULES);
  }, 300_000);
});
