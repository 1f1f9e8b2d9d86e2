import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../../src/broker/log/checkpoint-file.js';
import { Log } from '../../../src/broker/log/log.js';
import { readLogSummaries, removeLogSummaries, writeLogSummaries } from '../../../src/broker/log/log-summary.js';
import { batchOf, createLogBench } from './log-fixture.js';

const append = (log: Log, value: string, epoch = 3) => log.appendAsLeader(batchOf([value]), epoch, 'client');

describe('the summary of a short log', () => {
  it('opens it with all it had, and a look at the size of its file alone', async () => {
    const { create, environment, options } = createLogBench();
    const before = create();
    for (const [epoch, value] of ['a', 'b', 'c'].entries()) append(before, value, epoch);
    before.deleteRecordsBefore(1n);
    const summary = (await before.close())!;
    const { disk } = environment;
    writeLogSummaries(disk, '/data', [summary]);
    expect(readLogSummaries(disk, '/data')).toEqual(new Map([['orders-0', summary]]));
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
  it('is empty where it is absent, and malformed where a line is', () => {
    const { environment } = createLogBench();
    const { disk } = environment;
    removeLogSummaries(disk, '/data');
    expect(readLogSummaries(disk, '/data').size).toBe(0);
    disk.writeFile('/data/log-summary-checkpoint', Buffer.from('0\n1\norders 0 vPeOCWypqUOSepEvx0cbog 0 70 0\n'));
    expect(() => readLogSummaries(disk, '/data')).toThrow(CheckpointError);
  });
});
