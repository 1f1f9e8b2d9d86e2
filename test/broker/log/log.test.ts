import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
import { batchOf, createLogBench } from './log-fixture.js';

const valuesOf = (log: Log, from = log.startOffset): string[] => {
  const values: string[] = [];
  for (let offset = from; ; ) {
    const records = decodeRecords(log.read(offset, { maxBytes: 500, minOneBatch: true }));
    if (records.length === 0) return values;
    for (const record of records) if (record.offset >= from) values.push(String(record.value));
    offset = records.at(-1)!.offset + 1n;
  }
};
const append = (log: Log, ...values: string[]) => log.appendAsLeader(batchOf(values), 3, 'client');

describe('append and read', () => {
  it('gives offsets and reads back whole batches', () => {
    const log = createLogBench().create();
    expect(append(log, 'a', 'b')).toMatchObject({ firstOffset: 0n, lastOffset: 1n, isDuplicate: false });
    expect(append(log, 'c')).toMatchObject({ firstOffset: 2n, lastOffset: 2n, logAppendTimeMs: -1 });
    expect(log.endOffset).toBe(3n);
    expect(valuesOf(log)).toEqual(['a', 'b', 'c']);
    expect(valuesOf(log, 1n)).toEqual(['b', 'c']);
    expect(log.read(3n, { maxBytes: 100 })).toHaveLength(0);
    expect(() => log.read(4n, { maxBytes: 100 })).toThrow(expect.objectContaining({ code: 'OFFSET_OUT_OF_RANGE' }));
  });

  it('stops at the bytes and at the offset it is told to', () => {
    const log = createLogBench().create();
    const size = append(log, 'a').sizeBytes;
    append(log, 'b');
    append(log, 'c');
    expect(decodeRecords(log.read(0n, { maxBytes: 2 * size }))).toHaveLength(2);
    expect(log.read(0n, { maxBytes: size - 1 })).toHaveLength(0);
    expect(log.read(0n, { maxBytes: size - 1, minOneBatch: true })).toHaveLength(size);
    expect(decodeRecords(log.read(0n, { maxBytes: 1000, upToOffset: 2n }))).toHaveLength(2);
    expect(log.read(2n, { maxBytes: 1000, upToOffset: 2n })).toHaveLength(0);
  });

  it('makes no file before the first record', () => {
    const { create, environment } = createLogBench();
    const log = create();
    expect(environment.disk.list('/data')).toEqual([]);
    log.assignEpochStartOffset(4, 0n);
    expect(log.read(0n, { maxBytes: 10 })).toHaveLength(0);
    expect(environment.disk.list('/data')).toEqual([]);
    append(log, 'a');
    expect(environment.disk.list('/data/orders-0')).toEqual(['00000000000000000000.log', 'leader-epoch-checkpoint', 'partition.metadata']);
  });

  it('rolls by size and reads over segments', async () => {
    const { create, environment, reopen } = createLogBench();
    const log = create({ segmentBytes: 400, indexIntervalBytes: 1 });
    const values = Array.from({ length: 40 }, (_, index) => `value-${index}`);
    for (const value of values) append(log, value);
    expect(environment.disk.list('/data/orders-0').filter((name) => name.endsWith('.log')).length).toBeGreaterThan(5);
    expect(valuesOf(log)).toEqual(values);
    await log.close();
    const again = await reopen({ isCleanShutdown: true });
    expect(again.endOffset).toBe(40n);
    expect(valuesOf(again)).toEqual(values);
    for (let from = 0; from < 40; from++) expect(valuesOf(again, BigInt(from))).toEqual(values.slice(from));
  });

  it('leaves all as it was when the disk is full', () => {
    const { create, storage } = createLogBench();
    const log = create();
    append(log, 'a');
    storage.capacityBytes = storage.usedBytes + 10;
    expect(() => append(log, 'b')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(log.endOffset).toBe(1n);
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    expect(append(log, 'c').firstOffset).toBe(1n);
    expect(valuesOf(log)).toEqual(['a', 'c']);
  });
});

describe('a follower', () => {
  it('takes offsets and epochs as the leader gave them', () => {
    const leader = createLogBench().create();
    for (const epoch of [1, 1, 2]) leader.appendAsLeader(batchOf([`value-${epoch}`]), epoch, 'client');
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
  it('renames the directory and removes it after the delay', async () => {
    const { create, environment, clock } = createLogBench();
    const log = create({ fileDeleteDelayMs: 1000 });
    append(log, 'a');
    log.delete();
    expect(environment.disk.list('/data')).toEqual([`orders-0.${'07'.repeat(16)}-delete`]);
    expect(() => append(log, 'b')).toThrow(expect.objectContaining({ code: 'KAFKA_STORAGE_ERROR' }));
    clock.pass(999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(environment.disk.list('/data')).toHaveLength(1);
    clock.pass(1);
    await new Promise((resolve) => setImmediate(resolve));
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

  it('at the end takes an epoch that began there without a record', () => {
    const log = createLogBench().create();
    log.appendAsLeader(batchOf(['a']), 1, 'client');
    log.assignEpochStartOffset(2, 1n);
    expect(log.truncateTo(1n)).toBe(false);
    expect(log.latestEpoch).toBe(1);
  });
});
