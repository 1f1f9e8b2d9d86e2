import { describe, expect, it } from 'vitest';
import { describeTopics, listPartitions } from '../../src/admin/partitions.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { describeTopicPartitions } from '../../src/protocol/messages/describe-topic-partitions.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const plain = (partitionIndex: number) => ({
  errorCode: 0,
  partitionIndex,
  leaderId: 2,
  leaderEpoch: 7,
  replicaNodes: [3, 2],
  isrNodes: [2],
  offlineReplicas: [3],
});
const withElr = (partitionIndex: number) => ({ ...plain(partitionIndex), eligibleLeaderReplicas: [3] });
const page = (
  topics: readonly { readonly name: string; readonly partitions: readonly number[] }[],
  nextCursor: { topicName: string; partitionIndex: number } | null = null,
) => ({
  throttleTimeMs: 0,
  topics: topics.map(({ name, partitions }) => ({ errorCode: 0, name, topicId: ID, partitions: partitions.map(withElr) })),
  nextCursor,
});
const state = (partition: number, elr: number[] | null) => ({
  partition,
  leader: 2,
  leaderEpoch: 7,
  replicas: [3, 2],
  isr: [2],
  elr,
  offlineReplicas: [3],
});

describe('describeTopics', () => {
  it('follows the cursor, puts a topic together from its pages, and asks no more for what it has', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeTopicPartitions, 0, 0]);
    const asked: unknown[] = [];
    brokers[0]!.on(describeTopicPartitions, ({ topics, cursor }) => {
      asked.push([topics.map(({ name }) => name), cursor]);
      if (asked.length === 1)
        return page(
          [
            { name: 'a', partitions: [0] },
            { name: 'b', partitions: [1, 0] },
          ],
          { topicName: 'b', partitionIndex: 2 },
        );
      return page([
        { name: 'b', partitions: [2] },
        { name: 'c', partitions: [] },
      ]);
    });
    const topics = await run(describeTopics(client, ['c', 'b', 'a', 'b']));
    expect(asked).toEqual([
      [['a', 'b', 'c'], null],
      [['b', 'c'], { topicName: 'b', partitionIndex: 2 }],
    ]);
    expect(topics.map(({ topic, partitions }) => [topic, partitions?.map(({ partition }) => partition)])).toEqual([
      ['c', []],
      ['b', [0, 1, 2]],
      ['a', [0]],
      ['b', [0, 1, 2]],
    ]);
    expect(topics[2]).toEqual({
      topic: 'a',
      topicId: ID,
      internal: false,
      partitionCount: 1,
      replicationFactor: 2,
      underReplicatedCount: 1,
      offlineCount: 0,
      partitions: [state(0, [3])],
      error: null,
    });
  });

  it('takes Metadata, without eligible leader replicas, where the broker has nothing else or they are not asked for', async () => {
    for (const includeElr of [true, false]) {
      const { client, brokers, run } = await scriptedCluster(1, ...(includeElr ? [] : [[describeTopicPartitions, 0, 0] as const]));
      brokers[0]!.on(metadata, (body) => {
        expect(body).toMatchObject({ topics: [{ name: 'a' }, { name: 'nope' }], allowAutoTopicCreation: false });
        return {
          ...clusterOf([{ nodeId: 1, port: 9092 }]),
          topics: [
            { errorCode: 3, name: 'nope', topicId: ZERO_UUID, partitions: [] },
            { errorCode: 0, name: 'a', topicId: ID, partitions: [plain(0)] },
          ],
        };
      });
      const [first, second] = await run(describeTopics(client, ['a', 'nope'], { includeElr }));
      expect(first).toMatchObject({ topic: 'a', partitions: [state(0, null)], error: null });
      expect(second).toMatchObject({ topic: 'nope', partitionCount: null, partitions: null, error: failed('UNKNOWN_TOPIC_OR_PARTITION') });
    }
  });

  it('describes all topics by name for null', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeTopicPartitions, 0, 0]);
    brokers[0]!.on(describeTopicPartitions, ({ topics }) => {
      expect(topics).toEqual([]);
      return page([
        { name: 'b', partitions: [0] },
        { name: 'a', partitions: [0] },
      ]);
    });
    expect((await run(describeTopics(client, null))).map(({ topic }) => topic)).toEqual(['a', 'b']);
    expect(await run(describeTopics(client, []))).toEqual([]);
  });

  it('sends no empty name, on which the broker would fail for all', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeTopicPartitions, 0, 0]);
    brokers[0]!.on(describeTopicPartitions, ({ topics }) => page(topics.map(({ name }) => ({ name, partitions: [0] }))));
    expect(await run(describeTopics(client, ['', 'a']))).toMatchObject([
      { topic: '', partitions: null, error: failed('INVALID_TOPIC_EXCEPTION') },
      { topic: 'a', error: null },
    ]);
    expect(await run(describeTopics(client, ['']))).toMatchObject([{ error: failed('INVALID_TOPIC_EXCEPTION') }]);
    expect(brokers[0]!.apiNames()).toEqual(['ApiVersions', 'DescribeTopicPartitions']);
  });
});

describe('listPartitions', () => {
  it('has a row for each partition and one for each topic that is unknown', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeTopicPartitions, 0, 0]);
    brokers[0]!.on(describeTopicPartitions, () => page([{ name: 'a', partitions: [1, 0] }]));
    expect(await run(listPartitions(client, ['a', 'gone']))).toEqual([
      { topic: 'a', ...state(0, [3]), error: null },
      { topic: 'a', ...state(1, [3]), error: null },
      {
        topic: 'gone',
        partition: null,
        leader: null,
        leaderEpoch: null,
        replicas: null,
        isr: null,
        elr: null,
        offlineReplicas: null,
        error: failed('UNKNOWN_SERVER_ERROR'),
      },
    ]);
  });
});
