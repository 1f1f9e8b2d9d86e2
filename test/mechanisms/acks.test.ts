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
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await on.pause(b);
    expect(await on.produce(a, topic, ['a'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 0n });
    expect(await on.fetch(a, topic)).toMatchObject({ error: 'NONE', highWatermark: 0n, values: [] });
    await on.resume(b);
    await on.untilRead(a, topic, ['a']);
  });

  it('-1: the answer waits for all that are in sync', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await on.pause(b);
    const timeoutMs = Math.floor(on.cluster.times.replicaLagMs / 3);
    expect(await on.produce(a, topic, ['a'], { timeoutMs })).toMatchObject({ error: 'REQUEST_TIMED_OUT', baseOffset: 0n });
    await on.resume(b);
    expect(await on.produce(a, topic, ['b'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    expect(await on.fetch(a, topic)).toMatchObject({ highWatermark: 2n, values: ['a', 'b'] });
  });

  it('-1: a follower that leaves the ISR is waited for no longer', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await on.pause(b);
    expect(await on.produce(a, topic, ['a'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    await on.until(topic, { isr: [a] }, { by: a });
  });

  it('2 is refused', async () => {
    const topic = await on.createTopic();
    expect(await on.produce(1, topic, ['a'], { acks: 2 })).toMatchObject({ error: 'INVALID_REQUIRED_ACKS' });
  });

  it('1 may lose: what the followers did not have is gone with the leader', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    expect(await on.produce(a, topic, ['kept'])).toMatchObject({ error: 'NONE' });
    await on.pause(b);
    const acknowledged = ['kept', ...(await on.produceAlone(a, topic))];
    await on.kill(a);
    await on.resume(b);
    await on.untilLeads(b, topic);
    const { baseOffset } = await on.produce(b, topic, ['after'], { acks: 1 });
    expect(baseOffset).toBeLessThan(acknowledged.length);
    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    await on.untilRead(b, topic, [...acknowledged.slice(0, Number(baseOffset)), 'after']);
  });
});
