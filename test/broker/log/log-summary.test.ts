import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../../src/broker/log/checkpoint-file.js';
import { Log } from '../../../src/broker/log/log.js';
import { readLogSummaries, removeLogSummaries, writeLogSummaries } from '../../../src/broker/log/log-summary.js';
import { batchOf, createLogBench } from './log-fixture.js';

const inOrder = { isCleanShutdown: true };
const append = (log: Log, value: string, epoch = 3) => log.appendAsLeader(batchOf([value]), epoch, 'client');

describe('the summary of a short log', () => {
  it('opens it with all it had, and a look at the size of its file alone', async () => {
    const { create, environment, options } = createLogBench();
    const before = create();
    for (const [epoch, value] of ['a', 'b', 'c'].entries()) append(before, value, epoch);
    before.deleteRecordsBefore(1n);
    const summary = (await before.close())!;
    const { disk } = environment;
    writeLogSummaries(disk, '/data', [summary], { sync: true });
    expect(readLogSummaries(disk, '/data', inOrder)).toEqual(new Map([['orders-0', summary]]));
    const asked: string[] = [];
    const watched = new Proxy(disk, {
      get: (target, name) => {
        asked.push(String(name));
        return Reflect.get(target, name);
      },
    });
    const log = await Log.open({ ...environment, disk: watched }, { ...options, recoveryPoint: 3n, isCleanShutdown: true, summary });
    expect(asked).toEqual(['size']);
    const factsOf = ({ startOffset, endOffset, recoveryPoint, epochs, sizeBytes }: Log) => ({
      ...{ startOffset, endOffset, recoveryPoint, epochs, sizeBytes },
    });
    expect(factsOf(log)).toEqual(factsOf(before));
    expect(Buffer.from(log.read(1n, { maxBytes: 1000 }))).toEqual(Buffer.from(before.read(1n, { maxBytes: 1000 })));
    expect(append(log, 'd').firstOffset).toBe(3n);
  });

  it('opens a log that was not closed no further than it was synced, and without an epoch that no record has', async () => {
    const { create, environment, options } = createLogBench();
    const before = create();
    append(before, 'a');
    await before.flush();
    append(before, 'b');
    before.assignEpochStartOffset(4, 2n);
    const summary = before.summary!;
    before.release();
    const log = await Log.open(environment, { ...options, recoveryPoint: 1n, startOffset: 1n, summary });
    expect(log).toMatchObject({ startOffset: 1n, recoveryPoint: 1n, endOffset: 2n, latestEpoch: 3 });
  });

  it('opens a log whose beginning was deleted since without the epochs that ended there', async () => {
    const { create, environment, options } = createLogBench();
    const before = create();
    for (const [epoch, value] of ['a', 'b', 'c', 'd'].entries()) append(before, value, epoch);
    const summary = before.summary!;
    before.deleteRecordsBefore(3n);
    before.release();
    const changed = { ...options, startOffset: 3n };
    const logs = [await Log.open(environment, { ...changed, summary }), await Log.open(environment, changed)];
    for (const log of logs) {
      expect(log.epochs).toEqual([{ epoch: 3, startOffset: 3n }]);
      expect(log.endOffsetForEpoch(0)).toEqual({ leaderEpoch: 0, endOffset: 3n });
    }
  });

  it('is taken back before anything but an append changes the log', () => {
    const rewritten: string[] = [];
    const changes: readonly ((log: Log) => void)[] = [
      (log) => log.truncateTo(1n),
      (log) => log.truncateFullyAndStartAt(7n),
      (log) => log.delete(),
      // Everything is too old: a new segment takes its place.
      (log) => log.deleteOldSegments(),
    ];
    for (const change of changes) {
      const { clock, environment, options } = createLogBench();
      const log = Log.create(environment, {
        ...options,
        config: { ...options.config, retentionMs: 1000 },
        onRewrite: ({ topic, partition }) => rewritten.push(`${topic}-${partition} ${log.summary?.endOffset}`),
      });
      append(log, 'a');
      append(log, 'b');
      clock.pass(1_000_000);
      expect(rewritten.splice(0)).toEqual([]);
      change(log);
      expect(rewritten.splice(0)[0]).toBe('orders-0 2');
    }
  });

  it('is not believed where the file has another size', async () => {
    const { create, environment, options } = createLogBench();
    const before = create();
    append(before, 'a');
    append(before, 'b');
    const summary = (await before.close())!;
    environment.disk.open('/data/orders-0/00000000000000000000.log').truncate(summary.sizeBytes - 1);
    const log = await Log.open(environment, { ...options, recoveryPoint: 2n, isCleanShutdown: true, summary });
    expect(log.endOffset).toBe(1n);
  });

  it('is not made of a log that has several segments, indexes, or nothing', async () => {
    expect(await createLogBench().create().close()).toBeNull();
    for (const config of [{ segmentBytes: 100 }, { indexIntervalBytes: 1 }]) {
      const log = createLogBench().create(config);
      for (const value of ['a', 'b', 'c']) append(log, value);
      expect(await log.close()).toBeNull();
    }
  });
});

describe('the file of summaries', () => {
  it('is believed after a stop that was not in order as long as the machine runs', () => {
    const { create, environment, storage } = createLogBench();
    const log = create();
    append(log, 'a');
    writeLogSummaries(environment.disk, '/data', [log.summary!], { sync: true });
    const read = (isCleanShutdown: boolean) => [...readLogSummaries(storage.attach(), '/data', { isCleanShutdown }).keys()];
    expect(read(false)).toEqual(['orders-0']);
    storage.losePower();
    expect(read(false)).toEqual([]);
    expect(read(true)).toEqual(['orders-0']);
    expect(readLogSummaries({ ...storage.attach(), bootId: null }, '/data', { isCleanShutdown: false }).size).toBe(0);
  });

  it('tells of a topic of any name', () => {
    const { create, environment } = createLogBench();
    const log = create();
    append(log, 'a');
    const summary = { ...log.summary!, topicPartition: { topic: 'boot', partition: 0 } };
    writeLogSummaries(environment.disk, '/data', [summary], { sync: true });
    expect(readLogSummaries(environment.disk, '/data', inOrder)).toEqual(new Map([['boot-0', summary]]));
  });

  it('is empty where it is absent, and malformed where a line is', () => {
    const { environment } = createLogBench();
    const { disk } = environment;
    removeLogSummaries(disk, '/data');
    expect(readLogSummaries(disk, '/data', inOrder).size).toBe(0);
    disk.writeFile('/data/log-summary-checkpoint', Buffer.from('0\n1\norders 0 vPeOCWypqUOSepEvx0cbog 0 70 0\n'));
    expect(() => readLogSummaries(disk, '/data', inOrder)).toThrow(CheckpointError);
  });
});
