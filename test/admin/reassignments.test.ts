import { describe, expect, it } from 'vitest';
import { alterPartitionReassignments, listPartitionReassignments } from '../../src/admin/reassignments.js';
import { KafkaError } from '../../src/model/errors.js';
import { alterPartitionReassignments as alterApi } from '../../src/protocol/messages/alter-partition-reassignments.js';
import { listPartitionReassignments as listApi } from '../../src/protocol/messages/list-partition-reassignments.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const whole = { throttleTimeMs: 0, errorCode: 0, errorMessage: null };
const partition = (partitionIndex: number, errorCode = 0) => ({ partitionIndex, errorCode, errorMessage: null });

describe('alterPartitionReassignments', () => {
  it('groups by topic and gives each partition its result, in the order asked for', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [alterApi, 0, 1]);
    brokers[0]!.on(alterApi, (body) => {
      expect(body).toMatchObject({
        allowReplicationFactorChange: false,
        topics: [
          {
            name: 'a',
            partitions: [
              { partitionIndex: 1, replicas: [2, 1] },
              { partitionIndex: 0, replicas: null },
            ],
          },
          { name: 'b', partitions: [{ partitionIndex: 0, replicas: [3] }] },
        ],
      });
      return {
        ...whole,
        responses: [
          { name: 'a', partitions: [partition(0, 85), partition(1)] },
          { name: 'b', partitions: [] },
        ],
      };
    });
    const moves = [
      { topic: 'a', partition: 1, replicas: [2, 1] },
      { topic: 'b', partition: 0, replicas: [3] },
      { topic: 'a', partition: 0, replicas: null },
    ];
    expect(await run(alterPartitionReassignments(client, moves, { allowReplicationFactorChange: false }))).toEqual([
      { topic: 'a', partition: 1, error: null },
      { topic: 'b', partition: 0, error: failed('UNKNOWN_SERVER_ERROR') },
      { topic: 'a', partition: 0, error: failed('NO_REASSIGNMENT_IN_PROGRESS') },
    ]);
    expect(await run(alterPartitionReassignments(client, []))).toEqual([]);
  });

  it('rejects where the broker refuses the request as a whole', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [alterApi, 0, 1]);
    brokers[0]!.on(alterApi, () => ({ ...whole, errorCode: 31, errorMessage: 'not you', responses: [] }));
    const failure = await run(
      alterPartitionReassignments(client, [{ topic: 'a', partition: 0, replicas: [1] }]).catch((error: unknown) => error),
    );
    expect(failure).toBeInstanceOf(KafkaError);
    expect(failure).toMatchObject({ code: 'CLUSTER_AUTHORIZATION_FAILED', message: 'not you' });
  });
});

describe('listPartitionReassignments', () => {
  it.each([
    [null, null],
    [
      [
        { topic: 'a', partition: 0 },
        { topic: 'a', partition: 2 },
      ],
      [{ name: 'a', partitionIndexes: [0, 2] }],
    ],
  ])('lists what moves, of %j', async (partitions, topics) => {
    const { client, brokers, run } = await scriptedCluster(1, [listApi, 0, 0]);
    brokers[0]!.on(listApi, (body) => {
      expect(body.topics).toEqual(topics);
      const moving = { partitionIndex: 2, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [1] };
      return { ...whole, topics: [{ name: 'a', partitions: [moving] }] };
    });
    expect(await run(listPartitionReassignments(client, partitions))).toEqual([
      { topic: 'a', partition: 2, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [1] },
    ]);
    expect(await run(listPartitionReassignments(client, []))).toEqual([]);
  });
});
