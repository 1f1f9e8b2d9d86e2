import { expect, it } from 'vitest';
import { copyProgress } from '../../src/admin/copy-progress.js';
import { describeLogDirs } from '../../src/protocol/messages/describe-log-dirs.js';
import { scriptedCluster } from './scripted-cluster.js';

const moving = (partition: number, replicas: readonly number[], addingReplicas: readonly number[]) => ({
  topic: 't',
  partition,
  replicas,
  addingReplicas,
  removingReplicas: [],
});

it('is what new replicas lack of the largest that was there, where a broker tells', async () => {
  const { client, brokers, run } = await scriptedCluster(3, [describeLogDirs, 1, 4]);
  const sizes = [
    { 0: 100, 1: 70 },
    { 0: 80, 1: 500 },
    { 0: 30, 2: 5 },
  ];
  for (const [index, broker] of brokers.entries()) {
    broker.on(describeLogDirs, () => ({
      throttleTimeMs: 0,
      results: [
        {
          errorCode: 0,
          logDir: '/data',
          topics: [
            {
              name: 't',
              partitions: Object.entries(sizes[index]!).map(([partition, partitionSize]) => ({
                partitionIndex: Number(partition),
                partitionSize,
                offsetLag: 0n,
                isFutureKey: false,
              })),
            },
          ],
          totalBytes: 1000,
          usableBytes: 1000,
        },
      ],
    }));
  }
  const ongoing = [moving(0, [1, 2, 3], [3]), moving(1, [1, 2], [2]), moving(2, [1, 3], [3])];
  const { copiedBytes, leftBytes } = await run(copyProgress(client, ongoing));
  expect(copiedBytes).toBe(30 + 500 + 5);
  // The second has more than its source, which has begun to delete; of the third nobody tells what there was.
  expect([...leftBytes]).toEqual([
    ['t-0', 70],
    ['t-1', 0],
    ['t-2', null],
  ]);
});

it('asks nobody where nothing moves', async () => {
  const { client, run } = await scriptedCluster(1);
  expect(await run(copyProgress(client, []))).toEqual({ copiedBytes: 0, leftBytes: new Map() });
});
