import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('acks', () => {
  it('0: nothing is answered, and the record comes', async () => {
    const topic = await on.createTopic();
    await on.produce(1, topic, ['a'], { acks: 0 });
    await on.untilRead(1, topic, ['a']);
  });

  it('1: the leader answers alone, and consumers wait for the followers', async () => {
    const topic = await on.createTopic([[1, 2]]);
    await on.pause(2);
    expect(await on.produce(1, topic, ['a'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect(await on.fetch(1, topic)).toMatchObject({ error: 'NONE', highWatermark: 0n, values: [] });
    await on.resume(2);
    await on.untilRead(1, topic, ['a']);
  });

  it('-1: the answer waits for all that are in sync', async () => {
    const topic = await on.createTopic([[1, 2]]);
    await on.pause(2);
    const timeoutMs = Math.floor(on.cluster.times.replicaLagMs / 3);
    expect(await on.produce(1, topic, ['a'], { timeoutMs })).toMatchObject({ error: 'REQUEST_TIMED_OUT', baseOffset: 0n });
    await on.resume(2);
    expect(await on.produce(1, topic, ['b'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    expect(await on.fetch(1, topic)).toMatchObject({ highWatermark: 2n, values: ['a', 'b'] });
  });

  it('-1: a follower that leaves the ISR is waited for no longer', async () => {
    const topic = await on.createTopic([[1, 2]]);
    await on.pause(2);
    expect(await on.produce(1, topic, ['a'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect((await on.partitionOf(topic, { by: 1 })).isr).not.toContain(2);
  });

  it('2 is refused', async () => {
    const topic = await on.createTopic();
    expect(await on.produce(1, topic, ['a'], { acks: 2 })).toMatchObject({ error: 'INVALID_REQUIRED_ACKS' });
  });

  it('1 may lose: what the followers did not have is gone with the leader', async () => {
    const topic = await on.createTopic([[1, 2]]);
    expect(await on.produce(1, topic, ['kept'])).toMatchObject({ error: 'NONE' });
    await on.pause(2);
    expect(await on.produce(1, topic, ['lost'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await on.kill(1);
    await on.resume(2);
    await on.untilLeads(2, topic);
    expect(await on.produce(2, topic, ['after'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await on.restart(1);
    await on.untilInSync(topic, [1, 2]);
    await on.untilRead(2, topic, ['kept', 'after']);
  });
});
