import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('a session that expires', () => {
  it('fences a killed broker: what it led is led by the next in-sync replica in the list', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([
      [a, c, b],
      [a, b, c],
      [b, a, c],
      [c, b, a],
    ]);
    const before = await on.partitionOf(topic);
    await on.produce(a, topic, ['a']);
    await on.kill(a);
    const isr = [b, c].sort();
    await on.untilLeads(c, topic, { leaderEpoch: before.leaderEpoch + 1, isr, offline: [a] });
    const views = await Promise.all([0, 1, 2, 3].map((partition) => on.partitionOf(topic, { partition, by: c })));
    expect(views.map(({ leader, leaderEpoch }) => [leader, leaderEpoch])).toEqual([
      [c, 1],
      [b, 1],
      [b, 0],
      [c, 0],
    ]);
    for (const view of views) expect(view).toMatchObject({ isr, offline: [a], error: 'NONE' });
    expect(await on.produce(c, topic, ['b'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await on.untilRead(c, topic, ['a', 'b']);

    await on.restart(a);
    await on.untilInSync(topic, [1, 2, 3]);
    // Only who is asked to does so lead again.
    expect(await on.partitionOf(topic)).toMatchObject({ leader: c, leaderEpoch: before.leaderEpoch + 1, offline: [] });
  });

  it('fences a paused leader, which appends no more once it goes on', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]]);
    const before = await on.partitionOf(topic);
    await on.pause(a);
    await on.untilLeads(b, topic, { leaderEpoch: before.leaderEpoch + 1, isr: [b, c].sort() });
    expect(await on.produce(b, topic, ['new'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    await on.resume(a);
    await on.untilInSync(topic, [1, 2, 3]);
    await on.until(topic, { leader: b }, { by: a });
    expect(await on.produce(a, topic, ['old'])).toEqual({ error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: -1n, leader: b });
    await on.untilRead(b, topic, ['new']);
  });

  it('is that of the dead controller alone, though it moves', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([
      [a, b, c],
      [c, b, a],
    ]);
    await on.kill(c);
    await on.until(topic, { leader: a, leaderEpoch: 0, offline: [c] });
    expect(await on.partitionOf(topic, { partition: 1 })).toMatchObject({ leader: b, leaderEpoch: 1, isr: [a, b].sort() });
  });
});
