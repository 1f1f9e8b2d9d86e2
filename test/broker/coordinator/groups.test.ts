import { beforeAll, describe, expect, it } from 'vitest';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { deleteGroups } from '../../../src/protocol/messages/delete-groups.js';
import { deleteTopics } from '../../../src/protocol/messages/delete-topics.js';
import { describeConfigs } from '../../../src/protocol/messages/describe-configs.js';
import { describeGroups } from '../../../src/protocol/messages/describe-groups.js';
import { listGroups } from '../../../src/protocol/messages/list-groups.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { offsetDelete } from '../../../src/protocol/messages/offset-delete.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { errorName } from './group-client.js';
import { joinAlone, startOneBroker } from './one-broker.js';

// It is loaded from a file, which takes no virtual time.
beforeAll(initializeCompression);

describe('a classic group', () => {
  it('makes __consumer_offsets when it is first asked for, and gives a new member its id', async () => {
    const { finish, member } = await startOneBroker('first');
    const consumer = member();
    expect(await finish(consumer.find())).toBe(1);
    const first = await finish(consumer.join());
    expect(first).toMatchObject({ error: 'MEMBER_ID_REQUIRED', generationId: -1, members: [] });
    expect(first.memberId).toMatch(/^kafka-ts.*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const joined = await finish(consumer.join({ memberId: first.memberId }));
    expect(joined).toMatchObject({ error: 'NONE', generationId: 1, leader: first.memberId, members: [first.memberId] });
    expect(await finish(consumer.sync(joined, { [joined.memberId]: 'mine' }))).toEqual({ error: 'NONE', assignment: 'mine' });
    expect(await finish(consumer.heartbeat(joined))).toBe('NONE');
    expect(await finish(consumer.heartbeat({ ...joined, generationId: 7 }))).toBe('ILLEGAL_GENERATION');
    expect(await finish(consumer.heartbeat({ ...joined, memberId: 'else' }))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('rebalances when another comes, who is found by heartbeat', async () => {
    const { finish, member } = await startOneBroker('second');
    const [a, b] = [member(), member()];
    const first = await finish(joinAlone(a));
    const coming = b.joinAnew();
    let heard = await finish(a.heartbeat(first));
    while (heard === 'NONE') heard = await finish(a.heartbeat(first));
    expect(heard).toBe('REBALANCE_IN_PROGRESS');
    const [again, other] = await finish(Promise.all([a.join({ memberId: first.memberId }), coming]));
    expect([again.generationId, other.generationId]).toEqual([2, 2]);
    expect(again.members).toEqual([again.memberId, other.memberId]);
    expect(other).toMatchObject({ leader: first.memberId, members: [] });
    const assignments = { [again.memberId]: '0,1', [other.memberId]: '2,3' };
    const synced = await finish(Promise.all([b.sync(other), a.sync(again, assignments)]));
    expect(synced.map(({ assignment }) => assignment)).toEqual(['2,3', '0,1']);
    expect(await finish(a.commit('t', { 0: 5n }, first))).toEqual(['ILLEGAL_GENERATION']);
    expect(await finish(a.commit('t', { 0: 5n }, again))).toEqual(['NONE']);
    expect(await finish(b.leave(other.memberId))).toEqual(['NONE']);
    expect(await finish(a.heartbeat(again))).toBe('REBALANCE_IN_PROGRESS');
  });

  it('gives up a member that is not heard of, and one that does not join again in time', async () => {
    const { finish, member, world } = await startOneBroker('timeouts');
    const [a, b] = [member(), member()];
    const first = await finish(joinAlone(a));
    await world.run(9000);
    expect(await finish(a.heartbeat(first))).toBe('NONE');
    await world.run(10_100);
    expect(await finish(a.heartbeat(first))).toBe('UNKNOWN_MEMBER_ID');
    const stays = await finish(a.joinAnew({ rebalanceTimeoutMs: 3000, sessionTimeoutMs: 30_000 }));
    expect(await finish(a.sync(stays, { [stays.memberId]: 'all' }))).toMatchObject({ error: 'NONE' });
    const beganMs = world.nowMs();
    const joined = await finish(b.joinAnew({ rebalanceTimeoutMs: 3000 }));
    expect(joined.members).toEqual([joined.memberId]);
    expect(world.nowMs() - beganMs).toBeGreaterThanOrEqual(3000);
  });

  it('lets a static member restart unnoticed, and fences the process before it', async () => {
    const { finish, member } = await startOneBroker('static');
    const [old, young] = [member(), member()];
    const joined = await finish(old.join({ groupInstanceId: 'i' }));
    expect(joined.memberId).toMatch(/^i-/);
    await finish(old.sync(joined, { [joined.memberId]: 'all' }, 'i'));
    const again = await finish(young.join({ groupInstanceId: 'i' }));
    expect(again).toMatchObject({
      error: 'NONE',
      generationId: 1,
      leader: again.memberId,
      members: [again.memberId],
      skipAssignment: true,
    });
    expect(await finish(young.sync(again, {}, 'i'))).toEqual({ error: 'NONE', assignment: 'all' });
    expect(await finish(old.sync(joined, {}, 'i'))).toMatchObject({ error: 'FENCED_INSTANCE_ID' });
  });

  it('takes no more members than group.max.size, and no session timeout beyond its bounds', async () => {
    const { finish, member } = await startOneBroker('size', { 'group.max.size': '1' });
    await finish(joinAlone(member()));
    expect(await finish(member().join())).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED' });
    expect(await finish(member('h').join({ sessionTimeoutMs: 5999 }))).toMatchObject({ error: 'INVALID_SESSION_TIMEOUT' });
    expect(await finish(member('').join())).toMatchObject({ error: 'INVALID_GROUP_ID' });
    expect(await finish(member('h').join({ memberId: 'unknown' }))).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' });
  });

  it('is remembered over a restart with members and offsets, in order or not', async () => {
    const { finish, member, restart } = await startOneBroker('restart');
    for (const how of ['in order', 'killed'] as const) {
      const consumer = member(how);
      const joined = await finish(joinAlone(consumer));
      expect(await finish(consumer.commit('t', { 0: 10n, 1: 20n }, joined))).toEqual(['NONE', 'NONE']);
      await restart(how);
      expect(await finish(consumer.heartbeat(joined))).toBe('NONE');
      expect(await finish(consumer.committed('t', [0, 1, 2]))).toEqual([10n, 20n, -1n]);
      expect(await finish(consumer.sync(joined))).toEqual({ error: 'NONE', assignment: 'all' });
    }
  });

  it('takes no member for dead that could not be heard while the broker stood still', async () => {
    const { finish, member, world, environment } = await startOneBroker('stall');
    const consumer = member();
    const joined = await finish(joinAlone(consumer));
    environment().pause();
    await world.run(60_000);
    environment().resume();
    expect(await finish(consumer.heartbeat(joined))).toBe('NONE');
  });
});

describe('offsets', () => {
  it('are kept in a compacted topic, however it is asked for first', async () => {
    const { finish, client, world } = await startOneBroker('topic');
    const offsetsTopic = async () =>
      (await finish(client.request(metadata, { topics: [{ name: '__consumer_offsets' }], allowAutoTopicCreation: true }, { to: 'any' })))
        .topics[0];
    for (let topic = await offsetsTopic(); topic?.errorCode !== 0; topic = await offsetsTopic()) await world.run(10);
    expect(await offsetsTopic()).toMatchObject({ isInternal: true, partitions: Array.from({ length: 5 }, () => ({ leaderId: 1 })) });
    const resources = [{ resourceType: 2, resourceName: '__consumer_offsets', configurationKeys: null }];
    const { results } = await finish(client.request(describeConfigs, { resources }, { to: 'any' }));
    const set = results[0]?.configs.filter(({ configSource }) => configSource === 1).map(({ name, value }) => [name, value]);
    expect(Object.fromEntries(set ?? [])).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'producer',
      'segment.bytes': '104857600',
    });
  });

  it('are committed by anybody where nobody is a member, and -1 where nobody did', async () => {
    const { finish, member, client } = await startOneBroker('simple');
    const tool = member('tool');
    expect(await finish(tool.committed('t', [0]))).toEqual([-1n]);
    expect(await finish(tool.commit('t', { 0: 3n, 9: 1n }))).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION']);
    expect(await finish(tool.committed('t', [0, 1]))).toEqual([3n, -1n]);
    const list = async (statesFilter: readonly string[], typesFilter: readonly string[]) =>
      (await finish(client.request(listGroups, { statesFilter, typesFilter }, { to: 'any' }))).groups;
    const listed = { groupId: 'tool', protocolType: '', groupState: 'Empty', groupType: 'classic' };
    expect(await list([], [])).toEqual([listed]);
    expect(await list(['empty'], ['Classic'])).toEqual([listed]);
    expect(await list(['Stable'], [])).toEqual([]);
    expect(await list([], ['consumer'])).toEqual([]);
    await finish(joinAlone(tool));
    expect(await finish(tool.commit('t', { 0: 4n }))).toEqual(['UNKNOWN_MEMBER_ID']);
  });

  it('are deleted of topics that are not in use, and with their group', async () => {
    const { finish, member, client } = await startOneBroker('delete');
    const consumer = member();
    const joined = await finish(joinAlone(consumer));
    await finish(consumer.commit('t', { 0: 3n, 1: 4n }, joined));
    const remove = (groupId: string) => {
      const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }];
      return finish(client.request(offsetDelete, { groupId, topics }, { to: 'any' }));
    };
    const removeGroups = async (...groupsNames: readonly string[]) =>
      (await finish(client.request(deleteGroups, { groupsNames }, { to: 'any' }))).results.map(({ errorCode }) => errorName(errorCode));
    expect((await remove('g')).topics[0]?.partitions).toEqual([{ partitionIndex: 0, errorCode: 86 }]);
    expect(await removeGroups('g', 'none')).toEqual(['NON_EMPTY_GROUP', 'GROUP_ID_NOT_FOUND']);
    expect(await finish(consumer.leave(joined.memberId, 'else'))).toEqual(['NONE', 'UNKNOWN_MEMBER_ID']);
    expect((await remove('g')).topics[0]?.partitions).toEqual([{ partitionIndex: 0, errorCode: 0 }]);
    expect(await finish(consumer.committed('t', [0, 1]))).toEqual([-1n, 4n]);
    expect(errorName((await remove('none')).errorCode)).toBe('GROUP_ID_NOT_FOUND');
    expect(await removeGroups('g')).toEqual(['NONE']);
    expect(await finish(consumer.committed('t', [0, 1]))).toEqual([-1n, -1n]);
    const { groups } = await finish(client.request(describeGroups, { groups: ['g'] }, { to: 'any' }));
    expect(groups).toMatchObject([{ groupState: 'Dead', errorCode: 69, errorMessage: 'Group g not found.' }]);
  });

  it('expire when a group has been empty for long, and the group with them', async () => {
    const { finish, member, client, world, restart } = await startOneBroker('expire', { 'offsets.retention.minutes': '60' });
    const consumer = member();
    const joined = await finish(joinAlone(consumer));
    await finish(consumer.commit('t', { 0: 3n }, joined));
    await finish(consumer.leave(joined.memberId));
    const groups = async () => (await finish(client.request(listGroups, {}, { to: 'any' }))).groups.map(({ groupId }) => groupId);
    await world.run(55 * 60_000);
    expect(await finish(consumer.committed('t', [0]))).toEqual([3n]);
    await world.run(20 * 60_000);
    expect(await finish(consumer.committed('t', [0]))).toEqual([-1n]);
    expect(await groups()).toEqual([]);
    await restart('killed');
    expect(await groups()).toEqual([]);
  });

  it('of a topic go with it', async () => {
    const { finish, member, client } = await startOneBroker('topic');
    const consumer = member();
    await finish(consumer.commit('t', { 0: 3n }));
    const deleted = await finish(
      client.request(deleteTopics, { topics: [{ name: 't', topicId: ZERO_UUID }], timeoutMs: 1000 }, { to: 'controller' }),
    );
    expect(deleted.responses).toMatchObject([{ errorCode: 0 }]);
    expect(await finish(consumer.committed('t', [0]))).toEqual([-1n]);
  });
});
