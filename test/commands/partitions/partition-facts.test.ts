import { expect, it } from 'vitest';
import { AdminClient } from '../../../src/admin/admin-client.js';
import { readFacts } from '../../../src/commands/partitions/partition-facts.js';
import { describeConfigs } from '../../../src/protocol/messages/describe-configs.js';
import { describeLogDirs } from '../../../src/protocol/messages/describe-log-dirs.js';
import { listOffsets } from '../../../src/protocol/messages/list-offsets.js';
import { failed, scriptedCluster } from '../../admin/scripted-cluster.js';

it('asks leaders alone for sizes, and other replicas where a leader does not tell', async () => {
  const { client, brokers, run } = await scriptedCluster(3, [describeLogDirs, 1, 4], [listOffsets, 1, 11], [describeConfigs, 1, 4]);
  const asked: string[] = [];
  for (const [index, broker] of brokers.entries()) {
    const id = index + 1;
    broker.on(describeConfigs, () => ({ throttleTimeMs: 0, results: [] }));
    broker.on(listOffsets, () => ({ throttleTimeMs: 0, topics: [] }));
    broker.on(describeLogDirs, ({ topics }) => {
      const wanted = topics ?? [];
      asked.push(`${id}: ${wanted.map(({ topic, partitions }) => `${topic} ${partitions}`)}`);
      if (id === 2) return { throttleTimeMs: 0, errorCode: 31, results: [] };
      const sized = wanted.map(({ topic, partitions }) => ({
        name: topic,
        partitions: partitions.map((partitionIndex) => ({ partitionIndex, partitionSize: 100 * id, offsetLag: 0n, isFutureKey: false })),
      }));
      return { throttleTimeMs: 0, results: [{ errorCode: 0, logDir: '/data', topics: sized, totalBytes: 1, usableBytes: 1 }] };
    });
  }
  const replicas = { replicas: [1, 2, 3], offlineReplicas: [] };
  const partitions = [
    { topic: 't', partition: 0, leader: 1, ...replicas },
    { topic: 't', partition: 1, leader: 2, ...replicas },
    { topic: 't', partition: 2, leader: -1, replicas: [3, 1], offlineReplicas: [1] },
  ];
  const { signal } = new AbortController();
  const { sizeBytes, silentBrokers } = await run(readFacts(new AdminClient(client), partitions, { withLogs: true }, { signal }));
  expect(Object.fromEntries(sizeBytes)).toEqual({ 't-0': 100, 't-1': 300, 't-2': 300 });
  expect(silentBrokers).toEqual([{ broker: 2, error: failed('CLUSTER_AUTHORIZATION_FAILED') }]);
  expect(asked.sort()).toEqual(['1: t 0', '1: t 1,2', '2: t 1', '3: t 1,2']);
});
