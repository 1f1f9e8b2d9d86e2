import { describe, expect, it } from 'vitest';
import { latest, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('the high watermark', () => {
  it('stands still while the ISR is smaller than min.insync.replicas, and consumers see nothing above it', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'min.insync.replicas': 2 });
    await on.produce(a, topic, ['seen']);
    await on.kill(b);
    await on.until(topic, { isr: [a] }, { by: a });
    expect(await on.produce(a, topic, ['unseen'], { acks: 1 })).toMatchObject({ error: 'NONE', baseOffset: 1n });
    expect(await on.fetch(a, topic, { maxWaitMs: 200 })).toMatchObject({ error: 'NONE', highWatermark: 1n, values: ['seen'] });
    expect(await on.fetch(a, topic, { offset: 1n, maxWaitMs: 200 })).toMatchObject({ error: 'NONE', highWatermark: 1n, values: [] });
    expect(await on.listOffset(a, topic, latest)).toMatchObject({ error: 'NONE', offset: 1n });
    // The leader's own end of its epoch is beyond it.
    expect(await on.epochEnd(a, topic, 0)).toMatchObject({ error: 'NONE', endOffset: 2n });

    await on.restart(b);
    await on.untilRead(a, topic, ['seen', 'unseen']);
    expect(await on.listOffset(a, topic, latest)).toMatchObject({ error: 'NONE', offset: 2n });
  });

  it('waits for every member of the ISR', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]]);
    await on.pause(b);
    await on.produce(a, topic, ['a'], { acks: 1 });
    expect(await on.fetch(a, topic, { maxWaitMs: 200 })).toMatchObject({ highWatermark: 0n, values: [] });
    await on.until(topic, { isr: [a, c].sort() }, { by: a });
    await on.untilRead(a, topic, ['a']);
  });

  it('is not passed by a fetch beyond the end', async () => {
    const topic = await on.createTopic();
    await on.produce(1, topic, ['a']);
    expect(await on.fetch(1, topic, { offset: 2n })).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE' });
  });
});
