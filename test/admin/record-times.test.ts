import { expect, it } from 'vitest';
import { listRecordTimes } from '../../src/admin/record-times.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { fetch } from '../../src/protocol/messages/fetch.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { encodeBatch } from '../../src/protocol/records/encode-batch.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const batch = (baseOffset: bigint, valueBytes: number, ...timesMs: readonly number[]) =>
  encodeBatch(
    timesMs.map((timestampMs) => ({ timestampMs, key: null, value: new Uint8Array(valueBytes) })),
    { baseOffset },
  );

it('reads one batch of each partition, asks again for those that did not fit, and finds the record inside', async () => {
  const { client, brokers, run } = await scriptedCluster(1, [fetch, 4, 18]);
  const partitions = [0, 1, 2, 3].map((partitionIndex) => ({
    errorCode: 0,
    partitionIndex,
    leaderId: 1,
    leaderEpoch: 0,
    replicaNodes: [1],
    isrNodes: [1],
    offlineReplicas: [],
  }));
  brokers[0]!.on(metadata, () => ({
    ...clusterOf([{ nodeId: 1, port: 9092 }], 1),
    topics: [{ errorCode: 0, name: 't', topicId: ZERO_UUID, isInternal: false, partitions }],
  }));
  const logs = new Map([
    [0, batch(0n, 1, 1_000, 2_000, 3_000)],
    [1, batch(10n, 50_000, 7_000)],
    [3, new Uint8Array()],
  ]);
  const asked: string[] = [];
  brokers[0]!.on(fetch, ({ topics }) => {
    const wanted = topics.flatMap((topic) => topic.partitions);
    asked.push(
      wanted.map(({ partition, fetchOffset, partitionMaxBytes }) => `${partition}@${fetchOffset} in ${partitionMaxBytes}`).join(', '),
    );
    const answers = wanted.map(({ partition, partitionMaxBytes }) => {
      const log = logs.get(partition);
      // As Kafka: whole batches alone.
      const records = log && log.length <= partitionMaxBytes ? log : new Uint8Array();
      return { partitionIndex: partition, errorCode: log ? 0 : 1, highWatermark: 0n, abortedTransactions: null, records };
    });
    return { throttleTimeMs: 0, responses: [{ topic: 't', partitions: answers }] };
  });
  const at = (partition: number, offset: bigint) => ({ topic: 't', partition, offset });
  const rows = await run(listRecordTimes(client, [at(0, 1n), at(0, 0n), at(1, 10n), at(2, 5n), at(3, 4n), at(9, 0n)]));
  expect(rows).toEqual([
    { ...at(0, 1n), timestampMs: 2_000, error: null },
    { ...at(0, 0n), timestampMs: 1_000, error: null },
    { ...at(1, 10n), timestampMs: 7_000, error: null },
    { ...at(2, 5n), timestampMs: null, error: failed('OFFSET_OUT_OF_RANGE') },
    { ...at(3, 4n), timestampMs: -1, error: null },
    { ...at(9, 0n), timestampMs: null, error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
  ]);
  expect(asked).toEqual([
    '0@1 in 4096, 1@10 in 4096, 2@5 in 4096, 3@4 in 4096',
    '0@0 in 4096',
    '1@10 in 131072, 3@4 in 131072',
    '3@4 in 2097152',
    '3@4 in 1',
  ]);
});
