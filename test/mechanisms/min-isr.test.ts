import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('min.insync.replicas', () => {
  it('refuses acks=-1 before the append where too few are in sync', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    expect(await on.produce(a, topic, ['a'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    await on.kill(b);
    await on.until(topic, { isr: [a] }, { by: a });
    const early = await on.untilRefused(a, topic, 'NOT_ENOUGH_REPLICAS');
    expect(await on.produce(a, topic, ['b'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: BigInt(1 + early.length) });
    await on.restart(b);
    await on.untilInSync(topic, [a, b]);
    expect(await on.produce(a, topic, ['c'])).toMatchObject({ error: 'NONE', baseOffset: BigInt(2 + early.length) });
    await on.untilRead(a, topic, ['a', ...early, 'b', 'c']);
  });

  /**
   * Kafka has NOT_ENOUGH_REPLICAS_AFTER_APPEND for it, but since KIP-966 the high watermark stands still where too few are in sync, so
   * the request waits on.
   */
  it('has acks=-1 wait where too few are in sync after the append', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.pause(b);
    const timeoutMs = on.cluster.times.replicaLagMs + 1_500;
    const waiting = on.produce(a, topic, ['late'], { timeoutMs });
    await on.until(topic, { isr: [a] }, { by: a });
    expect(await waiting).toMatchObject({ error: 'REQUEST_TIMED_OUT', baseOffset: 0n });
    expect(await on.produce(a, topic, ['refused'])).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS', baseOffset: -1n });
    expect(await on.fetch(a, topic)).toMatchObject({ highWatermark: 0n, values: [] });
    await on.resume(b);
    await on.untilRead(a, topic, ['late']);
  });

  it('acknowledges what waited, once enough are in sync again', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.pause(b);
    const waiting = on.produce(a, topic, ['late']);
    await on.until(topic, { isr: [a] }, { by: a });
    await on.resume(b);
    expect(await waiting).toMatchObject({ error: 'NONE', baseOffset: 0n });
  });

  it('counts no more replicas than there are', async () => {
    const [a] = await on.cast();
    const topic = await on.createTopic([[a]], { 'min.insync.replicas': 2 });
    expect(await on.produce(a, topic, ['a'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
    await on.untilRead(a, topic, ['a']);
  });
});
