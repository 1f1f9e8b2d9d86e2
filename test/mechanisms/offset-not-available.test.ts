import { describe, expect, it } from 'vitest';
import { describeLogDirs } from '../../src/protocol/messages/describe-log-dirs.js';
import { waitFor } from '../support/wait-for.js';
import { earliest, latest, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('OFFSET_NOT_AVAILABLE (KIP-207)', () => {
  it('is what a new leader says of the latest offset, until it knows that its followers have what it began with', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, c, b]]);
    await on.pause(b);
    await on.produce(a, topic, ['x'], { acks: 1 });
    // The next leader has the record, and cannot know that b has it.
    await waitFor(
      async () => {
        const { results } = await on.wire.ask(c, describeLogDirs, { topics: [{ topic: topic.name, partitions: [0] }] });
        return (results[0]?.topics[0]?.partitions[0]?.partitionSize ?? 0) > 0;
      },
      () => 'the follower does not get the record',
    );
    expect(await on.reassign(topic, [c, a, b])).toBe('NONE');
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(c, topic);
    expect(await on.listOffset(c, topic, latest)).toMatchObject({ error: 'OFFSET_NOT_AVAILABLE' });
    expect(await on.listOffset(c, topic, earliest)).toMatchObject({ error: 'NONE', offset: 0n });
    await on.resume(b);
    await on.untilRead(c, topic, ['x']);
    expect(await on.listOffset(c, topic, latest)).toMatchObject({ error: 'NONE', offset: 1n });
  });
});
