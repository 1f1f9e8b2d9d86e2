import { describe, expect, it } from 'vitest';
import { describeCluster, describeQuorum } from '../../src/admin/cluster.js';
import { describeCluster as describeClusterApi } from '../../src/protocol/messages/describe-cluster.js';
import { describeQuorum as describeQuorumApi } from '../../src/protocol/messages/describe-quorum.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

describe('describeCluster', () => {
  it.each([
    [1, false],
    [2, true],
  ])('asks in version %d for fenced brokers: %s', async (version, includeFencedBrokers) => {
    const { client, brokers, run } = await scriptedCluster(1, [describeClusterApi, 0, version]);
    brokers[0]!.on(describeClusterApi, (body) => {
      expect(body.includeFencedBrokers).toBe(includeFencedBrokers);
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        clusterId: 'test-cluster',
        controllerId: 3,
        brokers: [
          { brokerId: 3, host: 'c', port: 3, rack: 'r' },
          { brokerId: 1, host: 'a', port: 1, isFenced: includeFencedBrokers },
        ],
      };
    });
    expect(await run(describeCluster(client))).toEqual({
      clusterId: 'test-cluster',
      controller: 3,
      brokers: [
        { broker: 1, host: 'a', port: 1, rack: null, fenced: includeFencedBrokers },
        { broker: 3, host: 'c', port: 3, rack: 'r', fenced: false },
      ],
    });
  });

  it('takes Metadata from an old broker', async () => {
    const { client, run } = await scriptedCluster(2);
    expect(await run(describeCluster(client))).toEqual({
      clusterId: 'test-cluster',
      controller: 2,
      brokers: [
        { broker: 1, host: 'broker', port: 9092, rack: null, fenced: false },
        { broker: 2, host: 'broker', port: 9093, rack: null, fenced: false },
      ],
    });
  });
});

describe('describeQuorum', () => {
  const replica = (replicaId: number, times: { lastFetchTimestamp?: number; lastCaughtUpTimestamp?: number } = {}) => ({
    replicaId,
    replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAQ',
    logEndOffset: 9_007_199_254_740_993n,
    ...times,
  });

  it('names the active controller and how far each replica is', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeQuorumApi, 0, 2]);
    brokers[0]!.on(describeQuorumApi, (body) => {
      expect(body.topics).toEqual([{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]);
      const nodes = [{ nodeId: 2, listeners: [{ name: 'CONTROLLER', host: 'b', port: 9093 }] }];
      const log = {
        partitionIndex: 0,
        errorCode: 0,
        leaderId: 2,
        leaderEpoch: 5,
        highWatermark: 7n,
        currentVoters: [replica(2, { lastFetchTimestamp: 1000, lastCaughtUpTimestamp: 900 })],
        observers: [{ ...replica(4), replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      };
      return { errorCode: 0, topics: [{ topicName: '__cluster_metadata', partitions: [log] }], nodes };
    });
    expect(await run(describeQuorum(client))).toEqual({
      leader: 2,
      leaderEpoch: 5,
      highWatermark: 7n,
      voters: [
        {
          node: 2,
          directoryId: 'AAAAAAAAAAAAAAAAAAAAAQ',
          endpoints: [{ listener: 'CONTROLLER', host: 'b', port: 9093 }],
          logEndOffset: 9_007_199_254_740_993n,
          lastFetchMs: 1000,
          lastCaughtUpMs: 900,
        },
      ],
      observers: [
        {
          node: 4,
          directoryId: null,
          endpoints: null,
          logEndOffset: 9_007_199_254_740_993n,
          lastFetchMs: null,
          lastCaughtUpMs: null,
        },
      ],
    });
  });

  it.each([
    ['as a whole', 31, 0, 'CLUSTER_AUTHORIZATION_FAILED'],
    ['for the log', 0, 31, 'CLUSTER_AUTHORIZATION_FAILED'],
  ])('rejects what is refused %s', async (_, wholeCode, logCode, code) => {
    const { client, brokers, run } = await scriptedCluster(1, [describeQuorumApi, 0, 2]);
    const log = { partitionIndex: 0, errorCode: logCode, leaderId: 0, leaderEpoch: 0, highWatermark: 0n, currentVoters: [], observers: [] };
    brokers[0]!.on(describeQuorumApi, () => ({
      errorCode: wholeCode,
      topics: wholeCode === 0 ? [{ topicName: '__cluster_metadata', partitions: [log] }] : [],
      nodes: [],
    }));
    expect(await run(describeQuorum(client).catch((error: unknown) => error))).toEqual(failed(code));
  });
});
