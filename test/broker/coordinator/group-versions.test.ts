import { beforeAll, describe, expect, it } from 'vitest';
import { startNode } from '../../../src/broker/node.js';
import { createWorld } from '../../../src/environment/virtual.js';
import { errorCode } from '../../../src/model/error-code.js';
import { decodeResponse, encodeRequest } from '../../../src/protocol/frame.js';
import { createFrameSplitter } from '../../../src/protocol/frame-splitter.js';
import { apiVersions } from '../../../src/protocol/messages/api-versions.js';
import { createTopics } from '../../../src/protocol/messages/create-topics.js';
import { deleteGroups } from '../../../src/protocol/messages/delete-groups.js';
import { describeGroups } from '../../../src/protocol/messages/describe-groups.js';
import { findCoordinator } from '../../../src/protocol/messages/find-coordinator.js';
import { heartbeat } from '../../../src/protocol/messages/heartbeat.js';
import { joinGroup } from '../../../src/protocol/messages/join-group.js';
import { leaveGroup } from '../../../src/protocol/messages/leave-group.js';
import { listGroups } from '../../../src/protocol/messages/list-groups.js';
import { offsetCommit } from '../../../src/protocol/messages/offset-commit.js';
import { offsetDelete } from '../../../src/protocol/messages/offset-delete.js';
import { offsetFetch } from '../../../src/protocol/messages/offset-fetch.js';
import { syncGroup } from '../../../src/protocol/messages/sync-group.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import type { Api, Decoded, Encodable, Fields } from '../../../src/protocol/schema.js';

beforeAll(initializeCompression);

/** A broker with the topic `t`, asked over one connection in the versions that the test says. */
async function startBroker() {
  const world = createWorld('group versions');
  const problems: string[] = [];
  const environment = world.createEnvironment('broker', {
    log: (level, line) => {
      if (level !== 'info') problems.push(line);
    },
  });
  const configs = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.replication.factor': '1' };
  const node = await world.finish(
    startNode(environment, {
      ...{ nodeId: 1, host: 'broker', clientPort: 9092, controllerPort: 9093, rack: null, dataDirectory: '/data', configs },
      clusterId: 'Q3gqbVpRTGmYv2c4x1o0Zw',
    }),
  );
  const connection = await world.finish(world.createEnvironment('peer').network.connect({ host: 'broker', port: 9092 }));
  const frames: Uint8Array[] = [];
  connection.start({ onData: createFrameSplitter(10_000_000, (frame) => frames.push(frame)), onClose: () => problems.push('closed') });
  const ask = async <Q extends Fields, P extends Fields>(api: Api<Q, P>, version: number, body: Encodable<Q>): Promise<Decoded<P>> => {
    connection.write(encodeRequest(api, version, { correlationId: version, clientId: 'test' }, body));
    await world.runUntil(() => frames.length > 0 || problems.length > 0);
    expect(problems).toEqual([]);
    return decodeResponse(api, version, frames.shift() as Uint8Array).body;
  };
  const { apiKeys } = await ask(apiVersions, 4, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
  const topic = { name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  const { topics } = await ask(createTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
  await world.runUntil(() => node.metadata.topics.byName.has('t'));
  const each = async (api: Api, work: (version: number) => Promise<void>): Promise<void> => {
    const { minVersion, maxVersion } = apiKeys.find(({ apiKey }) => apiKey === api.key) ?? { minVersion: -1, maxVersion: -1 };
    expect(minVersion).toBeGreaterThanOrEqual(0);
    for (let version = minVersion; version <= maxVersion; version++) await work(version);
  };
  return { world, node, ask, each, topicId: topics[0]?.topicId ?? '' };
}

describe('every version that is advertised for groups', () => {
  it('is answered in kind', async () => {
    const { world, ask, each, topicId } = await startBroker();
    while ((await ask(findCoordinator, 0, { key: 'g' })).errorCode !== 0) await world.run(10);
    await each(findCoordinator, async (version) => {
      const asked = version >= 4 ? { keyType: 0, coordinatorKeys: ['g', 'h'] } : { key: 'g', ...(version >= 1 && { keyType: 0 }) };
      const { coordinators, nodeId } = await ask(findCoordinator, version, asked);
      expect(version >= 4 ? coordinators.map((one) => [one.key, one.nodeId, one.errorCode]) : nodeId).toEqual(
        version >= 4
          ? [
              ['g', 1, 0],
              ['h', 1, 0],
            ]
          : 1,
      );
      const none = version >= 4 ? { keyType: 1, coordinatorKeys: ['x'] } : { key: 'x', keyType: 1 };
      if (version === 0) return;
      const answer = await ask(findCoordinator, version, none);
      expect(version >= 4 ? answer.coordinators : [answer]).toMatchObject([{ errorCode: 42, nodeId: -1 }]);
    });

    const protocols = [{ name: 'range', metadata: Buffer.from([0, 0, 0, 0, 0, 0, 255, 255, 255, 255]) }];
    const join = async (groupId: string, version: number) => {
      const body = (memberId: string) => ({
        ...{ groupId, sessionTimeoutMs: 10_000, memberId, protocolType: 'consumer', protocols },
        ...(version >= 1 && { rebalanceTimeoutMs: 10_000 }),
      });
      const first = await ask(joinGroup, version, body(''));
      if (version < 4) return first;
      expect(first).toMatchObject({ errorCode: 79, generationId: -1 });
      return ask(joinGroup, version, body(first.memberId));
    };
    await each(joinGroup, async (version) => {
      const answer = await join(`join-${version}`, version);
      expect(answer).toMatchObject({ errorCode: 0, generationId: 1, leader: answer.memberId, protocolName: 'range' });
      expect(answer.members.map(({ memberId }) => memberId)).toEqual([answer.memberId]);
      const refused = await ask(joinGroup, version, { ...answer, groupId: '', sessionTimeoutMs: 1, protocolType: 'x', protocols });
      expect(refused).toMatchObject({ errorCode: 24, protocolName: version >= 7 ? null : '' });
    });
    const { memberId, generationId } = await join('g', 9);
    await each(syncGroup, async (version) => {
      const assignments = [{ memberId, assignment: Buffer.from('all') }];
      const request = { groupId: 'g', generationId, memberId, assignments };
      const answer = await ask(syncGroup, version, { ...request, protocolType: 'consumer', protocolName: 'range' });
      expect([answer.errorCode, Buffer.from(answer.assignment).toString()]).toEqual([0, 'all']);
      expect(answer.protocolName).toBe(version >= 5 ? 'range' : null);
      // Mandatory from version 5 on.
      expect((await ask(syncGroup, version, request)).errorCode).toBe(version >= 5 ? errorCode('INCONSISTENT_GROUP_PROTOCOL') : 0);
    });
    await each(heartbeat, async (version) => {
      expect((await ask(heartbeat, version, { groupId: 'g', generationId, memberId })).errorCode).toBe(0);
    });
    await each(offsetCommit, async (version) => {
      const partitions = [0, 7].map((partitionIndex) => ({ partitionIndex, committedOffset: BigInt(version), committedMetadata: 'm' }));
      const topics = version >= 10 ? [{ topicId, partitions }] : [{ name: 't', partitions }];
      const answer = await ask(offsetCommit, version, { groupId: 'g', generationIdOrMemberEpoch: generationId, memberId, topics });
      expect(answer.topics[0]?.partitions).toEqual([
        { partitionIndex: 0, errorCode: 0 },
        { partitionIndex: 7, errorCode: 3 },
      ]);
    });
    await each(offsetFetch, async (version) => {
      const partitionIndexes = [0, 1];
      const named = [{ name: 't', partitionIndexes }];
      const topics = version >= 10 ? [{ topicId, partitionIndexes }] : named;
      const answer = await ask(
        offsetFetch,
        version,
        version >= 8 ? { groups: [{ groupId: 'g', topics }] } : { groupId: 'g', topics: named },
      );
      const told = (version >= 8 ? answer.groups[0]?.topics : answer.topics)?.[0]?.partitions ?? [];
      expect(told.map(({ committedOffset, metadata, errorCode }) => [committedOffset, metadata, errorCode])).toEqual([
        [10n, 'm', 0],
        [-1n, '', 0],
      ]);
      if (version < 2) return;
      const all = await ask(
        offsetFetch,
        version,
        version >= 8 ? { groups: [{ groupId: 'g', topics: null }] } : { groupId: 'g', topics: null },
      );
      expect((version >= 8 ? all.groups[0]?.topics : all.topics)?.[0]?.partitions).toHaveLength(1);
    });
    await each(describeGroups, async (version) => {
      const { groups } = await ask(describeGroups, version, { groups: ['g', 'none'] });
      expect(groups).toMatchObject([
        { groupState: 'Stable', protocolData: 'range', members: [{ memberId, clientId: 'test', clientHost: '/peer' }] },
        { groupState: 'Dead', errorCode: version >= 6 ? 69 : 0 },
      ]);
    });
    await each(listGroups, async (version) => {
      const { groups } = await ask(listGroups, version, version >= 4 ? { statesFilter: ['stable'] } : {});
      expect(groups.map(({ groupId }) => groupId)).toContain('g');
      expect(groups[0]?.groupType).toBe(version >= 5 ? 'classic' : '');
    });
    await each(offsetDelete, async (version) => {
      const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 7 }] }];
      const answer = await ask(offsetDelete, version, { groupId: 'g', topics });
      expect(answer.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([0, 3]);
    });
    await each(leaveGroup, async (version) => {
      const groupId = `leave-${version}`;
      const { memberId: leaving } = await join(groupId, 3);
      const body = version >= 3 ? { groupId, members: [{ memberId: leaving }] } : { groupId, memberId: leaving };
      expect(await ask(leaveGroup, version, body)).toMatchObject({ errorCode: 0, members: version >= 3 ? [{ errorCode: 0 }] : [] });
      const again = await ask(leaveGroup, version, body);
      expect(version >= 3 ? again.members[0]?.errorCode : again.errorCode).toBe(25);
    });
    await each(deleteGroups, async (version) => {
      const { results } = await ask(deleteGroups, version, { groupsNames: [`leave-${version}`, 'g'] });
      expect(new Map(results.map(({ groupId, errorCode }) => [groupId, errorCode]))).toEqual(
        new Map([
          [`leave-${version}`, 0],
          ['g', 68],
        ]),
      );
    });
  });
});
