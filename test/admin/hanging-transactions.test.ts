import { describe, expect, it } from 'vitest';
import { findHangingTransactions } from '../../src/admin/hanging-transactions.js';
import { describeProducers } from '../../src/protocol/messages/describe-producers.js';
import { describeTransactions } from '../../src/protocol/messages/describe-transactions.js';
import { listTransactions } from '../../src/protocol/messages/list-transactions.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const NOW_MS = 10_000_000;
const options = { nowMs: NOW_MS, olderThanMs: 60_000 };
const partitions = [
  { topic: 'a', partition: 0, leader: 1 },
  { topic: 'a', partition: 1, leader: 1 },
  { topic: 'b', partition: 0, leader: 2 },
];

const producer = (producerId: bigint, ageMs: number, startOffset = 5n) => ({
  producerId,
  producerEpoch: 1,
  lastSequence: 0,
  lastTimestamp: NOW_MS - ageMs,
  coordinatorEpoch: 3,
  currentTxnStartOffset: startOffset,
});
type Producer = ReturnType<typeof producer>;
const onPartition = (partitionIndex: number, activeProducers: readonly Producer[]) => ({
  partitionIndex,
  errorCode: 0,
  errorMessage: null,
  activeProducers,
});
const transaction = (transactionalId: string, producerId: bigint, topics: readonly { topic: string; partitions: readonly number[] }[]) => ({
  errorCode: 0,
  transactionalId,
  transactionState: 'Ongoing',
  transactionTimeoutMs: 1000,
  transactionStartTimeMs: 0,
  producerId,
  producerEpoch: 1,
  topics,
});
const apis = [
  [describeProducers, 0, 0],
  [listTransactions, 0, 1],
  [describeTransactions, 0, 0],
] as const;

describe('findHangingTransactions', () => {
  it('finds old transactions that no coordinator will end in that partition', async () => {
    const { client, brokers, run } = await scriptedCluster(2, ...apis);
    brokers[0]!.on(describeProducers, ({ topics }) => {
      expect(topics).toEqual([{ name: 'a', partitionIndexes: [0, 1] }]);
      const producers = [producer(1n, 90_000), producer(2n, 90_000), producer(3n, 30_000), producer(4n, 90_000, -1n)];
      return {
        throttleTimeMs: 0,
        topics: [{ name: 'a', partitions: [onPartition(0, producers), onPartition(1, [producer(2n, 70_000)])] }],
      };
    });
    brokers[1]!.on(describeProducers, () => ({ throttleTimeMs: 0, topics: [{ name: 'b', partitions: [onPartition(0, [])] }] }));
    const listed = (...transactionStates: { transactionalId: string; producerId: bigint; transactionState: string }[]) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      unknownStateFilters: [],
      transactionStates,
    });
    brokers[0]!.on(listTransactions, ({ producerIdFilters }) => {
      expect(producerIdFilters).toEqual([1n, 2n]);
      return listed();
    });
    brokers[1]!.on(listTransactions, () => listed({ transactionalId: 'two', producerId: 2n, transactionState: 'Ongoing' }));
    brokers[1]!.on(describeTransactions, ({ transactionalIds }) => {
      expect(transactionalIds).toEqual(['two']);
      return { throttleTimeMs: 0, transactionStates: [transaction('two', 2n, [{ topic: 'a', partitions: [0] }])] };
    });
    // The coordinator of the second will end it in the first partition, and has forgotten the other.
    expect(await run(findHangingTransactions(client, partitions, [1, 2], options))).toEqual({
      hanging: [
        expect.objectContaining({ topic: 'a', partition: 0, producerId: 1n, startOffset: 5n, lastTimestampMs: NOW_MS - 90_000 }),
        expect.objectContaining({ topic: 'a', partition: 1, producerId: 2n }),
      ],
      failures: [],
    });
  });

  it('asks the leaders alone where nothing is old, and calls nothing hanging that a silent coordinator may know', async () => {
    const { client, brokers, run } = await scriptedCluster(2, ...apis);
    let ageMs = 1_000;
    brokers[0]!.on(describeProducers, () => ({
      throttleTimeMs: 0,
      topics: [{ name: 'a', partitions: [onPartition(0, [producer(1n, ageMs)]), onPartition(1, [])] }],
    }));
    brokers[1]!.on(describeProducers, () => ({ throttleTimeMs: 0, topics: [{ name: 'b', partitions: [onPartition(0, [])] }] }));
    expect(await run(findHangingTransactions(client, partitions, [1, 2], options))).toEqual({ hanging: [], failures: [] });

    ageMs = 90_000;
    brokers[0]!.on(listTransactions, () => ({ throttleTimeMs: 0, errorCode: 0, unknownStateFilters: [], transactionStates: [] }));
    brokers[1]!.on(listTransactions, () => 'silence');
    expect(await run(findHangingTransactions(client, partitions, [1, 2], options))).toEqual({
      hanging: [],
      failures: [{ broker: 2, error: failed('REQUEST_TIMED_OUT') }],
    });
  });

  it('names what brokers refuse, and APIs that they lack', async () => {
    const { client, brokers, run } = await scriptedCluster(2, ...apis);
    const refused = { ...onPartition(0, []), errorCode: 29 };
    brokers[0]!.on(describeProducers, () => ({ throttleTimeMs: 0, topics: [{ name: 'a', partitions: [refused, onPartition(1, [])] }] }));
    brokers[1]!.on(describeProducers, () => ({ throttleTimeMs: 0, topics: [] }));
    const { failures } = await run(findHangingTransactions(client, partitions, [1, 2], options));
    expect(failures).toEqual([{ broker: 1, error: failed('TOPIC_AUTHORIZATION_FAILED') }]);
    expect(failures[0]?.error.message).toMatch(/^a:0: /);

    const old = await scriptedCluster(1);
    const [onOld] = await old
      .run(findHangingTransactions(old.client, partitions.slice(0, 1), [1], options))
      .then((found) => found.failures);
    expect(onOld).toEqual({ broker: 1, error: failed('UNSUPPORTED_VERSION') });
    expect(onOld?.error.message).toBe('broker:9092 does not serve the API DescribeProducers');
  });
});
