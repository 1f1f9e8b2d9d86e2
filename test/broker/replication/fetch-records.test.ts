import { describe, expect, it } from 'vitest';
import type { FetchParameters, FetchSource } from '../../../src/broker/replication/fetch-parameters.js';
import { fetchRecords } from '../../../src/broker/replication/fetch-records.js';
import { FetchSession, type FetchTarget } from '../../../src/broker/replication/fetch-session.js';
import type { Partition } from '../../../src/broker/replication/partition.js';
import { WaiterList } from '../../../src/broker/replication/waiters.js';
import type { Clock } from '../../../src/environment/environment.js';
import { slicesOf } from '../../../src/environment/virtual/slices.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';

const TARGETS = 1_500;

/** A consumer's session of many partitions, which are one and empty; each look at the clock takes a millisecond. */
function manyTargets() {
  const waiters = new WaiterList();
  const nothing = { records: new Uint8Array(0), highWatermark: 0n, lastStableOffset: 0n, logStartOffset: 0n };
  const partition = {
    waiters,
    refusalOf: () => null,
    read: () => nothing,
    endFor: () => 0n,
    bytesFor: () => 0,
    leaderEpoch: 0,
    log: { startOffset: 0n },
  };
  const turns: (() => void)[] = [];
  const timers: (() => void)[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs++,
    beginSlice: slicesOf(() => nowMs++),
    after: (delayMs, task) => {
      (delayMs === 0 ? turns : timers).push(task);
      return () => {};
    },
  };
  const source = { clock, partitionOf: () => partition as unknown as Partition, quota: { holdsBack: () => false } };
  const targets = Array.from({ length: TARGETS }, (_, index): FetchTarget => {
    const epochs = { currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
    return { topic: 'a', topicId: ZERO_UUID, partition: index, fetchOffset: 0n, logStartOffset: -1n, maxBytes: 1e6, ...epochs };
  });
  const session = new FetchSession(1, null, false, 0);
  session.update(targets, []);
  const parameters: Omit<FetchParameters, 'preferredReplica'> = {
    ...{ isolation: 'read-uncommitted', follower: null, maxBytes: 1e6, onlyLeader: true, maxWaitMs: 500, minBytes: 1 },
    isAbandoned: () => false,
  };
  const fetching = fetchRecords(
    source as unknown as FetchSource,
    { targets: () => session.targets(() => 'a'), session },
    { ...parameters, preferredReplica: () => null },
  );
  /** The loop turns until nobody asks for another turn; gives how often. */
  const turn = async (inBetween: (turn: number) => void = () => {}): Promise<number> => {
    for (let count = 0; ; count++) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = turns.shift();
      if (next === undefined) return count;
      inBetween(count);
      next();
    }
  };
  return { fetching, turn, timers, waiters };
}

describe('a session with thousands of partitions that are due', () => {
  it('is read in slices, and waits then', async () => {
    const { fetching, turn, timers } = manyTargets();
    expect(await turn()).toBeGreaterThan(100);
    expect(timers).toHaveLength(1);
    timers[0]?.();
    await turn();
    expect(await fetching).toHaveLength(TARGETS);
  });

  it('does not wait where something came in between', async () => {
    const { fetching, turn, timers, waiters } = manyTargets();
    await turn((count) => count === 50 && waiters.wake());
    expect([await fetching, timers]).toEqual([expect.objectContaining({ length: TARGETS }), []]);
  });
});
