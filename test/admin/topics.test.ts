import { describe, expect, it } from 'vitest';
import { createPartitions, createTopics, deleteTopics, listTopics } from '../../src/admin/topics.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { createPartitions as createPartitionsApi } from '../../src/protocol/messages/create-partitions.js';
import { createTopics as createTopicsApi } from '../../src/protocol/messages/create-topics.js';
import { deleteTopics as deleteTopicsApi } from '../../src/protocol/messages/delete-topics.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const partition = (partitionIndex: number, leaderId: number, replicaNodes: number[], isrNodes: number[]) => ({
  errorCode: leaderId === -1 ? 5 : 0,
  partitionIndex,
  leaderId,
  replicaNodes,
  isrNodes,
});

describe('listTopics', () => {
  it('asks any broker once and counts what is wrong', async () => {
    const { client, brokers, run } = await scriptedCluster(2);
    brokers[0]!.on(metadata, (body) => {
      expect(body).toMatchObject({ topics: null, allowAutoTopicCreation: false });
      return {
        ...clusterOf([{ nodeId: 1, port: 9092 }]),
        topics: [
          {
            errorCode: 0,
            name: 'b',
            topicId: ID,
            partitions: [partition(1, -1, [2, 1], [2]), partition(0, 1, [1, 2], [1]), partition(2, 2, [2, 1], [1, 2])],
          },
          { errorCode: 29, name: 'c', topicId: ZERO_UUID, partitions: [] },
          { errorCode: 0, name: '__consumer_offsets', topicId: ID, isInternal: true, partitions: [partition(0, 1, [1], [1])] },
        ],
      };
    });
    const unknown = {
      topicId: null,
      internal: null,
      partitionCount: null,
      replicationFactor: null,
      underReplicatedCount: null,
      offlineCount: null,
    };
    expect(await run(listTopics(client))).toEqual([
      {
        topic: '__consumer_offsets',
        topicId: ID,
        internal: true,
        partitionCount: 1,
        replicationFactor: 1,
        underReplicatedCount: 0,
        offlineCount: 0,
        error: null,
      },
      {
        topic: 'b',
        topicId: ID,
        internal: false,
        partitionCount: 3,
        replicationFactor: 2,
        underReplicatedCount: 2,
        offlineCount: 1,
        error: null,
      },
      { topic: 'c', ...unknown, error: failed('TOPIC_AUTHORIZATION_FAILED') },
    ]);
    expect(brokers.map((broker) => broker.apiNames())).toEqual([['ApiVersions', 'Metadata'], []]);
    expect(brokers[0]!.connections).toHaveLength(1);
  });

  it('has no ids from a broker that knows none', async () => {
    const { client, brokers, run } = await scriptedCluster(1);
    brokers[0]!.on(metadata, () => ({ ...clusterOf([]), topics: [{ errorCode: 0, name: 'a', partitions: [] }] }));
    expect(await run(listTopics(client))).toMatchObject([{ topic: 'a', topicId: null, partitionCount: 0, error: null }]);
  });
});

describe('listTopics of a broker that fails', () => {
  it('throws rather than know of no topics', async () => {
    const { client, brokers, run } = await scriptedCluster(1);
    brokers[0]!.on(metadata, () => ({ ...clusterOf([{ nodeId: 1, port: 9092 }]), topics: [], errorCode: -1 }));
    await expect(run(listTopics(client))).rejects.toMatchObject({ code: 'UNKNOWN_SERVER_ERROR' });
  });
});

describe('createTopics', () => {
  it('sends all to the controller and gives each its result, in the order asked for', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [createTopicsApi, 0, 7]);
    brokers[1]!.on(createTopicsApi, (body) => {
      expect(body).toMatchObject({
        topics: [
          { name: 'counts', numPartitions: 6, replicationFactor: 3, assignments: [], configs: [{ name: 'retention.ms', value: '5' }] },
          { name: 'defaults', numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] },
          {
            name: 'placed',
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [
              { partitionIndex: 0, brokerIds: [2, 1] },
              { partitionIndex: 1, brokerIds: [1, 2] },
            ],
          },
          { name: 'forgotten' },
        ],
        validateOnly: false,
      });
      expect(body.timeoutMs).toBeGreaterThan(1900);
      return {
        throttleTimeMs: 0,
        topics: [
          { name: 'placed', errorCode: 36, errorMessage: "Topic 'placed' already exists." },
          { name: 'counts', topicId: ID, errorCode: 0, errorMessage: null, numPartitions: 6, replicationFactor: 3 },
          { name: 'defaults', errorCode: 0, errorMessage: null },
        ],
      };
    });
    const results = await run(
      createTopics(client, [
        { topic: 'counts', partitionCount: 6, replicationFactor: 3, configs: { 'retention.ms': '5' } },
        { topic: 'defaults' },
        {
          topic: 'placed',
          assignments: [
            [2, 1],
            [1, 2],
          ],
        },
        { topic: 'forgotten' },
      ]),
    );
    const unknown = { topicId: null, partitionCount: null, replicationFactor: null };
    expect(results).toEqual([
      { topic: 'counts', topicId: ID, partitionCount: 6, replicationFactor: 3, error: null },
      { topic: 'defaults', ...unknown, error: null },
      { topic: 'placed', ...unknown, error: { code: 'TOPIC_ALREADY_EXISTS', message: "Topic 'placed' already exists.", retriable: false } },
      {
        topic: 'forgotten',
        ...unknown,
        error: { code: 'UNKNOWN_SERVER_ERROR', message: 'The broker left it out of its answer.', retriable: false },
      },
    ]);
  });

  it('has no id from a mere check', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [createTopicsApi, 0, 7]);
    brokers[0]!.on(createTopicsApi, ({ validateOnly }) => ({
      throttleTimeMs: 0,
      topics: [{ name: 'a', topicId: ID, errorCode: validateOnly ? 0 : 1, errorMessage: null, numPartitions: 1, replicationFactor: 1 }],
    }));
    expect(await run(createTopics(client, [{ topic: 'a' }], { validateOnly: true }))).toEqual([
      { topic: 'a', topicId: null, partitionCount: 1, replicationFactor: 1, error: null },
    ]);
  });

  it('goes to the new controller when the old one says that it is none', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [createTopicsApi, 0, 7]);
    const answer = (errorCode: number) => ({ throttleTimeMs: 0, topics: [{ name: 'a', errorCode, errorMessage: null }] });
    brokers[1]!.on(createTopicsApi, () => {
      for (const broker of brokers) broker.on(metadata, () => clusterOf([{ nodeId: 1, port: 9092 }], 1));
      return answer(41);
    });
    brokers[0]!.on(createTopicsApi, () => answer(0));
    expect(await run(createTopics(client, [{ topic: 'a' }]))).toMatchObject([{ topic: 'a', error: null }]);
  });

  it('asks nothing for nothing', async () => {
    const { client, brokers, run } = await scriptedCluster(1);
    expect(await run(Promise.all([createTopics(client, []), deleteTopics(client, []), createPartitions(client, [])]))).toEqual([
      [],
      [],
      [],
    ]);
    expect(brokers[0]!.requests).toEqual([]);
  });
});

describe('deleteTopics', () => {
  it.each([
    [
      6,
      {
        topics: [
          { name: 'a', topicId: ZERO_UUID },
          { name: 'b', topicId: ZERO_UUID },
        ],
      },
    ],
    [5, { topicNames: ['a', 'b'] }],
  ])('names the topics as version %d does', async (version, expected) => {
    const { client, brokers, run } = await scriptedCluster(1, [deleteTopicsApi, 1, version]);
    brokers[0]!.on(deleteTopicsApi, (body) => {
      expect(body).toMatchObject(expected);
      return {
        throttleTimeMs: 0,
        responses: [
          { name: 'b', errorCode: 3 },
          { name: 'a', errorCode: 0 },
        ],
      };
    });
    expect(await run(deleteTopics(client, ['a', 'b']))).toEqual([
      { topic: 'a', error: null },
      { topic: 'b', error: failed('UNKNOWN_TOPIC_OR_PARTITION') },
    ]);
  });
});

describe('createPartitions', () => {
  it('raises counts, with or without a placement', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [createPartitionsApi, 0, 3]);
    brokers[0]!.on(createPartitionsApi, (body) => {
      expect(body).toMatchObject({
        topics: [
          { name: 'a', count: 6, assignments: null },
          { name: 'b', count: 3, assignments: [{ brokerIds: [1, 2] }] },
        ],
        validateOnly: true,
      });
      return { throttleTimeMs: 0, results: [{ name: 'b', errorCode: 37, errorMessage: 'fewer' }] };
    });
    const topics = [
      { topic: 'a', partitionCount: 6 },
      { topic: 'b', partitionCount: 3, assignments: [[1, 2]] },
    ];
    expect(await run(createPartitions(client, topics, { validateOnly: true }))).toEqual([
      { topic: 'a', error: failed('UNKNOWN_SERVER_ERROR') },
      { topic: 'b', error: { code: 'INVALID_PARTITIONS', message: 'fewer', retriable: false } },
    ]);
  });
});
