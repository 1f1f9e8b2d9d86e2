import { describe, expect, it } from 'vitest';
import { Log } from '../../../src/broker/log/log.js';
import { readPartitionMetadata } from '../../../src/broker/log/partition-metadata.js';
import type { Disk } from '../../../src/environment/environment.js';
import { batchOf, createLogBench } from './log-fixture.js';

/** Notes the calls to a disk, by `method path`. */
function watch(disk: Disk): { readonly disk: Disk; readonly calls: string[] } {
  const calls: string[] = [];
  const watched = new Proxy(disk, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => {
        calls.push(`${String(name)} ${args[0]}`);
        return method(...args);
      };
    },
  });
  return { disk: watched, calls };
}

describe('a log without records', () => {
  it('asks the disk nothing in all its life', async () => {
    const { environment, options } = createLogBench();
    const { disk, calls } = watch(environment.disk);
    const log = Log.create({ ...environment, disk }, options);
    log.assignEpochStartOffset(3, 0n);
    log.updateConfig({ ...log.config, retentionMs: 1 });
    expect(log.read(0n, { maxBytes: 100 })).toHaveLength(0);
    expect(log.offsetForTimestamp(0)).toBeNull();
    expect(log.endOffsetForEpoch(3)).toEqual({ leaderEpoch: 3, endOffset: 0n });
    expect([log.sizeBytes, log.producers, log.firstUnstableOffset]).toEqual([0, [], null]);
    log.removeExpiredProducers();
    log.deleteOldSegments();
    log.truncateFullyAndStartAt(40n);
    expect(log.truncateTo(20n)).toBe(true);
    expect(log.endOffset).toBe(20n);
    await log.flush();
    await log.close();
    log.delete();
    expect(calls).toEqual([]);
  });
});

describe('partition.metadata', () => {
  it('survives power loss soon after the first record, without a flush', async () => {
    const { create, storage } = createLogBench();
    const log = create();
    log.appendAsLeader(batchOf(['a']), 0, 'client');
    await new Promise((resolve) => setImmediate(resolve));
    storage.losePower();
    expect(log.recoveryPoint).toBe(0n);
    expect(readPartitionMetadata(storage.attach(), '/data/orders-0')).toBe(log.topicId);
  });

  it('is left alone where the log goes before its turn comes', async () => {
    const { environment, options } = createLogBench();
    const lines: string[] = [];
    const log = Log.create({ ...environment, log: (_level, line) => lines.push(line) }, options);
    log.appendAsLeader(batchOf(['a']), 0, 'client');
    log.delete();
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toEqual([]);
    expect(environment.disk.list('/data')).toEqual([`orders-0.${'07'.repeat(16)}-delete`]);
  });
});

describe('opening after an orderly stop', () => {
  it('looks at names and sizes, reads the epochs, and no snapshot before it is needed', async () => {
    const { create, environment, options } = createLogBench();
    const before = create({ segmentBytes: 100 });
    const produce = (log: Log, baseSequence: number) =>
      log.appendAsLeader(batchOf(['a'], { producerId: 4n, producerEpoch: 0, baseSequence }), 0, 'client');
    for (let sequence = 0; sequence < 3; sequence++) produce(before, sequence);
    await before.close();
    const { disk, calls } = watch(environment.disk);
    const log = await Log.open({ ...environment, disk }, { ...options, recoveryPoint: 3n, isCleanShutdown: true });
    expect(log.endOffset).toBe(3n);
    expect(calls.filter((call) => call.startsWith('readFile'))).toEqual(['readFile /data/orders-0/leader-epoch-checkpoint']);
    expect(calls.filter((call) => call.startsWith('list'))).toHaveLength(1);
    expect(produce(log, 2)).toMatchObject({ isDuplicate: true, firstOffset: 2n });
    expect(calls.filter((call) => call.endsWith('.snapshot'))).toEqual(['readFile /data/orders-0/00000000000000000003.snapshot']);
  });

  it('keeps no snapshots but the newest and those where a segment begins', async () => {
    const { create, environment, reopen } = createLogBench();
    let log = create({ segmentBytes: 250 });
    for (let restart = 0; restart < 5; restart++) {
      log.appendAsLeader(batchOf(['a']), 0, 'client');
      await log.close();
      log = await reopen({ isCleanShutdown: true, recoveryPoint: log.recoveryPoint });
    }
    const namesOf = (suffix: string) => environment.disk.list('/data/orders-0').filter((name) => name.endsWith(suffix));
    expect(namesOf('.log').map((name) => Number.parseInt(name, 10))).toEqual([0, 3]);
    expect(namesOf('.snapshot').map((name) => Number.parseInt(name, 10))).toEqual([3, 5]);
  });

  it('finds a log of one short segment without indexes and snapshots, which its stop did not write', async () => {
    const { create, environment, reopen } = createLogBench();
    const before = create();
    const produce = (log: Log, baseSequence: number, timestampMs: number) =>
      log.appendAsLeader(batchOf(['a'], { producerId: 4n, producerEpoch: 0, baseSequence, timestampMs }), 0, 'client');
    for (const [sequence, timestampMs] of [1_000_010, 1_000_030, 1_000_020].entries()) produce(before, sequence, timestampMs);
    const expected = { max: before.offsetOfMaxTimestamp(), producers: before.producers };
    await before.close();
    expect(environment.disk.list('/data/orders-0')).toEqual(['00000000000000000000.log', 'leader-epoch-checkpoint', 'partition.metadata']);
    const log = await reopen({ isCleanShutdown: true, recoveryPoint: 3n });
    expect({ max: log.offsetOfMaxTimestamp(), producers: log.producers }).toEqual(expected);
    expect(produce(log, 1, 1_000_030)).toMatchObject({ isDuplicate: true, firstOffset: 1n });
    expect(log.offsetForTimestamp(1_000_015)).toMatchObject({ offset: 1n });
  });
});
