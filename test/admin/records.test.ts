import { expect, it } from 'vitest';
import { deleteRecords } from '../../src/admin/records.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { deleteRecords as deleteRecordsApi } from '../../src/protocol/messages/delete-records.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

it('asks each leader once for what it leads, and what fails is a row', async () => {
  const { client, brokers, run } = await scriptedCluster(3, [deleteRecordsApi, 0, 2]);
  const nodes = [1, 2, 3].map((nodeId) => ({ nodeId, port: 9091 + nodeId }));
  const partitions = [1, 2, -1, 1, 3].map((leaderId, partitionIndex) => ({
    errorCode: 0,
    partitionIndex,
    leaderId,
    leaderEpoch: 0,
    replicaNodes: [1, 2],
    isrNodes: [1, 2],
    offlineReplicas: [],
  }));
  const asked: string[] = [];
  for (const [index, broker] of brokers.entries()) {
    broker.on(metadata, () => ({
      ...clusterOf(nodes, 1),
      topics: [{ errorCode: 0, name: 't', topicId: ZERO_UUID, isInternal: false, partitions }],
    }));
    broker.on(deleteRecordsApi, ({ topics }) => {
      if (index === 2) return 'silence';
      const of = topics.flatMap((topic) => topic.partitions);
      asked.push(`${index + 1}: ${of.map(({ partitionIndex, offset }) => `${partitionIndex} to ${offset}`)}`);
      const answers = of.map(({ partitionIndex, offset }) => ({
        partitionIndex,
        lowWatermark: offset,
        errorCode: partitionIndex === 3 ? 44 : 0,
      }));
      return { throttleTimeMs: 0, topics: [{ name: 't', partitions: answers }] };
    });
  }
  const rows = await run(
    deleteRecords(
      client,
      [0, 1, 2, 3, 4, 5].map((partition) => ({ topic: 't', partition, beforeOffset: 2n ** 60n + BigInt(partition) })),
    ),
  );
  expect(asked.sort()).toEqual([`1: 0 to ${2n ** 60n},3 to ${2n ** 60n + 3n}`, `2: 1 to ${2n ** 60n + 1n}`]);
  expect(rows).toEqual([
    { topic: 't', partition: 0, startOffset: 2n ** 60n, error: null },
    { topic: 't', partition: 1, startOffset: 2n ** 60n + 1n, error: null },
    { topic: 't', partition: 2, startOffset: null, error: failed('LEADER_NOT_AVAILABLE') },
    { topic: 't', partition: 3, startOffset: null, error: failed('POLICY_VIOLATION') },
    { topic: 't', partition: 4, startOffset: null, error: failed('REQUEST_TIMED_OUT') },
    { topic: 't', partition: 5, startOffset: null, error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
  ]);
});
