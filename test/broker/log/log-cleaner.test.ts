import { describe, expect, it } from 'vitest';
import type { Log, LogEnvironment } from '../../../src/broker/log/log.js';
import { LogCleaner } from '../../../src/broker/log/log-cleaner.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
import { batchOf, createLogBench } from './log-fixture.js';

const compacted = { cleanupPolicy: ['compact'], segmentBytes: 300 } as const;
const contentsOf = (log: Log): string[] => {
  const found: string[] = [];
  for (let offset = log.startOffset; ; ) {
    const records = decodeRecords(log.read(offset, { maxBytes: 10_000, minOneBatch: true }));
    if (records.length === 0) return found;
    for (const record of records) found.push(`${record.offset}:${record.key}=${record.value ?? 'null'}`);
    offset = records.at(-1)!.offset + 1n;
  }
};
const cleanerOf = (environment: LogEnvironment, log: Log, saveRecoveryPoints = () => {}) =>
  new LogCleaner(environment, { dataDirectory: '/data', logs: [log], saveRecoveryPoints });
const append = (log: Log, ...values: string[]) => log.appendAsLeader(batchOf(values), 0, 'client');

describe('the cleaner', () => {
  it('keeps the last record of each key at its offset', async () => {
    const { create, environment, clock, reopen } = createLogBench();
    const log = create(compacted);
    for (let round = 0; round < 10; round++) append(log, `a=${round}`, `b=${round}`);
    append(log, 'c=last');
    const [firstActive] = log.segments.slice(-1);
    const cleaner = cleanerOf(environment, log);
    await log.flush();
    await cleaner.run([log]);
    const kept = contentsOf(log);
    // All but the active segment is clean: each key once below it.
    const below = kept.filter((text) => BigInt(text.split(':')[0]!) < firstActive!.baseOffset);
    expect(below.map((text) => text.split(':')[1]!.split('=')[0])).toEqual(['a', 'b']);
    expect(kept.at(-1)).toBe('20:c=last');
    expect(log.startOffset).toBe(0n);
    expect(environment.disk.readFile('/data/cleaner-offset-checkpoint')!.toString()).toContain(`orders 0 ${firstActive!.baseOffset}`);
    clock.pass(60_000);
    expect(environment.disk.list('/data/orders-0').some((name) => /deleted|swap|cleaned/.test(name))).toBe(false);
    await log.close();
    for (const isCleanShutdown of [true, false]) {
      const again = await reopen({ isCleanShutdown });
      expect(contentsOf(again)).toEqual(kept);
      expect(again.startOffset).toBe(0n);
      expect(append(again, 'd=1').firstOffset).toBe(21n);
      again.truncateTo(21n);
      await again.close();
    }
  });

  it('keeps tombstones for delete.retention.ms after their first cleaning', async () => {
    const { create, environment, clock } = createLogBench();
    const log = create({ ...compacted, deleteRetentionMs: 1000, minCleanableDirtyRatio: 0 });
    append(log, 'a=1', 'b=1');
    append(log, 'a=null');
    const fill = () => {
      for (let index = 0; index < 5; index++) append(log, `filler=${index}`);
    };
    fill();
    const cleaner = cleanerOf(environment, log);
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log)).toContain('2:a=null');
    expect(contentsOf(log)).not.toContain('0:a=1');
    const [batch] = [...batchesOf(log.read(2n, { maxBytes: 1, minOneBatch: true }))];
    expect(batch).toMatchObject({ hasDeleteHorizon: true, baseTimestampMs: clock.now() + 1000, isCrcValid: true });
    clock.pass(1000);
    fill();
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log).some((text) => text.includes('a='))).toBe(false);
    expect(contentsOf(log)[0]).toBe('1:b=1');
  });

  it("keeps a producer's last batch, empty, for its sequence number", async () => {
    const { create, environment, reopen } = createLogBench();
    const log = create({ ...compacted, minCleanableDirtyRatio: 0 });
    const produce = (key: string, baseSequence: number) =>
      log.appendAsLeader(batchOf([`${key}=v`], { producerId: 9n, producerEpoch: 0, baseSequence }), 0, 'client');
    produce('k', 0);
    produce('k', 1);
    for (let index = 0; index < 6; index++) append(log, `k=${index}`);
    await log.flush();
    await cleanerOf(environment, log).run([log]);
    const batches = [...batchesOf(log.read(0n, { maxBytes: 10_000 }))];
    expect(batches.filter(({ producerId }) => producerId === 9n).map((b) => [b.baseOffset, b.recordCount, b.lastSequence])).toEqual([
      [1n, 0, 1],
    ]);
    await log.close();
    environment.disk.remove(`/data/orders-0/${String(log.endOffset).padStart(20, '0')}.snapshot`);
    const again = await reopen();
    expect(again.appendAsLeader(batchOf(['k=v'], { producerId: 9n, producerEpoch: 0, baseSequence: 1 }), 0, 'client')).toMatchObject({
      isDuplicate: true,
      firstOffset: 1n,
    });
  });

  it('leaves alone what is not flushed, and has the checkpoint say what is before it changes anything', async () => {
    const { create, environment } = createLogBench();
    const log = create(compacted);
    for (let round = 0; round < 10; round++) append(log, `a=${round}`);
    const all = contentsOf(log);
    const saved: string[][] = [];
    const cleaner = cleanerOf(environment, log, () => saved.push(contentsOf(log)));
    await cleaner.run([log]);
    expect([contentsOf(log), saved]).toEqual([all, []]);
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log).length).toBeLessThan(all.length);
    expect(saved).toEqual([all]);
    await cleaner.run([log]);
    expect(saved.length).toBe(1);
  });

  it('leaves alone what is not committed, and what is younger than min.compaction.lag.ms', async () => {
    const { create, environment, clock } = createLogBench();
    const log = create({ ...compacted, minCompactionLagMs: 500 });
    for (let round = 0; round < 10; round++) append(log, `a=${round}`);
    const all = contentsOf(log);
    const cleaner = cleanerOf(environment, log);
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log)).toEqual(all);
    clock.pass(1000);
    log.committedOffset = () => 0n;
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log)).toEqual(all);
    log.committedOffset = () => log.endOffset;
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log).length).toBeLessThan(all.length);
  });

  it('cleans a log below the dirty ratio once max.compaction.lag.ms has passed', async () => {
    const { create, environment, clock } = createLogBench();
    const log = create({ ...compacted, minCleanableDirtyRatio: 1, maxCompactionLagMs: 5000 });
    for (let round = 0; round < 10; round++) append(log, `a=${round}`);
    const all = contentsOf(log);
    const cleaner = cleanerOf(environment, log);
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log)).toEqual(all);
    clock.pass(5001);
    await log.flush();
    await cleaner.run([log]);
    expect(contentsOf(log).length).toBeLessThan(all.length);
  });

  it('leaves a damaged log as it is', async () => {
    const { create, environment } = createLogBench();
    const log = create(compacted);
    for (let round = 0; round < 10; round++) append(log, `a=${round}`);
    const path = '/data/orders-0/00000000000000000000.log';
    const bytes = environment.disk.readFile(path)!;
    bytes[bytes.length - 1]! ^= 1;
    const file = environment.disk.open(path);
    file.truncate(0);
    file.append([bytes]);
    await log.flush();
    await cleanerOf(environment, log).run([log]);
    expect(Buffer.from(environment.disk.readFile(path)!)).toEqual(Buffer.from(bytes));
    expect(environment.disk.list('/data/orders-0').some((name) => /cleaned|swap|deleted/.test(name))).toBe(false);
  });

  it('gives up where the log is truncated meanwhile', async () => {
    const { create, environment, clock } = createLogBench();
    const log = create(compacted);
    for (let round = 0; round < 10; round++) append(log, `a=${round}`);
    // Every look at the clock lets a slice pass, so that the cleaning pauses after each batch.
    let nowMs = 0;
    const slow = { ...environment, clock: { ...clock, monotonicMs: () => (nowMs += 100) } };
    await log.flush();
    const running = cleanerOf(slow, log).run([log]);
    log.truncateTo(3n);
    await running;
    expect(contentsOf(log)).toEqual(['0:a=0', '1:a=1', '2:a=2']);
    expect(environment.disk.list('/data/orders-0').some((name) => name.includes('.cleaned'))).toBe(false);
    expect(environment.disk.readFile('/data/cleaner-offset-checkpoint')).toBeNull();
  });

  it('is finished or undone at the next start, wherever a crash cuts it', async () => {
    // The disk throws after so many changes of names: every place that a crash can come between two of them.
    for (let crashAfter = 0; ; crashAfter++) {
      const { create, environment, reopen } = createLogBench();
      const log = create(compacted);
      for (let round = 0; round < 12; round++) append(log, `a=${round}`, `b${round}=x`);
      await log.flush();
      let changes = 0;
      const crash =
        <A extends unknown[]>(change: (...args: A) => void) =>
        (...args: A) => {
          if (changes++ >= crashAfter) throw new Error('crash');
          change(...args);
        };
      const { disk } = environment;
      const rename = disk.rename;
      const remove = disk.remove;
      Object.assign(disk, { rename: crash(rename), remove: crash(remove) });
      await cleanerOf(environment, log)
        .run([log])
        .catch((error: Error) => expect(error.message).toContain('crash'));
      const isDone = changes <= crashAfter;
      Object.assign(disk, { rename, remove });
      const again = await reopen({ recoveryPoint: 24n });
      const contents = contentsOf(again);
      expect(again.endOffset).toBe(24n);
      for (let round = 0; round < 12; round++) expect(contents).toContain(`${2 * round + 1}:b${round}=x`);
      expect(contents).toContain('22:a=11');
      expect(disk.list('/data/orders-0').some((name) => /cleaned|swap|deleted/.test(name))).toBe(false);
      if (isDone) return;
    }
  });
});
