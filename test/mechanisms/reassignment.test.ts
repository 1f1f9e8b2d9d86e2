import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('a reassignment', () => {
  it('adds replicas, which get the records, and removes others', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a]]);
    await on.produce(a, topic, ['one', 'two']);
    expect(await on.reassign(topic, [a, b])).toBe('NONE');
    await on.until(topic, { replicas: [a, b], isr: [a, b].sort(), leader: a });
    expect(await on.reassignmentOf(topic)).toBeNull();

    expect(await on.reassign(topic, [c, b])).toBe('NONE');
    const { leader } = await on.until(topic, { replicas: [c, b], isr: [b, c].sort() });
    await on.untilLeads(leader, topic);
    expect([b, c]).toContain(leader);
    await on.untilRead(leader, topic, ['one', 'two']);
    // Who holds it no longer does not know it.
    let error = '';
    await waitFor(
      async () => {
        ({ error } = await on.produce(a, topic, ['refused']));
        return error === 'NOT_LEADER_OR_FOLLOWER';
      },
      () => error,
    );
  });

  it('of the order alone is done at once, moves nothing and leaves the leader', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a, b, c]]);
    expect(await on.reassign(topic, [c, a, b])).toBe('NONE');
    expect(await on.reassignmentOf(topic)).toBeNull();
    expect(await on.until(topic, { replicas: [c, a, b] })).toMatchObject({ leader: a, leaderEpoch: 0, isr: [1, 2, 3] });
    expect(await on.elect('preferred', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(c, topic, { leaderEpoch: 1 });
  });

  it('goes on while a new replica cannot fetch, and can be cancelled', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a]]);
    await on.produce(a, topic, ['one']);
    await on.pause(b);
    expect(await on.reassign(topic, [b])).toBe('NONE');
    expect(await on.reassignmentOf(topic)).toEqual({ replicas: [b, a], adding: [b], removing: [a] });
    expect(await on.until(topic, { replicas: [b, a] })).toMatchObject({ leader: a, isr: [a] });
    expect(await on.reassign(topic, null)).toBe('NONE');
    expect(await on.reassignmentOf(topic)).toBeNull();
    await on.until(topic, { replicas: [a], isr: [a], leader: a });
    expect(await on.reassign(topic, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS');
    await on.resume(b);
    await on.untilRead(a, topic, ['one']);
  });

  it('is refused where it names no replicas, one twice, or a broker that is not there', async () => {
    const topic = await on.createTopic([[1]]);
    expect(await on.reassign(topic, [])).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(await on.reassign(topic, [1, 1])).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(await on.reassign(topic, [1, 9])).toBe('INVALID_REPLICA_ASSIGNMENT');
    expect(await on.reassign({ ...topic, name: 'absent' }, [1])).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });
});
