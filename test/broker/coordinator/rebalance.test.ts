import { beforeAll, describe, expect, it } from 'vitest';
import { incrementalAlterConfigs } from '../../../src/protocol/messages/incremental-alter-configs.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { createClusterOfNodes } from '../controller/cluster-of-nodes.js';
import { createGroupClient } from './group-client.js';
import { joinAlone, joinWhenAsked, startOneBroker } from './one-broker.js';

// It is loaded from a file, which takes no virtual time.
beforeAll(initializeCompression);

describe('a rebalance', () => {
  it('waits for those who come soon after the first', async () => {
    const { finish, member, world } = await startOneBroker('delay', { 'group.initial.rebalance.delay.ms': '3000' });
    const [a, b, c] = [member(), member(), member()];
    await finish(a.find());
    const beganMs = world.nowMs();
    const first = a.joinAnew();
    await world.run(2000);
    const second = b.joinAnew();
    await world.run(2000);
    const third = c.joinAnew();
    const joined = await finish(Promise.all([first, second, third]));
    expect(joined.map(({ generationId }) => generationId)).toEqual([1, 1, 1]);
    expect(world.nowMs() - beganMs).toBeGreaterThan(6000);
    expect(world.nowMs() - beganMs).toBeLessThan(9100);
  });

  it('begins anew without members that joined and never asked for their assignment', async () => {
    const { finish, member } = await startOneBroker('sync');
    const [a, b] = [member(), member()];
    const options = { rebalanceTimeoutMs: 4000, sessionTimeoutMs: 30_000 };
    const first = await finish(joinAlone(a, options));
    const coming = b.joinAnew(options);
    const [leader, silent] = await finish(Promise.all([joinWhenAsked(a, first, options), coming]));
    // The assignment is there, but one member doesn't want to know its own.
    expect(await finish(a.sync(leader, { [leader.memberId]: '0', [silent.memberId]: '1' }))).toMatchObject({ error: 'NONE' });
    expect(await finish(joinWhenAsked(a, leader, options))).toMatchObject({ generationId: 3, members: [leader.memberId] });
    expect(await finish(b.sync(silent))).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' });
  });

  it('chooses a protocol that all have', async () => {
    const { finish, member } = await startOneBroker('protocols');
    const [a, b] = [member(), member()];
    const options = { protocols: ['sticky', 'range'] };
    const first = await finish(joinAlone(a, options));
    expect(first.protocolName).toBe('sticky');
    expect(await finish(b.join({ protocols: ['other'] }))).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL', memberId: '' });
    const coming = b.joinAnew({ protocols: ['other', 'range'] });
    const joined = await finish(Promise.all([joinWhenAsked(a, first, options), coming]));
    expect(joined.map(({ protocolName }) => protocolName)).toEqual(['range', 'range']);
  });

  it('is asked for by the leader, and by a member that says something new of itself, but by nobody who only asks again', async () => {
    const { finish, member } = await startOneBroker('again');
    const [a, b] = [member(), member()];
    const first = await finish(joinAlone(a));
    const coming = b.joinAnew();
    const [leader, other] = await finish(Promise.all([joinWhenAsked(a, first), coming]));
    // Its answer was lost: it hears the same again.
    expect(await finish(b.join({ memberId: other.memberId }))).toMatchObject({ generationId: 2, members: [] });
    expect((await finish(a.join({ memberId: leader.memberId }))).members).toHaveLength(2);
    await finish(Promise.all([b.sync(other), a.sync(leader, {})]));
    expect(await finish(b.join({ memberId: other.memberId }))).toMatchObject({ error: 'NONE', generationId: 2 });
    const changed = b.join({ memberId: other.memberId, topics: ['t', 'u'] });
    const [third] = await finish(Promise.all([joinWhenAsked(a, { ...leader, generationId: 2 }), changed]));
    expect(third.generationId).toBe(3);
    await finish(Promise.all([b.sync({ ...other, generationId: 3 }), a.sync(third, {})]));
    const fourth = a.join({ memberId: leader.memberId });
    const again = await finish(Promise.all([joinWhenAsked(b, { ...other, generationId: 3 }, { topics: ['t', 'u'] }), fourth]));
    expect(again.map(({ generationId }) => generationId)).toEqual([4, 4]);
  });

  it('that cannot be written is said, and tried again', async () => {
    const cluster = createClusterOfNodes('too few', { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '1' });
    const { world } = cluster;
    await cluster.start(1, 2, 3);
    const consumer = createGroupClient(world, 'host1:9092,host2:9092,host3:9092', 'g');
    const coordinator = await world.finish(consumer.find());
    const joined = await world.finish(consumer.joinAnew({ sessionTimeoutMs: 60_000 }));
    const setMinIsr = async (value: string) => {
      const setting = [{ name: 'min.insync.replicas', configOperation: 0, value }];
      const resources = [{ resourceType: 2, resourceName: '__consumer_offsets', configs: setting }];
      await cluster.ask(incrementalAlterConfigs, { resources, validateOnly: false });
      await world.run(100);
    };
    await setMinIsr('3');
    cluster.kill(coordinator === 1 ? 2 : 1);
    await world.run(5000);
    expect(await world.finish(consumer.sync(joined, {}))).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' });
    expect(await world.finish(consumer.heartbeat(joined))).toBe('REBALANCE_IN_PROGRESS');
    await setMinIsr('1');
    const again = await world.finish(consumer.join({ memberId: joined.memberId, sessionTimeoutMs: 60_000 }));
    expect(again).toMatchObject({ error: 'NONE', generationId: 2 });
    expect(await world.finish(consumer.sync(again, { [again.memberId]: 'all' }))).toEqual({ error: 'NONE', assignment: 'all' });
  });

  it('under way ends where the coordinator shuts down, and goes on with the next', async () => {
    const cluster = createClusterOfNodes('shut down', { 'offsets.topic.num.partitions': '1' });
    const { world } = cluster;
    await cluster.start(1, 2, 3);
    const consumer = createGroupClient(world, 'host1:9092,host2:9092,host3:9092', 'g');
    const coordinator = await world.finish(consumer.find());
    const waiting = consumer.joinAnew();
    await world.run(500);
    const left = cluster.node(coordinator).leave();
    expect(await world.finish(waiting)).toMatchObject({ error: 'NOT_COORDINATOR' });
    while ((await world.finish(consumer.find())) === coordinator) await world.run(50);
    let joined = await world.finish(consumer.joinAnew());
    while (joined.error !== 'NONE') joined = await world.finish(consumer.joinAnew());
    expect(joined.members).toEqual([joined.memberId]);
    await world.finish(left);
  });
});
