import { describe, expect, it } from 'vitest';
import { Log } from '../../../src/broker/log/log.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
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

describe('recovery', () => {
  it.each([
    { isCleanShutdown: false, recoveryPoint: 0n },
    { isCleanShutdown: false, recoveryPoint: 10n },
    { isCleanShutdown: true, recoveryPoint: 16n },
  ])('opens when cut at any byte, and drops only the torn batch (%o)', { timeout: 60_000 }, async (options) => {
    const { create, environment, reopen } = createLogBench();
    const log = create({ indexIntervalBytes: 100 });
    const ends = [0];
    for (let index = 0; index < 8; index++) ends.push(ends.at(-1)! + append(log, `value-${index}`, 'x').sizeBytes);
    await log.close();
    const { disk } = environment;
    const path = '/data/orders-0/00000000000000000000.log';
    const whole = disk.readFile(path)!;
    const files = disk.list('/data/orders-0').map((name) => [name, disk.readFile(`/data/orders-0/${name}`)!] as const);
    for (let cut = 0; cut <= whole.length; cut++) {
      disk.remove('/data/orders-0');
      disk.makeDirectory('/data/orders-0');
      for (const [name, content] of files) disk.writeFile(`/data/orders-0/${name}`, content);
      disk.open(path).truncate(cut);
      const opened = await reopen(options);
      const batches = ends.findLastIndex((end) => end <= cut);
      expect(opened.endOffset).toBe(BigInt(2 * batches));
      expect(opened.sizeBytes).toBe(ends[batches]);
      expect(valuesOf(opened)).toHaveLength(2 * batches);
      expect(append(opened, 'next').firstOffset).toBe(BigInt(2 * batches));
      expect(valuesOf(opened).at(-1)).toBe('next');
      opened.release();
    }
  });

  it('keeps what was flushed over power loss', async () => {
    const { create, storage, environment, options } = createLogBench();
    const log = create();
    append(log, 'a');
    await log.flush();
    expect(log.recoveryPoint).toBe(1n);
    append(log, 'b');
    storage.losePower();
    const again = await Log.open({ ...environment, disk: storage.attach() }, { ...options, recoveryPoint: 1n });
    expect(again.endOffset).toBe(1n);
    expect(valuesOf(again)).toEqual(['a']);
    expect(again.latestEpoch).toBe(3);
  });

  it.each([['delete'], ['compact'], ['compact', 'delete']] as const)(
    'ends before a hole that power loss left between two segments: %s, %s',
    async (...cleanupPolicy) => {
      const { create, environment, reopen } = createLogBench();
      const log = create({ cleanupPolicy, segmentBytes: 200, indexIntervalBytes: 1 });
      for (let index = 0; index < 6; index++) append(log, `key=value-${index}`);
      expect(log.segments.map(({ baseOffset }) => baseOffset)).toEqual([0n, 2n, 4n]);
      const { path, sizeBytes } = log.segments[1]!;
      log.release();
      environment.disk.open(path).truncate(sizeBytes / 2);
      const opened = await reopen({ recoveryPoint: 2n });
      expect(valuesOf(opened)).toEqual(['value-0', 'value-1', 'value-2']);
      expect(append(opened, 'key=next').firstOffset).toBe(3n);
      expect(valuesOf(opened)).toEqual(['value-0', 'value-1', 'value-2', 'next']);
    },
  );

  it("takes a gap for the cleaner's below the recovery point, and where none is known", async () => {
    for (const recoveryPoint of [0n, 4n]) {
      const { create, environment, reopen } = createLogBench();
      const log = create({ cleanupPolicy: ['compact'], segmentBytes: 200, indexIntervalBytes: 1 });
      for (let index = 0; index < 6; index++) append(log, `key=value-${index}`);
      const { path, sizeBytes } = log.segments[1]!;
      log.release();
      environment.disk.open(path).truncate(sizeBytes / 2);
      expect(valuesOf(await reopen({ recoveryPoint }))).toEqual(['value-0', 'value-1', 'value-2', 'value-4', 'value-5']);
    }
  });

  it('takes no gap that a follower copied for a hole', async () => {
    const leader = createLogBench().create({ cleanupPolicy: ['compact'] });
    for (let index = 0; index < 9; index++) append(leader, `key=value-${index}`);
    const { create, reopen } = createLogBench();
    const log = create({ cleanupPolicy: ['compact'], segmentBytes: 200 });
    for (const offset of [0n, 1n, 5n, 7n, 8n]) log.appendAsFollower(leader.read(offset, { maxBytes: 1, minOneBatch: true }));
    expect(log.segments.map(({ baseOffset }) => baseOffset)).toEqual([0n, 2n, 8n]);
    log.release();
    const opened = await reopen({ recoveryPoint: 1n });
    expect(valuesOf(opened)).toEqual(['value-0', 'value-1', 'value-5', 'value-7', 'value-8']);
    expect(opened.endOffset).toBe(9n);
  });
});

describe('a flush', () => {
  it('covers what was appended before it and was not cut off since', async () => {
    const log = createLogBench().create();
    append(log, 'a', 'b');
    const flushed = log.flush();
    append(log, 'c');
    await flushed;
    expect(log.recoveryPoint).toBe(2n);
    const again = log.flush();
    log.truncateTo(2n);
    await again;
    expect(log.recoveryPoint).toBe(2n);
    log.truncateTo(0n);
    expect(log.recoveryPoint).toBe(0n);
  });

  it('covers the indexes, which recovery takes as they are below the recovery point', async () => {
    const { create, storage, environment, options } = createLogBench();
    const log = create({ segmentBytes: 300, indexIntervalBytes: 1 });
    for (let index = 0; index < 10; index++) append(log, `value-${index}`);
    await log.flush();
    const max = log.offsetOfMaxTimestamp();
    storage.losePower();
    const again = await Log.open({ ...environment, disk: storage.attach() }, { ...options, config: log.config, recoveryPoint: 10n });
    expect(again.segments.map(({ offsetIndex }) => offsetIndex.file.count)).toEqual(
      log.segments.map(({ offsetIndex }) => offsetIndex.file.count),
    );
    expect(again.offsetOfMaxTimestamp()).toEqual(max);
    expect(valuesOf(again)).toHaveLength(10);
  });
});

describe('a new segment', () => {
  it('has those before it synced in the background, so that they are not scanned again', async () => {
    const { create, storage, environment, options } = createLogBench();
    const log = create({ segmentBytes: 300, indexIntervalBytes: 1 });
    for (let index = 0; index < 10; index++) append(log, `value-${index}`);
    const { baseOffset } = log.segments.at(-1)!;
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.recoveryPoint).toBe(baseOffset);
    const { recoveryPoint, config } = log;
    storage.losePower();
    const again = await Log.open({ ...environment, disk: storage.attach() }, { ...options, config, recoveryPoint });
    expect(again.endOffset).toBe(baseOffset);
    expect(valuesOf(again)).toHaveLength(Number(baseOffset));
  });
});

describe('a damaged log', () => {
  it('says so, and serves what is whole before the damage', () => {
    const { create, environment } = createLogBench();
    const log = create();
    const size = append(log, 'a').sizeBytes;
    append(log, 'b');
    append(log, 'c');
    const path = '/data/orders-0/00000000000000000000.log';
    const bytes = environment.disk.readFile(path)!;
    bytes.fill(0xee, size, size + 20);
    const file = environment.disk.open(path);
    file.truncate(0);
    file.append([bytes]);
    expect(decodeRecords(log.read(0n, { maxBytes: size }))).toHaveLength(1);
    expect(() => log.read(1n, { maxBytes: 1000 })).toThrow(expect.objectContaining({ code: 'CORRUPT_MESSAGE' }));
    expect(() => log.read(0n, { maxBytes: 1000 })).toThrow(expect.objectContaining({ code: 'CORRUPT_MESSAGE' }));
  });

  it('opens with any garbage at its tail, or as its tail', async () => {
    const { create, environment, reopen } = createLogBench();
    const log = create();
    append(log, 'a');
    const keptBytes = append(log, 'b').sizeBytes * 2;
    await log.close();
    const path = '/data/orders-0/00000000000000000000.log';
    const kept = Buffer.from(environment.disk.readFile(path)!);
    const stale = Buffer.from(kept);
    const flipped = Buffer.from(batchOf(['c'], { baseOffset: 2n }));
    flipped[flipped.length - 2]! ^= 1;
    const tails = [
      Buffer.alloc(500),
      Buffer.alloc(500, 0xff),
      // A whole, sound batch, but of offsets that are there already.
      stale.subarray(0, keptBytes / 2),
      flipped,
      // A header that claims two gigabytes.
      Buffer.concat([kept.subarray(0, 8), Buffer.from([0x7f, 0xff, 0xff, 0xff]), kept.subarray(12)]),
    ];
    for (const tail of tails) {
      // What is whole but garbled is found by its CRC, which an orderly stop spares the next start.
      for (const isCleanShutdown of tail === flipped ? [false] : [false, true]) {
        const file = environment.disk.open(path);
        file.truncate(0);
        file.append([kept, tail]);
        const opened = await reopen({ isCleanShutdown });
        expect(opened.endOffset).toBe(2n);
        expect(valuesOf(opened)).toEqual(['a', 'b']);
        expect(append(opened, 'c').firstOffset).toBe(2n);
        opened.release();
      }
    }
  });

  it('makes indexes again that are missing or garbled', async () => {
    const { create, environment, reopen } = createLogBench();
    const log = create({ segmentBytes: 400, indexIntervalBytes: 1 });
    const values = Array.from({ length: 20 }, (_, index) => `value-${index}`);
    for (const value of values) append(log, value);
    await log.close();
    const names = environment.disk.list('/data/orders-0').filter((name) => name.endsWith('index'));
    for (const name of names) {
      const path = `/data/orders-0/${name}`;
      const whole = environment.disk.readFile(path)!;
      for (const content of [null, whole.subarray(0, whole.length - 1)]) {
        environment.disk.remove(path);
        if (content !== null) environment.disk.writeFile(path, content);
        const opened = await reopen({ isCleanShutdown: true, recoveryPoint: 20n });
        expect(valuesOf(opened)).toEqual(values);
        expect(Buffer.from(environment.disk.readFile(path)!)).toEqual(Buffer.from(whole));
        await opened.close();
      }
    }
  });
});
