import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { batchOf, createLogBench } from './log-fixture.js';

const append = (log: Log, value: string, timestampMs?: number, epoch = 0) =>
  log.appendAsLeader(batchOf([value], timestampMs === undefined ? {} : { timestampMs }), epoch, 'client');

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
