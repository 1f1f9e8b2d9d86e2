import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('eligible leader replicas (KIP-966)', () => {
  it('are who left an ISR that became smaller than min.insync.replicas', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.kill(b);
    await on.until(topic, { isr: [a] });
    expect(await on.elrOf(topic)).toEqual({ elr: [b], lastKnown: [] });
    await on.restart(b);
    await on.untilInSync(topic, [a, b]);
    expect(await on.elrOf(topic)).toEqual({ elr: [], lastKnown: [] });
  });

  it('are none where enough are in sync', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]], { 'min.insync.replicas': 2 });
    await on.shutDown(b);
    await on.until(topic, { isr: [a, c].sort() });
    expect(await on.elrOf(topic)).toEqual({ elr: [], lastKnown: [] });
  });

  it('lead without loss of what was promised, where nobody in sync is left', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.produce(a, topic, ['promised']);
    await on.shutDown(b);
    await on.until(topic, { isr: [a] });
    expect(await on.produce(a, topic, ['not promised'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await on.kill(a);
    await on.restart(b);
    await on.untilLeads(b, topic, { isr: [b] });
    expect(await on.elrOf(topic)).toEqual({ elr: [a], lastKnown: [] });
    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    await on.untilRead(b, topic, ['promised']);
  });

  it('are no more where they come back from an unclean shutdown: the last leader is waited for', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.produce(a, topic, ['promised']);
    await on.kill(b);
    await on.until(topic, { isr: [a] });
    await on.kill(a);
    await on.restart(b);
    await on.until(topic, { leader: -1, isr: [] });
    expect(await on.elrOf(topic)).toEqual({ elr: [a], lastKnown: [a] });
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'PREFERRED_LEADER_NOT_AVAILABLE' });
    await on.restart(a);
    await on.untilLeads(a, topic);
    await on.untilInSync(topic, [a, b]);
    expect(await on.elrOf(topic)).toEqual({ elr: [], lastKnown: [] });
    await on.untilRead(a, topic, ['promised']);
  });
});
