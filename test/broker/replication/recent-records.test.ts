import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { RecentRecords } from '../../../src/broker/replication/recent-records.js';

const BATCH = 100;
/** A log of so many batches of 100 bytes with one record each. */
function createLog(batches: number) {
  const log = {
    endOffset: BigInt(batches),
    reads: 0,
    read: (offset: bigint, { maxBytes, minOneBatch = false }: { readonly maxBytes: number; readonly minOneBatch?: boolean }) => {
      log.reads++;
      const fitting = Math.max(Math.floor(maxBytes / BATCH), minOneBatch ? 1 : 0);
      return new Uint8Array(Math.min(fitting, Number(log.endOffset - offset)) * BATCH);
    },
  };
  return log as typeof log & Log;
}

describe('RecentRecords', () => {
  it('reads once what several followers ask for', () => {
    const log = createLog(5);
    const recent = new RecentRecords({ remainingBytes: 10_000 });
    for (const maxBytes of [1000, 1000, 800, 500]) expect(recent.read(log, 0n, { maxBytes, minOneBatch: false }).length).toBe(500);
    expect(log.reads).toBe(1);
    expect(recent.read(log, 1n, { maxBytes: 1000, minOneBatch: false }).length).toBe(400);
    expect(log.reads).toBe(2);
  });

  it('gives the first batch to a follower though nothing fitted into an answer to another', () => {
    const log = createLog(5);
    const recent = new RecentRecords({ remainingBytes: 10_000 });
    expect(recent.read(log, 0n, { maxBytes: 99, minOneBatch: false }).length).toBe(0);
    expect(recent.read(log, 0n, { maxBytes: 99, minOneBatch: true }).length).toBe(BATCH);
    expect(recent.read(log, 0n, { maxBytes: 1000, minOneBatch: true }).length).toBe(500);
  });

  it('gives more to who has more room', () => {
    const log = createLog(5);
    const recent = new RecentRecords({ remainingBytes: 10_000 });
    expect(recent.read(log, 0n, { maxBytes: 150, minOneBatch: true }).length).toBe(100);
    expect(recent.read(log, 0n, { maxBytes: 1000, minOneBatch: true }).length).toBe(500);
    expect(recent.read(log, 0n, { maxBytes: 150, minOneBatch: true }).length).toBe(100);
  });

  it('gives the batch that came last as it came, while it is the last', () => {
    const log = createLog(5);
    const recent = new RecentRecords({ remainingBytes: 10_000 });
    const bytes = new Uint8Array(BATCH);
    recent.noteAppend(4n, 5n, bytes);
    expect(recent.read(log, 4n, { maxBytes: 1000, minOneBatch: false })).toBe(bytes);
    expect(recent.read(log, 4n, { maxBytes: 99, minOneBatch: false }).length).toBe(0);
    log.endOffset = 6n;
    expect(recent.read(log, 4n, { maxBytes: 1000, minOneBatch: false }).length).toBe(200);
  });

  it('keeps no more than the budget, and gives back what all have', () => {
    const log = createLog(50);
    const budget = { remainingBytes: 1000 };
    const recent = new RecentRecords(budget);
    recent.read(log, 0n, { maxBytes: 5000, minOneBatch: false });
    expect(budget.remainingBytes).toBe(1000);
    recent.read(log, 0n, { maxBytes: 600, minOneBatch: false });
    recent.noteAppend(49n, 50n, new Uint8Array(BATCH));
    expect(budget.remainingBytes).toBe(300);
    recent.forgetBelow(49n);
    expect(budget.remainingBytes).toBe(300);
    recent.forgetBelow(50n);
    expect(budget.remainingBytes).toBe(1000);
  });
});
