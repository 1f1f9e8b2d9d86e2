import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { RecordBatch } from '../../../src/protocol/records/record-batch.js';
import { batchOf, createLogBench } from './log-fixture.js';

const append = (log: Log, value: string, timestampMs?: number, epoch = 0) =>
  log.appendAsLeader(batchOf([value], timestampMs === undefined ? {} : { timestampMs }), epoch, 'client');

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

  it('are replaced by a later one that begins no later, as they hold no record', () => {
    const log = createLogBench().create();
    append(log, 'a', undefined, 1);
    log.assignEpochStartOffset(2, 1n);
    log.assignEpochStartOffset(3, 1n);
    expect(log.epochs).toEqual([
      { epoch: 1, startOffset: 0n },
      { epoch: 3, startOffset: 1n },
    ]);
  });

  it('go on where they began, when batches come again whose append has failed', () => {
    const { create, storage } = createLogBench();
    const log = create();
    append(log, 'a', undefined, 1);
    const fetched = [1, 4].map((epoch, index) => {
      const batch = new RecordBatch(batchOf(['b']));
      batch.assign(BigInt(1 + index), epoch);
      return batch.bytes;
    });
    storage.capacityBytes = storage.usedBytes + 50;
    expect(() => log.appendAsFollower(Buffer.concat(fetched))).toThrow('no space left');
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    log.appendAsFollower(Buffer.concat(fetched));
    expect(log.epochs).toEqual([
      { epoch: 1, startOffset: 0n },
      { epoch: 4, startOffset: 2n },
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
