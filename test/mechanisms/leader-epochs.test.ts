import { describe, expect, it } from 'vitest';
import { latest, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('leader epochs', () => {
  it('fence who knows an older one and put off who knows a newer one (KIP-320)', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    expect(await on.fetch(a, topic, { currentLeaderEpoch: 0 })).toMatchObject({ error: 'NONE' });
    expect(await on.fetch(a, topic, { currentLeaderEpoch: 1 })).toMatchObject({ error: 'UNKNOWN_LEADER_EPOCH' });
    await on.reassign(topic, [b, a]);
    await on.elect('preferred', topic);
    await on.untilLeads(b, topic, { leaderEpoch: 1 });
    for (const [currentLeaderEpoch, error] of [
      [0, 'FENCED_LEADER_EPOCH'],
      [1, 'NONE'],
      [2, 'UNKNOWN_LEADER_EPOCH'],
    ] as const) {
      expect(await on.fetch(b, topic, { currentLeaderEpoch })).toMatchObject({ error });
      expect(await on.listOffset(b, topic, latest, { currentLeaderEpoch })).toMatchObject({ error });
      expect(await on.epochEnd(b, topic, 0, { currentLeaderEpoch })).toMatchObject({ error });
    }
  });

  it('tell where each ends, and a fetch that has diverged where to (OffsetForLeaderEpoch, KIP-595)', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await on.produce(a, topic, ['0', '1']);
    await on.reassign(topic, [b, a]);
    await on.elect('preferred', topic);
    await on.untilLeads(b, topic, { leaderEpoch: 1 });
    await on.produce(b, topic, ['2']);
    await on.untilRead(b, topic, ['0', '1', '2']);
    expect(await on.epochEnd(b, topic, 0)).toEqual({ error: 'NONE', leaderEpoch: 0, endOffset: 2n });
    expect(await on.epochEnd(b, topic, 1)).toEqual({ error: 'NONE', leaderEpoch: 1, endOffset: 3n });
    expect(await on.epochEnd(b, topic, 9)).toEqual({ error: 'NONE', leaderEpoch: -1, endOffset: -1n });
    expect(await on.listOffset(b, topic, latest)).toEqual({ error: 'NONE', offset: 3n, leaderEpoch: 1 });
    const diverged = await on.fetch(b, topic, { offset: 3n, currentLeaderEpoch: 1, lastFetchedEpoch: 0 });
    expect(diverged).toMatchObject({ error: 'NONE', values: [], diverging: { epoch: 0, endOffset: 2n } });
    const agreeing = await on.fetch(b, topic, { offset: 2n, currentLeaderEpoch: 1, lastFetchedEpoch: 0 });
    expect(agreeing).toMatchObject({ error: 'NONE', values: ['2'], diverging: { epoch: -1, endOffset: -1n } });
  });

  it('have a former leader truncate what nobody else had (KIP-101)', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await on.produce(a, topic, ['kept']);
    await on.pause(b);
    const acknowledged = ['kept', ...(await on.produceAlone(a, topic))];
    await on.kill(a);
    await on.resume(b);
    const { leaderEpoch } = await on.untilLeads(b, topic);
    const { baseOffset } = await on.produce(b, topic, ['new']);
    expect(baseOffset).toBeLessThan(acknowledged.length);
    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(a, topic, { leaderEpoch: leaderEpoch + 1 });
    await on.untilRead(a, topic, [...acknowledged.slice(0, Number(baseOffset)), 'new']);
    expect(await on.epochEnd(a, topic, 0)).toEqual({ error: 'NONE', leaderEpoch: 0, endOffset: baseOffset });
    expect(await on.epochEnd(a, topic, leaderEpoch)).toEqual({ error: 'NONE', leaderEpoch, endOffset: baseOffset + 1n });
  });
});
