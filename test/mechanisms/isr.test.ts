import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('the ISR', () => {
  it('loses a follower that falls behind, and takes it back when it has caught up', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]]);
    const { leaderEpoch } = await on.partitionOf(topic);
    await on.pause(b);
    await on.produce(a, topic, ['a'], { acks: 1 });
    await on.until(topic, { isr: [a, c].sort() }, { by: a });
    // It was the leader that missed the follower: the controller has not, yet.
    expect((await on.metadata(a)).brokers.map(({ nodeId }) => nodeId).sort()).toEqual([1, 2, 3]);
    expect(await on.fetch(a, topic)).toMatchObject({ highWatermark: 1n, values: ['a'] });

    await on.resume(b);
    await on.untilInSync(topic, [1, 2, 3]);
    expect(await on.partitionOf(topic)).toMatchObject({ leader: a, leaderEpoch, error: 'NONE' });
  });

  it('keeps a follower that has nothing to fetch', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]]);
    const end = performance.now() + on.cluster.times.replicaLagMs * 1.5;
    const other = await on.createTopic([[a, b, c]]);
    while (performance.now() < end) expect(await on.produce(a, other, ['time passes'])).toMatchObject({ error: 'NONE' });
    expect((await on.partitionOf(topic)).isr).toEqual([1, 2, 3]);
  });
});
