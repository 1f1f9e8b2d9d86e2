import { beforeAll, expect, it } from 'vitest';
import type { ReadEvent } from '../../../src/admin/reading/read-event.js';
import { type ReadRecordsOptions, readRecords } from '../../../src/admin/reading/read-records.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { fetch } from '../../../src/protocol/messages/fetch.js';
import { listOffsets } from '../../../src/protocol/messages/list-offsets.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { clusterOf } from '../../client/scripted-broker.js';
import { scriptedCluster } from '../scripted-cluster.js';

// In virtual time nothing may wait for a file.
beforeAll(() => initializeCompression());

const NOT_LEADER = 6;
const OUT_OF_RANGE = 1;

interface Log {
  leader: number;
  start: bigint;
  /** Batches by their base offset, each of one record. */
  batches: Map<bigint, Uint8Array>;
  end: bigint;
  /** What the leader says to whoever has read further. */
  diverging?: { readonly epoch: number; readonly endOffset: bigint };
}
const record = (offset: bigint, timestampMs = 1_000 + Number(offset)) =>
  encodeBatch([{ timestampMs, key: null, value: Buffer.from(`r${offset}`) }], { baseOffset: offset, partitionLeaderEpoch: 0 });

/** Partitions of the topic `t` that two brokers lead. */
async function readingCluster(logs: Log[]) {
  const cluster = await scriptedCluster(2, [fetch, 4, 18], [listOffsets, 1, 11]);
  const nodes = [1, 2].map((nodeId) => ({ nodeId, port: 9091 + nodeId }));
  let isDeleted = false;
  const fetches: string[] = [];
  for (const [index, broker] of cluster.brokers.entries()) {
    const id = index + 1;
    broker.on(metadata, () => {
      const partitions = logs.map(({ leader }, partitionIndex) => ({
        errorCode: 0,
        partitionIndex,
        leaderId: leader,
        leaderEpoch: 0,
        replicaNodes: [1, 2],
        isrNodes: [1, 2],
        offlineReplicas: [],
      }));
      const topic = {
        errorCode: isDeleted ? 3 : 0,
        name: 't',
        topicId: ZERO_UUID,
        isInternal: false,
        partitions: isDeleted ? [] : partitions,
      };
      return { ...clusterOf(nodes, 2), topics: [topic] };
    });
    broker.on(listOffsets, ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const { leader, start, end, batches } = logs[partitionIndex]!;
          const atTime = [...batches.keys()].find((offset) => 1_000 + Number(offset) >= timestamp) ?? -1n;
          const offset = timestamp === -1 ? end : timestamp === -2 ? start : atTime;
          return { partitionIndex, errorCode: leader === id ? 0 : NOT_LEADER, offset, timestamp: -1, leaderEpoch: 0 };
        }),
      })),
    }));
    broker.on(fetch, ({ topics }) => ({
      throttleTimeMs: 0,
      responses: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, fetchOffset }) => {
          fetches.push(`${id}: ${partition}@${fetchOffset}`);
          const { leader, start, end, batches, diverging } = logs[partition]!;
          const isDiverging = diverging !== undefined && fetchOffset > diverging.endOffset;
          const errorCode = isDeleted ? 3 : leader !== id ? NOT_LEADER : fetchOffset < start || fetchOffset > end ? OUT_OF_RANGE : 0;
          const next = [...batches.keys()].filter((offset) => offset >= fetchOffset).slice(0, 2);
          const records = errorCode === 0 && !isDiverging ? Buffer.concat(next.map((offset) => batches.get(offset)!)) : null;
          const facts = {
            partitionIndex: partition,
            errorCode,
            highWatermark: end,
            lastStableOffset: end,
            abortedTransactions: null,
            records,
          };
          return isDiverging ? { ...facts, divergingEpoch: diverging } : facts;
        }),
      })),
    }));
  }
  const options: ReadRecordsOptions = {
    from: { kind: 'earliest' },
    to: null,
    follow: false,
    isolation: 'read_uncommitted',
    patienceMs: 3_000,
    now: cluster.clock.now,
    sleep: (ms) =>
      new Promise((resolve) => {
        cluster.clock.after(ms, resolve);
      }),
  };
  const read = async (changes: Partial<ReadRecordsOptions> = {}, onEvent: (event: ReadEvent) => void = () => {}) => {
    const told: string[] = [];
    const partitions = logs.map((_, partition) => ({ topic: 't', partition }));
    const work = async () => {
      for await (const event of readRecords(cluster.client, partitions, { ...options, ...changes })) {
        onEvent(event);
        told.push(...tell(event));
      }
    };
    await cluster.run(work());
    return told;
  };
  return {
    read,
    clock: cluster.clock,
    fetches,
    deleteTopic: () => {
      isDeleted = true;
    },
  };
}
const logOf = (leader: number, ...offsets: readonly bigint[]): Log => ({
  leader,
  start: offsets[0] ?? 0n,
  batches: new Map(offsets.map((offset) => [offset, record(offset)])),
  end: (offsets.at(-1) ?? -1n) + 1n,
});
function tell(event: ReadEvent): readonly string[] {
  const { partition } = event;
  switch (event.kind) {
    case 'records':
      return event.records.map(({ offset, value }) => `${partition}: ${offset} ${Buffer.from(value ?? []).toString()}`);
    case 'lost':
      return [`${partition}: lost ${event.from} to ${event.to}, ${event.reason}`];
    case 'failed':
      return [`${partition}: failed at ${event.position}, ${event.error.code}`];
    default:
      return [`${partition}: ${event.kind}`];
  }
}

it('reads all partitions from their leaders to the ends that there are', async () => {
  const { read, fetches } = await readingCluster([logOf(1, 0n, 1n, 2n), logOf(2, 5n, 6n), logOf(1)]);
  expect((await read()).sort()).toEqual(['0: 0 r0', '0: 1 r1', '0: 2 r2', '1: 5 r5', '1: 6 r6']);
  expect(fetches.sort()).toEqual(['1: 0@0', '1: 0@2', '2: 1@5']);
});

it('begins and ends where it is told, inside the log', async () => {
  const { read } = await readingCluster([logOf(1, 3n, 4n, 5n, 6n)]);
  expect(await read({ from: { kind: 'offset', offset: 5n } })).toEqual(['0: 5 r5', '0: 6 r6']);
  expect(await read({ from: { kind: 'last', count: 2n }, to: { kind: 'offset', offset: 6n } })).toEqual(['0: 5 r5']);
  expect(await read({ from: { kind: 'last', count: 100n }, to: { kind: 'last', count: 3n } })).toEqual(['0: 3 r3']);
  expect(await read({ from: { kind: 'time', atMs: 1_004 }, to: { kind: 'time', atMs: 1_006 } })).toEqual(['0: 4 r4', '0: 5 r5']);
  expect(await read({ from: { kind: 'time', atMs: 2_000 } })).toEqual([]);
  expect(await read({ from: { kind: 'offset', offset: 1n }, to: { kind: 'offset', offset: 4n } })).toEqual([
    '0: lost 1 to 3, deleted',
    '0: 3 r3',
  ]);
  expect(await read({ from: { kind: 'offset', offset: 9n } })).toEqual(['0: beyond-end']);
});

it('follows until a record of the time at which to end', async () => {
  const log = logOf(1, 0n);
  const { read } = await readingCluster([log]);
  const append = () => {
    for (const offset of [1n, 2n, 3n]) log.batches.set(offset, record(offset));
    log.end = 4n;
  };
  expect(await read({ follow: true, to: { kind: 'time', atMs: 1_003 } }, append)).toEqual(['0: 0 r0', '0: 1 r1', '0: 2 r2']);
});

it('goes after a leader that moves', async () => {
  const log = logOf(1, 0n, 1n, 2n, 3n, 4n);
  const { read, fetches } = await readingCluster([log]);
  const move = () => {
    log.leader = 2;
  };
  expect(await read({}, move)).toEqual(['0: 0 r0', '0: 1 r1', '0: 2 r2', '0: 3 r3', '0: 4 r4']);
  expect(fetches.some((each) => each.startsWith('2:'))).toBe(true);
});

it('gives a partition without a leader up in time, and reads the others', async () => {
  const { read } = await readingCluster([logOf(-1, 0n), logOf(2, 0n)]);
  expect((await read()).sort()).toEqual(['0: failed at null, LEADER_NOT_AVAILABLE', '0: waiting', '1: 0 r0']);
});

it('waits as long as it takes where it follows', async () => {
  const log = logOf(-1, 0n, 1n);
  const { read } = await readingCluster([log]);
  const elect = (event: ReadEvent) => {
    if (event.kind === 'waiting') log.leader = 1;
  };
  expect(await read({ follow: true, patienceMs: null, to: { kind: 'offset', offset: 2n } }, elect)).toEqual([
    '0: waiting',
    '0: resumed',
    '0: 0 r0',
    '0: 1 r1',
  ]);
});

it('reads partitions too that the topic gets meanwhile, from their first record', async () => {
  const logs = [logOf(1, 0n, 1n)];
  const { read, clock } = await readingCluster(logs);
  const told: string[] = [];
  const end = new AbortController();
  const onEvent = (event: ReadEvent) => {
    told.push(...tell(event));
    if (event.kind === 'records' && event.partition === 1 && event.records.at(-1)?.offset === 4n) end.abort(new Error('enough'));
  };
  clock.after(7_000, () => logs.push(logOf(2, 3n, 4n)));
  const reading = read({ follow: true, withAdded: true, patienceMs: null, from: { kind: 'latest' }, signal: end.signal }, onEvent);
  await expect(reading).rejects.toThrow('enough');
  expect(told).toEqual(['1: added', '1: 3 r3', '1: 4 r4']);
  expect(clock.monotonicMs()).toBeLessThan(12_000);
});

it('says what was deleted before it was read, and what was cut off after', async () => {
  const log = logOf(1, 0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n);
  const { read } = await readingCluster([log]);
  const remove = () => {
    log.start = 6n;
    for (const offset of log.batches.keys()) if (offset < 6n) log.batches.delete(offset);
  };
  const told = await read({}, remove);
  // Two records come at a time, and the next two are on their way when the first are taken.
  expect(told.slice(0, 2)).toEqual(['0: 0 r0', '0: 1 r1']);
  expect(told.filter((line) => line.includes('lost'))).toHaveLength(1);
  expect(told.slice(-2)).toEqual(['0: 6 r6', '0: 7 r7']);

  const other = logOf(1, 0n, 1n, 2n, 3n);
  const second = await readingCluster([other]);
  const truncate = (event: ReadEvent) => {
    if (event.kind !== 'records' || event.records[0]?.offset !== 2n) return;
    for (const offset of [2n, 3n]) other.batches.delete(offset);
    other.end = 2n;
  };
  expect(await second.read({ follow: true, to: { kind: 'offset', offset: 2n } }, truncate)).toEqual(['0: 0 r0', '0: 1 r1']);
});

it('ends where compaction has left nothing before the end', async () => {
  const log = logOf(1, 0n, 1n);
  log.end = 9n;
  const { read } = await readingCluster([log]);
  expect(await read()).toEqual(['0: 0 r0', '0: 1 r1']);
});

it('says what was read and was cut off later, where the new leader knows by the epoch', async () => {
  const log = logOf(1, 0n, 1n, 2n);
  const { read } = await readingCluster([log]);
  const elect = (event: ReadEvent) => {
    if (event.kind !== 'records' || event.records.at(-1)?.offset !== 2n) return;
    log.batches = new Map([0n, 3n].map((offset) => [offset, record(offset)]));
    log.diverging = { epoch: 0, endOffset: 1n };
    log.end = 4n;
  };
  expect(await read({ follow: true, to: { kind: 'offset', offset: 4n } }, elect)).toEqual([
    '0: 0 r0',
    '0: 1 r1',
    '0: 2 r2',
    '0: lost 1 to 3, truncated',
    '0: 3 r3',
  ]);
});

it('gives a deleted topic up', async () => {
  const { read, deleteTopic } = await readingCluster([logOf(1, 0n)]);
  expect(await read({ follow: true, patienceMs: null }, deleteTopic)).toEqual([
    '0: 0 r0',
    '0: waiting',
    '0: failed at 1, UNKNOWN_TOPIC_OR_PARTITION',
  ]);
});

it('reads no further ahead than two answers of a leader', async () => {
  const { read, fetches } = await readingCluster([logOf(1, ...Array.from({ length: 40 }, (_, index) => BigInt(index)))]);
  let most = 0;
  let taken = 0;
  await read({}, (event) => {
    if (event.kind === 'records') taken++;
    most = Math.max(most, fetches.length - taken);
  });
  expect(taken).toBe(20);
  expect(most).toBeLessThanOrEqual(3);
});

it('rejects with the reason of the signal', async () => {
  const { read } = await readingCluster([logOf(1, 0n)]);
  const end = new AbortController();
  await expect(read({ follow: true, signal: end.signal }, () => end.abort(new Error('enough')))).rejects.toThrow('enough');
});
