import { describe, expect, it } from 'vitest';
import { listOffsets as findOffsets, listEndOffsets } from '../../src/admin/offsets.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { listOffsets } from '../../src/protocol/messages/list-offsets.js';
import { type MetadataResponseInput, metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

type Brokers = Awaited<ReturnType<typeof scriptedCluster>>['brokers'];

/** Has both brokers tell of topic t. */
function tellPartitions(brokers: Brokers, partitions: MetadataResponseInput['topics'][number]['partitions']): void {
  const nodes = [1, 2].map((nodeId) => ({ nodeId, port: 9091 + nodeId }));
  for (const broker of brokers) {
    broker.on(metadata, () => ({
      ...clusterOf(nodes, 1),
      topics: [{ errorCode: 0, name: 't', topicId: ZERO_UUID, isInternal: false, partitions }],
    }));
  }
}

describe('listEndOffsets', () => {
  it('asks each leader once for what it leads, and what fails is a row', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [listOffsets, 1, 11]);
    const partitions = [1, 2, -1, 1].map((leaderId, partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId,
      leaderEpoch: 0,
      replicaNodes: [1, 2],
      isrNodes: [1, 2],
      offlineReplicas: [],
    }));
    tellPartitions(brokers, partitions);
    const asked: string[] = [];
    const answer = (errorCode: number, partitionIndex: number, offset: bigint) => ({
      partitionIndex,
      errorCode,
      timestamp: -1,
      offset,
      leaderEpoch: 0,
    });
    brokers[0]!.on(listOffsets, ({ topics }) => {
      asked.push(`1: ${topics.flatMap((topic) => topic.partitions.map(({ partitionIndex }) => partitionIndex))}`);
      return { throttleTimeMs: 0, topics: [{ name: 't', partitions: [answer(0, 0, 2n ** 60n), answer(6, 3, -1n)] }] };
    });
    brokers[1]!.on(listOffsets, ({ topics }) => {
      asked.push(`2: ${topics.flatMap((topic) => topic.partitions.map(({ partitionIndex }) => partitionIndex))}`);
      return { throttleTimeMs: 0, topics: [{ name: 't', partitions: [answer(0, 1, 7n)] }] };
    });
    const rows = await run(
      listEndOffsets(
        client,
        [0, 1, 2, 3, 4].map((partition) => ({ topic: 't', partition })),
      ),
    );
    // Partition 3 is asked for again, as long as a leader that has just been elected may need.
    expect(asked.slice(0, 2).sort()).toEqual(['1: 0,3', '2: 1']);
    expect(new Set(asked.slice(2))).toEqual(new Set(['1: 3']));
    expect(rows).toEqual([
      { topic: 't', partition: 0, endOffset: 2n ** 60n, error: null },
      { topic: 't', partition: 1, endOffset: 7n, error: null },
      { topic: 't', partition: 2, endOffset: null, error: failed('LEADER_NOT_AVAILABLE') },
      { topic: 't', partition: 3, endOffset: null, error: failed('NOT_LEADER_OR_FOLLOWER') },
      { topic: 't', partition: 4, endOffset: null, error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
    ]);
  });

  it('asks nothing for nothing', async () => {
    const { client, run } = await scriptedCluster(1);
    expect(await run(listEndOffsets(client, []))).toEqual([]);
  });
});

describe('listOffsets', () => {
  it('asks where a partition is led now, and again until the new leader knows that it leads', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [listOffsets, 1, 11]);
    const led = {
      errorCode: 0,
      partitionIndex: 0,
      leaderId: 2,
      leaderEpoch: 1,
      replicaNodes: [1, 2],
      isrNodes: [1, 2],
      offlineReplicas: [],
    };
    tellPartitions(brokers, [led]);
    const answer = (errorCode: number, offset: bigint) => ({
      throttleTimeMs: 0,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode, timestamp: -1, offset, leaderEpoch: 1 }] }],
    });
    const NOT_LEADER_OR_FOLLOWER = 6;
    let asked = 0;
    brokers[0]!.on(listOffsets, () => answer(NOT_LEADER_OR_FOLLOWER, -1n));
    brokers[1]!.on(listOffsets, () => (++asked < 3 ? answer(NOT_LEADER_OR_FOLLOWER, -1n) : answer(0, 7n)));
    expect(await run(findOffsets(client, [{ topic: 't', partition: 0, at: 'end', leader: 1 }]))).toMatchObject([
      { offset: 7n, error: null },
    ]);
    expect(asked).toBe(3);
  });
  it('asks nobody who leads what the caller knows to be led', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [listOffsets, 1, 11]);
    brokers[0]!.on(metadata, ({ topics }) => {
      expect(topics).toEqual([]);
      return clusterOf([{ nodeId: 1, port: 9092 }], 1);
    });
    brokers[0]!.on(listOffsets, ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          errorCode: 0,
          timestamp: -1,
          offset: timestamp === -1 ? 9n : 4n,
          leaderEpoch: 0,
        })),
      })),
    }));
    const queries = [1, -1].flatMap((leader, partition) =>
      (['start', 'end'] as const).map((at) => ({ topic: 't', partition, leader, at })),
    );
    expect((await run(findOffsets(client, queries))).map(({ offset, error }) => offset ?? error?.code)).toEqual([
      4n,
      9n,
      'LEADER_NOT_AVAILABLE',
      'LEADER_NOT_AVAILABLE',
    ]);
  });
});
