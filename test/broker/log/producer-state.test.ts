import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/broker/log/log.js';
import { readProducerSnapshot } from '../../../src/broker/log/producer-snapshot.js';
import { encodeControlKey, encodeEndTransactionMarker } from '../../../src/protocol/records/control-record.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { batchOf, createLogBench } from './log-fixture.js';

const produce = (log: Log, baseSequence: number, { count = 1, epoch = 0, producerId = 4n, ...rest } = {}) =>
  log.appendAsLeader(
    batchOf(Array<string>(count).fill('v'), { producerId, producerEpoch: epoch, baseSequence, timestampMs: 1_000_000, ...rest }),
    0,
    'client',
  );
const refused = (code: string) => expect.objectContaining({ code });

describe('an idempotent producer', () => {
  it('has the last five batches answered with the offsets they got, and older ones refused', () => {
    const log = createLogBench().create();
    for (let sequence = 0; sequence < 12; sequence += 2) produce(log, sequence, { count: 2 });
    for (let sequence = 2; sequence < 12; sequence += 2) {
      expect(produce(log, sequence, { count: 2 })).toMatchObject({
        isDuplicate: true,
        firstOffset: BigInt(sequence),
        lastOffset: BigInt(sequence + 1),
        sizeBytes: 0,
      });
    }
    expect(() => produce(log, 0, { count: 2 })).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
    expect(() => produce(log, 10, { count: 1 })).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
    expect(() => produce(log, 13)).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
    expect(log.endOffset).toBe(12n);
    expect(produce(log, 12).firstOffset).toBe(12n);
  });

  it('begins a new epoch at sequence 0, and its old epoch is fenced', () => {
    const log = createLogBench().create();
    produce(log, 0);
    expect(() => produce(log, 1, { epoch: 1 })).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
    produce(log, 0, { epoch: 1 });
    expect(() => produce(log, 1, { epoch: 0 })).toThrow(refused('INVALID_PRODUCER_EPOCH'));
    expect(produce(log, 0, { epoch: 1 }).isDuplicate).toBe(true);
    // The batches of the old epoch are nothing to compare with.
    produce(log, 1, { producerId: 6n, epoch: 0 });
    produce(log, 0, { producerId: 6n, epoch: 1 });
    expect(produce(log, 1, { producerId: 6n, epoch: 1 }).isDuplicate).toBe(false);
  });

  it('goes on with any sequence number where nothing is known of it, and from 2^31 - 1 to 0', () => {
    const log = createLogBench().create();
    expect(produce(log, 2 ** 31 - 2, { count: 2 }).firstOffset).toBe(0n);
    expect(produce(log, 2 ** 31 - 2, { count: 2 }).isDuplicate).toBe(true);
    expect(produce(log, 0).firstOffset).toBe(2n);
    expect(produce(log, 1, { producerId: 5n }).firstOffset).toBe(3n);
  });

  it('leaves no trace of a batch that could not be written', () => {
    const { create, storage } = createLogBench();
    const log = create();
    produce(log, 0);
    storage.capacityBytes = storage.usedBytes;
    expect(() => produce(log, 1)).toThrow(refused('ENOSPC'));
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    expect(produce(log, 1)).toMatchObject({ isDuplicate: false, firstOffset: 1n });
  });

  it('is remembered over a restart, clean or not, with the snapshot or without', async () => {
    for (const isClean of [true, false]) {
      for (const keepsSnapshots of [true, false]) {
        const { create, reopen, environment } = createLogBench();
        const log = create({ segmentBytes: 300 });
        for (let sequence = 0; sequence < 10; sequence++) produce(log, sequence);
        if (isClean) await log.close();
        else log.release();
        const snapshots = environment.disk.list('/data/orders-0').filter((name) => name.endsWith('.snapshot'));
        expect(snapshots.length).toBeGreaterThan(1);
        if (!keepsSnapshots) for (const name of snapshots) environment.disk.remove(`/data/orders-0/${name}`);
        const again = await reopen({ isCleanShutdown: isClean });
        expect(produce(again, 9)).toMatchObject({ isDuplicate: true, firstOffset: 9n });
        expect(() => produce(again, 11)).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
        expect(produce(again, 10).firstOffset).toBe(10n);
      }
    }
  });

  it('is remembered as it was at the place where the log is truncated', () => {
    const log = createLogBench().create({ segmentBytes: 300 });
    for (let sequence = 0; sequence < 10; sequence++) produce(log, sequence);
    log.truncateTo(4n);
    expect(() => produce(log, 10)).toThrow(refused('OUT_OF_ORDER_SEQUENCE_NUMBER'));
    expect(produce(log, 3)).toMatchObject({ isDuplicate: true, firstOffset: 3n });
    expect(produce(log, 4).firstOffset).toBe(4n);
    log.truncateFullyAndStartAt(50n);
    expect(produce(log, 77).firstOffset).toBe(50n);
  });

  it('is forgotten after producer.id.expiration.ms', () => {
    const { create, clock } = createLogBench();
    const log = create();
    produce(log, 0);
    clock.pass(86_399_999);
    log.removeExpiredProducers();
    expect(log.producers).toHaveLength(1);
    clock.pass(1);
    log.removeExpiredProducers();
    expect(log.producers).toHaveLength(0);
    // Kafka lets it go on.
    expect(produce(log, 5, { timestampMs: clock.now() } as object).firstOffset).toBe(1n);
  });

  it('has a snapshot in the format of Kafka', async () => {
    const { create, environment } = createLogBench();
    const log = create();
    log.updateConfig({ ...log.config, segmentMs: 0 });
    produce(log, 0, { count: 3 });
    const { producers } = log;
    // Of another segment: a log of one short segment needs no snapshot.
    produce(log, 0, { producerId: 9n, timestampMs: 1_000_001 } as object);
    await log.close();
    const path = '/data/orders-0/00000000000000000003.snapshot';
    expect(readProducerSnapshot(environment.disk, path)).toEqual(producers);
    const bytes = environment.disk.readFile(path)!;
    expect(bytes).toHaveLength(56);
    bytes[30]! ^= 1;
    environment.disk.writeFile(path, bytes);
    expect(readProducerSnapshot(environment.disk, path)).toBeNull();
  });
});

describe('transactions', () => {
  const marker = (type: 'COMMIT' | 'ABORT', { coordinatorEpoch = 0, producerEpoch = 0 } = {}) =>
    encodeBatch([{ timestampMs: 1_000_000, key: encodeControlKey(type), value: encodeEndTransactionMarker(coordinatorEpoch) }], {
      ...{ producerId: 4n, producerEpoch, isControl: true, isTransactional: true },
    });

  it('are refused to clients, as no coordinator has begun one', () => {
    const log = createLogBench().create();
    const records = batchOf(['v'], { producerId: 4n, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    expect(() => log.appendAsLeader(records, 0, 'client')).toThrow(refused('INVALID_TXN_STATE'));
  });

  it('are open from their first record to their marker', () => {
    const log = createLogBench().create();
    log.appendAsLeader(batchOf(['before']), 0, 'client');
    log.appendAsLeader(batchOf(['v'], { producerId: 4n, producerEpoch: 0, baseSequence: 0, isTransactional: true }), 0, 'coordinator');
    expect(log.firstUnstableOffset).toBe(1n);
    expect(() => produce(log, 1)).toThrow(refused('INVALID_TXN_STATE'));
    log.appendAsLeader(marker('COMMIT', { coordinatorEpoch: 3 }), 0, 'coordinator');
    expect(log.firstUnstableOffset).toBeNull();
    expect(() => log.appendAsLeader(marker('ABORT', { coordinatorEpoch: 2 }), 0, 'coordinator')).toThrow(
      refused('TRANSACTION_COORDINATOR_FENCED'),
    );
    expect(() => log.appendAsLeader(marker('ABORT', { coordinatorEpoch: 3, producerEpoch: -1 }), 0, 'coordinator')).toThrow(
      refused('INVALID_PRODUCER_EPOCH'),
    );
  });
});
