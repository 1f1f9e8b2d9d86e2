import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { batchOf, createLogBench } from './log-fixture.js';

const append = (log: Log, value: string, timestampMs?: number, epoch = 0) =>
  log.appendAsLeader(batchOf([value], timestampMs === undefined ? {} : { timestampMs }), epoch, 'client');
const outOfRange = expect.objectContaining({ code: 'OFFSET_OUT_OF_RANGE' });

describe('retention', () => {
  it('removes segments that are too old, the active one too, and their files after a delay', async () => {
    const { create, clock, environment, reopen } = createLogBench();
    const log = create({ segmentBytes: 200, retentionMs: 10_000, fileDeleteDelayMs: 500 });
    for (let index = 0; index < 6; index++) append(log, `old-${index}`);
    clock.pass(8000);
    append(log, 'new', clock.now());
    clock.pass(3000);
    expect(log.deleteOldSegments()).toBeGreaterThan(0);
    expect(log.startOffset).toBeGreaterThan(3n);
    expect(log.endOffset).toBe(7n);
    expect(() => log.read(0n, { maxBytes: 100 })).toThrow(outOfRange);
    expect(environment.disk.list('/data/orders-0').some((name) => name.endsWith('.deleted'))).toBe(true);
    clock.pass(500);
    expect(environment.disk.list('/data/orders-0').some((name) => name.endsWith('.deleted'))).toBe(false);
    clock.pass(20_000);
    log.deleteOldSegments();
    expect([log.startOffset, log.endOffset, log.sizeBytes]).toEqual([7n, 7n, 0]);
    append(log, 'next', clock.now());
    await log.close();
    expect((await reopen({ isCleanShutdown: true })).startOffset).toBe(7n);
  });

  it('leaves files that cannot be removed to the next start', async () => {
    const { create, clock, environment, reopen } = createLogBench();
    const log = create({ segmentBytes: 200, retentionMs: 10_000, fileDeleteDelayMs: 500 });
    for (let index = 0; index < 6; index++) append(log, `old-${index}`);
    clock.pass(20_000);
    log.deleteOldSegments();
    const { disk } = environment;
    const { remove } = disk;
    const refuse = () => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    };
    Object.assign(disk, { remove: refuse });
    expect(() => clock.pass(500)).not.toThrow();
    Object.assign(disk, { remove });
    const leftovers = () => disk.list('/data/orders-0').filter((name) => name.endsWith('.deleted'));
    expect(leftovers()).not.toEqual([]);
    await log.close();
    expect((await reopen()).startOffset).toBe(6n);
    expect(leftovers()).toEqual([]);
  });

  it('remembers the next offset over a crash where every record was too old', async () => {
    const { create, clock, reopen } = createLogBench();
    const log = create({ segmentBytes: 200, retentionMs: 10_000, fileDeleteDelayMs: 500 });
    for (let index = 0; index < 6; index++) append(log, `old-${index}`);
    clock.pass(20_000);
    log.deleteOldSegments();
    clock.pass(500);
    expect(log.sizeBytes).toBe(0);
    // No flush, no checkpoint.
    const again = await reopen();
    expect([again.startOffset, again.endOffset]).toEqual([6n, 6n]);
    expect(append(again, 'next', clock.now()).firstOffset).toBe(6n);
  });

  it('keeps to retention.bytes, and never passes the committed offset', () => {
    const { create } = createLogBench();
    const log = create({ segmentBytes: 200, retentionBytes: 500 });
    for (let index = 0; index < 20; index++) append(log, `value-${index}`);
    log.committedOffset = () => 3n;
    log.deleteOldSegments();
    expect(log.startOffset).toBeLessThanOrEqual(3n);
    log.committedOffset = () => log.endOffset;
    log.deleteOldSegments();
    expect(log.sizeBytes).toBeGreaterThanOrEqual(500);
    expect(log.sizeBytes).toBeLessThan(700);
  });

  it('removes what DeleteRecords has passed', () => {
    const { create } = createLogBench();
    const log = create({ segmentBytes: 200, cleanupPolicy: ['compact'] });
    for (let index = 0; index < 10; index++) append(log, `k=value-${index}`);
    log.committedOffset = () => 9n;
    expect(() => log.deleteRecordsBefore(10n)).toThrow(outOfRange);
    expect(log.deleteRecordsBefore(5n)).toBe(true);
    expect(log.deleteRecordsBefore(4n)).toBe(false);
    expect(log.startOffset).toBe(5n);
    expect(() => log.read(4n, { maxBytes: 100 })).toThrow(outOfRange);
    const before = log.segments.length;
    expect(log.deleteOldSegments()).toBe(before - log.segments.length);
    expect(log.segments[0]!.baseOffset).toBeLessThanOrEqual(5n);
    expect(log.segments[1]!.baseOffset).toBeGreaterThan(5n);
  });

  it('rolls a segment after segment.ms, by the records\u2019 own time', () => {
    const { create, clock } = createLogBench();
    const log = create({ segmentMs: 1000 });
    const start = clock.now();
    append(log, 'a', start);
    append(log, 'b', start + 1000);
    expect(log.segments).toHaveLength(1);
    append(log, 'c', start + 1001);
    expect(log.segments.map(({ baseOffset }) => baseOffset)).toEqual([0n, 2n]);
  });

  it('refuses what is larger than a segment', () => {
    const log = createLogBench().create({ segmentBytes: 100 });
    expect(() => append(log, 'x'.repeat(100))).toThrow(expect.objectContaining({ code: 'RECORD_LIST_TOO_LARGE' }));
  });
});
