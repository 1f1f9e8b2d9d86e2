import { expect, it } from 'vitest';
import { IsrChanges } from '../../../src/broker/replication/isr-changes.js';
import type { ControllerChannel } from '../../../src/broker/server/controller-channel.js';
import { createWorld } from '../../../src/environment/virtual.js';
import type { AlterPartitionRequestInput } from '../../../src/protocol/messages/alter-partition.js';

it('asks for those of thousands of partitions in several requests, so that no one holds the loop of the controller', async () => {
  const world = createWorld('many changes');
  const { clock } = world.createEnvironment('broker');
  const counts: number[] = [];
  const request = async (_: unknown, { topics }: AlterPartitionRequestInput) => {
    counts.push(topics.flatMap(({ partitions }) => partitions).length);
    const accepted = topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: 0,
        isr: [1, 2],
        leaderEpoch: 0,
        partitionEpoch: 1,
      })),
    }));
    return { errorCode: 0, topics: accepted };
  };
  const changes = new IsrChanges({
    ...{ nodeId: 1, clock, brokerEpoch: () => 7, log: () => {} },
    controller: { request: request as unknown as ControllerChannel['request'] },
  });
  let settled = 0;
  const proposal = { isr: [1, 2], brokerEpochs: [7, 8], leaderEpoch: 0, partitionEpoch: 0 };
  const settle = () => {
    settled++;
  };
  for (let partition = 0; partition < 1_200; partition++)
    changes.submit({ topicId: 'AAAAAAAAAAAAAAAAAAAAAg', partition, proposal, settle });
  await world.runUntil(() => settled === 1_200);
  expect(counts).toEqual([500, 500, 200]);
});
