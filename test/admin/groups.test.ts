import { describe, expect, it } from 'vitest';
import { describeGroups } from '../../src/admin/describe-groups.js';
import { commitGroupOffsets, listGroupOffsets } from '../../src/admin/group-offsets.js';
import { listGroups } from '../../src/admin/groups.js';
import { ZERO_UUID } from '../../src/model/uuid.js';
import { consumerGroupDescribe } from '../../src/protocol/messages/consumer-group-describe.js';
import { describeGroups as describeGroupsApi } from '../../src/protocol/messages/describe-groups.js';
import { findCoordinator } from '../../src/protocol/messages/find-coordinator.js';
import { listGroups as listGroupsApi } from '../../src/protocol/messages/list-groups.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { offsetCommit } from '../../src/protocol/messages/offset-commit.js';
import { offsetFetch } from '../../src/protocol/messages/offset-fetch.js';
import { clusterOf } from '../client/scripted-broker.js';
import { failed, scriptedCluster } from './scripted-cluster.js';

const NOT_COORDINATOR = 16;
const LOADING = 14;
const COORDINATOR_NOT_AVAILABLE = 15;
const coordinator = (nodeId: number) => ({ nodeId, host: 'broker', port: 9091 + nodeId, errorCode: 0, errorMessage: null });

describe('listGroups', () => {
  it('asks every broker, and one that fails is a row after the groups', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [listGroupsApi, 0, 5]);
    const groups = ['b', 'a'].map((groupId) => ({ groupId, protocolType: 'consumer', groupState: 'Empty', groupType: 'Consumer' }));
    brokers[0]!.on(listGroupsApi, () => ({ errorCode: 0, groups }));
    brokers[1]!.on(listGroupsApi, () => ({ errorCode: 29, groups: [] }));
    const listing = { type: 'consumer', state: 'Empty', protocolType: 'consumer', coordinator: 1, error: null };
    expect(await run(listGroups(client))).toEqual([
      { group: 'a', ...listing },
      { group: 'b', ...listing },
      { group: null, type: null, state: null, protocolType: null, coordinator: 2, error: failed('TOPIC_AUTHORIZATION_FAILED') },
    ]);
  });

  it('tells of groups that nobody coordinates, which the brokers pass over', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [listGroupsApi, 0, 5]);
    const replicas = { replicaNodes: [1], isrNodes: [1], offlineReplicas: [] };
    const partitions = [1, -1, -1].map((leaderId, partitionIndex) => ({ errorCode: 0, partitionIndex, leaderId, ...replicas }));
    const topic = { name: '__consumer_offsets', isInternal: true, errorCode: 0, partitions };
    brokers[0]!.on(metadata, () => ({ ...clusterOf([{ nodeId: 1, port: 9092 }], 1), topics: [topic] }));
    brokers[0]!.on(listGroupsApi, () => ({ errorCode: 0, groups: [] }));
    const message = 'Nobody leads 2 of 3 partitions of __consumer_offsets, so the groups that are kept there are not known.';
    expect(await run(listGroups(client))).toMatchObject([
      { group: null, coordinator: null, error: { code: 'COORDINATOR_NOT_AVAILABLE', message } },
    ]);
  });

  it('filters where the broker cannot', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [listGroupsApi, 0, 3]);
    brokers[0]!.on(listGroupsApi, () => ({ errorCode: 0, groups: [{ groupId: 'a', protocolType: '' }] }));
    expect(await run(listGroups(client, { states: ['Empty'] }))).toMatchObject([{ group: 'a', type: 'classic', state: null }]);
    expect(await run(listGroups(client, { types: ['consumer'] }))).toEqual([]);
  });
});

describe('listGroupOffsets', () => {
  const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7n, metadata: null, errorCode: 0 }] }];
  const offsets = [{ topic: 't', partition: 0, committedOffset: 7n, leaderEpoch: -1, metadata: '', error: null }];

  it('finds the coordinators of all groups at once and asks each once', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [findCoordinator, 0, 6], [offsetFetch, 1, 10]);
    const asked: string[] = [];
    const nodeOf = (key: string) => (key === 'c' ? 2 : 1);
    for (const [index, broker] of brokers.entries()) {
      broker.on(findCoordinator, ({ coordinatorKeys }) => ({
        coordinators: coordinatorKeys.map((key) => ({ key, ...coordinator(nodeOf(key)) })),
      }));
      broker.on(offsetFetch, ({ groups }, { version }) => {
        asked.push(`${index + 1} v${version}: ${groups.map(({ groupId }) => groupId)}`);
        return { groups: groups.map(({ groupId }) => ({ groupId, topics })) };
      });
    }
    const rows = await run(listGroupOffsets(client, [{ group: 'a' }, { group: 'c' }, { group: 'b' }]));
    expect(rows).toEqual(['a', 'c', 'b'].map((group) => ({ group, offsets, error: null })));
    expect(asked.sort()).toEqual(['1 v9: a,b', '2 v9: c']);
    expect(brokers.flatMap(({ requests }) => requests.filter(({ apiName }) => apiName === 'FindCoordinator'))).toHaveLength(1);
  });

  it('asks for one group at a time where the broker is old', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [findCoordinator, 0, 3], [offsetFetch, 1, 7]);
    const asked: string[] = [];
    brokers[0]!.on(findCoordinator, () => coordinator(1));
    brokers[0]!.on(offsetFetch, ({ groupId }) => {
      asked.push(groupId);
      return groupId === 'b' ? { errorCode: 30, topics: [] } : { errorCode: 0, topics };
    });
    expect(await run(listGroupOffsets(client, [{ group: 'a' }, { group: 'b' }, { group: 'c' }]))).toEqual([
      { group: 'a', offsets, error: null },
      { group: 'b', offsets: null, error: failed('GROUP_AUTHORIZATION_FAILED') },
      { group: 'c', offsets, error: null },
    ]);
    expect(asked.sort()).toEqual(['a', 'b', 'c']);
  });

  it('asks where a group has moved to, and waits while it is loaded there', async () => {
    const { client, brokers, run } = await scriptedCluster(2, [findCoordinator, 0, 6], [offsetFetch, 1, 10]);
    for (const broker of brokers) {
      broker.on(findCoordinator, ({ coordinatorKeys }) => ({ coordinators: coordinatorKeys.map((key) => ({ key, ...coordinator(2) })) }));
    }
    brokers[0]!.on(offsetFetch, () => ({ groups: [{ groupId: 'a', topics: [], errorCode: NOT_COORDINATOR }] }));
    let loads = 2;
    brokers[1]!.on(offsetFetch, () => ({ groups: [{ groupId: 'a', topics, errorCode: loads-- > 0 ? LOADING : 0 }] }));
    expect(await run(listGroupOffsets(client, [{ group: 'a', coordinator: 1 }]))).toEqual([{ group: 'a', offsets, error: null }]);
  });

  it.each([
    ['all at once', 6],
    ['one by one', 3],
  ])('finds the coordinators of the others where a group has none, within one deadline (%s)', async (_how, version) => {
    const { client, brokers, clock, run } = await scriptedCluster(1, [findCoordinator, version, version], [offsetFetch, 1, 10]);
    const answer = (key: string) =>
      key === 'lost' ? { ...coordinator(-1), errorCode: COORDINATOR_NOT_AVAILABLE, host: '', port: -1 } : coordinator(1);
    brokers[0]!.on(findCoordinator, ({ key, coordinatorKeys }) =>
      version >= 4 ? { coordinators: coordinatorKeys.map((each) => ({ key: each, ...answer(each) })) } : answer(key),
    );
    brokers[0]!.on(offsetFetch, ({ groups }) => ({ groups: groups.map(({ groupId }) => ({ groupId, topics })) }));
    const beganMs = clock.monotonicMs();
    expect(
      await run(
        listGroupOffsets(
          client,
          ['lost', 'a'].map((group) => ({ group })),
        ),
      ),
    ).toEqual([
      { group: 'lost', offsets: null, error: failed('COORDINATOR_NOT_AVAILABLE') },
      { group: 'a', offsets, error: null },
    ]);
    expect(clock.monotonicMs() - beganMs).toBeLessThanOrEqual(2_000);
  });

  it('waits for a coordinator that has not heard yet that it is one', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [findCoordinator, 0, 6], [offsetFetch, 1, 10]);
    brokers[0]!.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, ...coordinator(1) })),
    }));
    let refusals = 3;
    brokers[0]!.on(offsetFetch, () => ({ groups: [{ groupId: 'a', topics, errorCode: refusals-- > 0 ? NOT_COORDINATOR : 0 }] }));
    expect(await run(listGroupOffsets(client, [{ group: 'a' }]))).toEqual([{ group: 'a', offsets, error: null }]);
  });
});

describe('commitGroupOffsets', () => {
  it('commits without a member, by name, and has a result for each partition', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [offsetCommit, 2, 10]);
    brokers[0]!.on(offsetCommit, ({ groupId, memberId, generationIdOrMemberEpoch, topics }, { version }) => {
      expect({ groupId, memberId, generationIdOrMemberEpoch, version }).toEqual({
        groupId: 'g',
        memberId: '',
        generationIdOrMemberEpoch: -1,
        version: 9,
      });
      return {
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: partitionIndex === 1 ? 25 : 0 })),
        })),
      };
    });
    const wanted = [1, 0].map((partition) => ({ topic: 't', partition, offset: 5n }));
    expect(await run(commitGroupOffsets(client, { group: 'g', coordinator: 1 }, wanted))).toEqual([
      { topic: 't', partition: 1, error: failed('UNKNOWN_MEMBER_ID') },
      { topic: 't', partition: 0, error: null },
    ]);
  });
});

describe('describeGroups', () => {
  it('looks for a group of unknown type among classic and among consumer groups', async () => {
    const { client, brokers, run } = await scriptedCluster(1, [describeGroupsApi, 0, 5], [consumerGroupDescribe, 0, 1]);
    brokers[0]!.on(describeGroupsApi, ({ groups }) => ({
      groups: groups.map((groupId) => ({
        errorCode: 0,
        groupId,
        groupState: groupId === 'a' ? 'Stable' : 'Dead',
        protocolType: 'consumer',
        protocolData: 'range',
        members: [],
      })),
    }));
    const partitions = (numbers: readonly number[]) => ({
      topicPartitions: [{ topicId: ZERO_UUID, topicName: 'orders', partitions: numbers }],
    });
    const member = { memberId: 'm', instanceId: null, rackId: null, memberEpoch: 2, clientId: 'c', clientHost: '/h', memberType: 1 };
    const subscribed = { subscribedTopicNames: ['orders'], subscribedTopicRegex: null };
    const rebalancing = { ...member, ...subscribed, assignment: partitions([1]), targetAssignment: partitions([2, 0]) };
    const consumer = { groupState: 'Empty', groupEpoch: 3, assignmentEpoch: 3, assignorName: 'uniform', members: [rebalancing] };
    brokers[0]!.on(consumerGroupDescribe, ({ groupIds }) => ({
      throttleTimeMs: 0,
      groups: groupIds.map((groupId) => ({ errorCode: groupId === 'b' ? 0 : 69, groupId, ...consumer })),
    }));
    const rows = await run(
      describeGroups(
        client,
        ['a', 'b', 'c'].map((group) => ({ group, coordinator: 1 })),
      ),
    );
    expect(rows).toMatchObject([
      { group: 'a', type: 'classic', state: 'Stable', assignor: 'range', groupEpoch: null, members: [], error: null },
      { group: 'b', type: 'consumer', state: 'Empty', assignor: 'uniform', groupEpoch: 3, error: null },
      { group: 'c', type: null, members: null, error: failed('GROUP_ID_NOT_FOUND') },
    ]);
    expect(rows[1]?.members).toEqual([
      {
        ...{ memberId: 'm', instanceId: null, clientId: 'c', host: '/h', memberEpoch: 2 },
        assignment: [{ topic: 'orders', partitions: [1] }],
        targetAssignment: [{ topic: 'orders', partitions: [0, 2] }],
      },
    ]);
  });
});
