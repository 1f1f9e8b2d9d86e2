import { describe, expect, it } from 'vitest';
import { electLeaders } from '../../src/admin/leaders.js';
import { electLeaders as electLeadersApi } from '../../src/protocol/messages/elect-leaders.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const result = (partitionId: number, errorCode: number) => ({ partitionId, errorCode, errorMessage: null });

describe('electLeaders', () => {
  it('tells done, not needed and failed apart, for each partition in the order asked for', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [electLeadersApi, 0, 2]);
    brokers[0]!.on(electLeadersApi, (body) => {
      expect(body).toMatchObject({ electionType: 0, topicPartitions: [{ topic: 'a', partitions: [2, 0, 1, 3] }] });
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        replicaElectionResults: [{ topic: 'a', partitionResult: [result(0, 84), result(1, 80), result(2, 0)] }],
      };
    });
    const partitions = [2, 0, 1, 3].map((partition) => ({ topic: 'a', partition }));
    expect(await run(electLeaders(client, 'preferred', partitions))).toEqual([
      { topic: 'a', partition: 2, outcome: 'done', error: null },
      { topic: 'a', partition: 0, outcome: 'not-needed', error: null },
      { topic: 'a', partition: 1, outcome: 'failed', error: failed('PREFERRED_LEADER_NOT_AVAILABLE') },
      { topic: 'a', partition: 3, outcome: 'failed', error: failed('UNKNOWN_SERVER_ERROR') },
    ]);
    expect(await run(electLeaders(client, 'preferred', []))).toEqual([]);
  });

  it('lists for all partitions those that the broker speaks of', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [electLeadersApi, 0, 2]);
    brokers[0]!.on(electLeadersApi, (body) => {
      expect(body).toMatchObject({ electionType: 1, topicPartitions: null });
      return { throttleTimeMs: 0, errorCode: 0, replicaElectionResults: [{ topic: 'b', partitionResult: [result(5, 0)] }] };
    });
    expect(await run(electLeaders(client, 'unclean', null))).toEqual([{ topic: 'b', partition: 5, outcome: 'done', error: null }]);
  });

  it('rejects where the broker refuses the request as a whole', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [electLeadersApi, 0, 2]);
    brokers[0]!.on(electLeadersApi, () => ({ throttleTimeMs: 0, errorCode: 31, replicaElectionResults: [] }));
    expect(await run(electLeaders(client, 'preferred', null).catch((error: unknown) => error))).toEqual(
      failed('CLUSTER_AUTHORIZATION_FAILED'),
    );
  });
});
