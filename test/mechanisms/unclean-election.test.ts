import { describe, expect, it } from 'vitest';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

/** The only one in sync is gone, and the one that runs lacks a record: `a` holds kept and lost, `b` kept. */
async function loseTheIsr(a: number, b: number, topic: Topic): Promise<void> {
  expect(await on.produce(a, topic, ['kept'])).toMatchObject({ error: 'NONE', baseOffset: 0n });
  await on.kill(b);
  await on.until(topic, { isr: [a] });
  expect(await on.produce(a, topic, ['lost'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
  await on.kill(a);
  await on.restart(b);
}

describe('an unclean election', () => {
  it('is made on request alone, and loses what the new leader did not have', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    await loseTheIsr(a, b, topic);
    const offline = await on.until(topic, { leader: -1 });
    expect(offline).toMatchObject({ error: 'LEADER_NOT_AVAILABLE', replicas: [a, b], offline: [a] });
    expect(await on.produce(b, topic, ['refused'])).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: -1n });
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'PREFERRED_LEADER_NOT_AVAILABLE' });

    expect(await on.elect('unclean', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(b, topic, { isr: [b] });
    expect(await on.elect('unclean', topic)).toEqual({ 0: 'ELECTION_NOT_NEEDED' });
    expect(await on.produce(b, topic, ['new'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    // Who held the lost record lets it go.
    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(a, topic);
    await on.untilRead(a, topic, ['kept', 'new']);
  });

  it('comes by itself where the topic allows it', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]], { 'unclean.leader.election.enable': 'true' });
    await loseTheIsr(a, b, topic);
    await on.untilLeads(b, topic, { isr: [b] });
    await on.untilRead(b, topic, ['kept']);
  });

  it('is refused where it is not needed, where nobody can lead and where there is no such partition', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a], [b]]);
    expect(await on.elect('unclean', topic, [0, 1, 7])).toEqual({
      0: 'ELECTION_NOT_NEEDED',
      1: 'ELECTION_NOT_NEEDED',
      7: 'UNKNOWN_TOPIC_OR_PARTITION',
    });
    await on.kill(b);
    await on.until(topic, { leader: -1 }, { partition: 1 });
    expect(await on.elect('unclean', topic, [0, 1])).toEqual({ 0: 'ELECTION_NOT_NEEDED', 1: 'ELIGIBLE_LEADERS_NOT_AVAILABLE' });
  });
});
