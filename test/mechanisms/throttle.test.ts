import { describe, expect, it } from 'vitest';
import { describeConfigs } from '../../src/protocol/messages/describe-configs.js';
import { incrementalAlterConfigs } from '../../src/protocol/messages/incremental-alter-configs.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

const recordBytes = 100_000;
const records = 40;
const sides = ['leader', 'follower'] as const;
type Side = (typeof sides)[number];

async function setConfig(resourceType: 'topic' | 'broker', resourceName: string, name: string, value: string | null): Promise<void> {
  const configs = [{ name, configOperation: value === null ? 1 : 0, value }];
  const resources = [{ resourceType: resourceType === 'topic' ? 2 : 4, resourceName, configs }];
  // Kafka takes a broker's configs at that broker alone.
  const to = resourceType === 'broker' ? Number(resourceName) : on.anyone();
  const { responses } = await on.wire.ask(to, incrementalAlterConfigs, { resources, validateOnly: false });
  expect(responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage || null])).toEqual([[0, null]]);
}
const limit = (side: Side, broker: number, bytesPerSecond: number | null) =>
  setConfig('broker', String(broker), `${side}.replication.throttled.rate`, bytesPerSecond === null ? null : String(bytesPerSecond));

/** Resolves when `broker` knows of it: Kafka's brokers take on moves before configs where both come at once. */
async function throttle(side: Side, broker: number, topic: Topic, replicas: string): Promise<void> {
  const name = `${side}.replication.throttled.replicas`;
  await setConfig('topic', topic.name, name, replicas);
  const isKnown = async () => {
    const resources = [{ resourceType: 2, resourceName: topic.name, configurationKeys: [name] }];
    const { results } = await on.wire.ask(broker, describeConfigs, { resources });
    return results[0]?.configs[0]?.value === replicas;
  };
  await waitFor(isKnown, () => `broker ${broker} does not know that ${name} is ${replicas}`);
}

async function createBigTopic(leader: number): Promise<Topic> {
  const topic = await on.createTopic([[leader]]);
  const value = 'x'.repeat(recordBytes);
  for (let count = 0; count < records; count++) expect(await on.produce(leader, topic, [value])).toMatchObject({ error: 'NONE' });
  return topic;
}

describe.each(sides)('a throttle of the %s (KIP-73)', (side) => {
  it('lets a new replica take so many bytes a second', async () => {
    const [leader, follower] = await on.cast();
    const topic = await createBigTopic(leader);
    const throttled = side === 'leader' ? leader : follower;
    const bytesPerSecond = 200_000;
    await limit(side, throttled, bytesPerSecond);
    await throttle(side, throttled, topic, `0:${throttled}`);
    const beganMs = performance.now();
    expect(await on.reassign(topic, [leader, follower])).toBe('NONE');
    await on.until(topic, { isr: [leader, follower].sort() });
    // A fetch takes up to 1 MiB before it counts, and whoever was idle may catch up on a window (replication.quota.window.num).
    const heldBackBytes = records * recordBytes - 2 ** 20 - 11 * bytesPerSecond;
    expect(performance.now() - beganMs).toBeGreaterThan((heldBackBytes / bytesPerSecond) * 1000 * 0.7);
    await limit(side, throttled, null);
  });

  it('leaves alone who is in sync, and ends with the limit', async () => {
    const [leader, inSync, follower] = await on.cast();
    const topic = await createBigTopic(leader);
    expect(await on.reassign(topic, [leader, inSync])).toBe('NONE');
    await on.until(topic, { isr: [leader, inSync].sort() });
    const throttled = side === 'leader' ? leader : follower;
    await limit(side, throttled, 1000);
    await throttle(side, throttled, topic, '*');
    expect(await on.reassign(topic, [leader, inSync, follower])).toBe('NONE');
    for (let count = 0; count < 10; count++) expect(await on.produce(leader, topic, ['more'])).toMatchObject({ error: 'NONE' });
    expect(await on.reassignmentOf(topic)).toMatchObject({ adding: [follower] });
    expect(await on.partitionOf(topic)).toMatchObject({ isr: [leader, inSync].sort() });
    await limit(side, throttled, null);
    await on.until(topic, { isr: [1, 2, 3] });
    expect(await on.reassignmentOf(topic)).toBeNull();
  });
});
