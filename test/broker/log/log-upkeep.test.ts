import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
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

describe('timestamps', () => {
  it('are found by the first record at or after them', async () => {
    const { create, reopen } = createLogBench();
    const log = create({ segmentBytes: 400, indexIntervalBytes: 1 });
    // Out of order in places, as producers have it.
    const times = [10, 30, 20, 40, 40, 35, 60, 50, 70, 5, 80, 90];
    for (const [index, time] of times.entries()) append(log, `value-${index}`, time);
    const check = (opened: Log) => {
      for (let wanted = 0; wanted <= 95; wanted += 5) {
        const index = times.findIndex((time) => time >= wanted);
        const expected = index < 0 ? null : { offset: BigInt(index), timestampMs: times[index], leaderEpoch: 0 };
        expect(opened.offsetForTimestamp(wanted)).toEqual(expected);
      }
      expect(opened.offsetOfMaxTimestamp()).toEqual({ offset: 11n, timestampMs: 90, leaderEpoch: 0 });
    };
    check(log);
    await log.close();
    check(await reopen({ isCleanShutdown: true }));
    check(await reopen());
    log.deleteRecordsBefore(2n);
    expect(log.offsetForTimestamp(10)).toMatchObject({ offset: 2n });
  });

  it('are none in an empty log', () => {
    const log = createLogBench().create();
    expect(log.offsetForTimestamp(0)).toBeNull();
    expect(log.offsetOfMaxTimestamp()).toBeNull();
  });

  it('are the append time of the topic where it says so, also of a repetition', () => {
    const { create, clock } = createLogBench();
    const log = create({ messageTimestampType: 'LogAppendTime' });
    const records = () => batchOf(['a'], { producerId: 1n, producerEpoch: 0, baseSequence: 0, timestampMs: 1 });
    const first = clock.now();
    expect(log.appendAsLeader(records(), 0, 'client').logAppendTimeMs).toBe(first);
    clock.pass(50);
    expect(log.appendAsLeader(records(), 0, 'client')).toMatchObject({ isDuplicate: true, logAppendTimeMs: first });
  });

  it('are answered for a repetition in any topic, as Kafka does', () => {
    const log = createLogBench().create();
    const records = () => batchOf(['a'], { producerId: 1n, producerEpoch: 0, baseSequence: 0, timestampMs: 77 });
    expect(log.appendAsLeader(records(), 0, 'client').logAppendTimeMs).toBe(-1);
    expect(log.appendAsLeader(records(), 0, 'client')).toMatchObject({ isDuplicate: true, logAppendTimeMs: 77 });
  });
});

describe('leader epochs', () => {
  it('end where the next begins (KIP-101)', async () => {
    const { create, reopen } = createLogBench();
    const log = create();
    expect(log.endOffsetForEpoch(0)).toBeNull();
    log.assignEpochStartOffset(2, 0n);
    append(log, 'a', undefined, 2);
    append(log, 'b', undefined, 2);
    append(log, 'c', undefined, 5);
    const check = (opened: Log) => {
      expect(opened.latestEpoch).toBe(5);
      expect(opened.endOffsetForEpoch(-1)).toBeNull();
      expect(opened.endOffsetForEpoch(1)).toEqual({ leaderEpoch: 1, endOffset: 0n });
      expect(opened.endOffsetForEpoch(2)).toEqual({ leaderEpoch: 2, endOffset: 2n });
      expect(opened.endOffsetForEpoch(4)).toEqual({ leaderEpoch: 2, endOffset: 2n });
      expect(opened.endOffsetForEpoch(5)).toEqual({ leaderEpoch: 5, endOffset: 3n });
      expect(opened.endOffsetForEpoch(6)).toBeNull();
      expect([0n, 1n, 2n].map((offset) => opened.epochForOffset(offset))).toEqual([2, 2, 5]);
    };
    check(log);
    await log.close();
    check(await reopen({ isCleanShutdown: true }));
  });

  it('are read from the batches where their file is no good', async () => {
    const { create, environment, reopen } = createLogBench();
    const log = create();
    append(log, 'a', undefined, 2);
    append(log, 'b', undefined, 4);
    await log.close();
    environment.disk.writeFile('/data/orders-0/leader-epoch-checkpoint', Buffer.from('0\n7\n2 0'));
    const again = await reopen({ isCleanShutdown: true, recoveryPoint: 2n });
    expect(again.epochs).toEqual([
      { epoch: 2, startOffset: 0n },
      { epoch: 4, startOffset: 1n },
    ]);
  });

  it('follow truncation at either end', () => {
    const log = createLogBench().create();
    for (const epoch of [1, 1, 3, 3, 7]) append(log, 'v', undefined, epoch);
    log.truncateTo(3n);
    expect(log.latestEpoch).toBe(3);
    expect(log.endOffset).toBe(3n);
    log.deleteRecordsBefore(1n);
    expect(log.epochs[0]).toEqual({ epoch: 1, startOffset: 1n });
    log.truncateFullyAndStartAt(30n);
    expect([log.startOffset, log.endOffset, log.latestEpoch]).toEqual([30n, 30n, null]);
    expect(append(log, 'next', undefined, 8).firstOffset).toBe(30n);
  });
});

describe('a follower', () => {
  it('takes offsets and epochs as the leader gave them', () => {
    const leader = createLogBench().create();
    for (const epoch of [1, 1, 2]) append(leader, `value-${epoch}`, undefined, epoch);
    const follower = createLogBench().create();
    const all = Uint8Array.from(leader.read(0n, { maxBytes: 10_000 }));
    const torn = all.subarray(0, all.length - 3);
    expect(follower.appendAsFollower(torn)).toMatchObject({ firstOffset: 0n, lastOffset: 1n });
    expect(follower.appendAsFollower(leader.read(2n, { maxBytes: 10_000 }), 1)).toBeNull();
    expect(follower.appendAsFollower(leader.read(2n, { maxBytes: 10_000 }), 2)).toMatchObject({ lastOffset: 2n });
    expect(follower.epochs).toEqual(leader.epochs);
    expect(Buffer.from(follower.read(0n, { maxBytes: 10_000 }))).toEqual(Buffer.from(all));
    expect(() => follower.appendAsFollower(all)).toThrow(expect.objectContaining({ code: 'CORRUPT_MESSAGE' }));
    expect(follower.appendAsFollower(new Uint8Array(5))).toBeNull();
  });

  it('may find a gap, which the cleaner left', () => {
    const follower = createLogBench().create();
    const [batch] = batchesOf(batchOf(['v'], { baseOffset: 0n }));
    batch!.assign(500n, 3);
    expect(follower.appendAsFollower(batch!.bytes)).toMatchObject({ firstOffset: 500n });
    expect([...batchesOf(follower.read(7n, { maxBytes: 1000 }))].map(({ baseOffset }) => baseOffset)).toEqual([500n]);
  });
});

describe('deletion', () => {
  it('renames the directory and removes it after the delay', () => {
    const { create, environment, clock } = createLogBench();
    const log = create({ fileDeleteDelayMs: 1000 });
    append(log, 'a');
    log.delete();
    expect(environment.disk.list('/data')).toEqual([`orders-0.${'07'.repeat(16)}-delete`]);
    expect(() => append(log, 'b')).toThrow(expect.objectContaining({ code: 'KAFKA_STORAGE_ERROR' }));
    clock.pass(1000);
    expect(environment.disk.list('/data')).toEqual([]);
  });

  it('is done with while a flush goes on', async () => {
    const { create, environment } = createLogBench();
    const log = create();
    append(log, 'a');
    const flushed = log.flush();
    log.delete();
    await flushed;
    expect(environment.disk.list('/data')).toEqual([`orders-0.${'07'.repeat(16)}-delete`]);
  });
});

describe('truncation', () => {
  it('cuts at any offset, over segments, and appends go on there', async () => {
    for (let offset = 0n; offset <= 20n; offset++) {
      const { create, reopen } = createLogBench();
      const log = create({ segmentBytes: 300, indexIntervalBytes: 50 });
      for (let index = 0; index < 20; index++) append(log, `value-${index}`);
      expect(log.truncateTo(offset)).toBe(offset < 20n);
      expect(log.endOffset).toBe(offset);
      expect(append(log, 'next').firstOffset).toBe(offset);
      await log.flush();
      await log.close();
      const again = await reopen({ isCleanShutdown: true });
      expect(again.endOffset).toBe(offset + 1n);
      expect([...batchesOf(again.read(offset, { maxBytes: 1000 }))].map(({ baseOffset }) => baseOffset)).toEqual([offset]);
    }
  });

  it('takes the whole batch that an offset lies in', () => {
    const log = createLogBench().create();
    append(log, 'a');
    log.appendAsLeader(batchOf(['b', 'c', 'd']), 0, 'client');
    log.truncateTo(3n);
    expect(log.endOffset).toBe(1n);
  });
});
