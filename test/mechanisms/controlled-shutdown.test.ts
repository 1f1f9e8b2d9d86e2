import { describe, expect, it } from 'vitest';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('a controlled shutdown', () => {
  it('hands the leaders over before the broker ends', async () => {
    const [a, b, c] = await on.cast();
    const assignments = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? [a, b, c] : [a, c, b]));
    const topic = await on.createTopic(assignments);
    await on.produce(a, topic, ['before']);
    await on.shutDown(a);
    const end = performance.now();
    for (const [partition, [, second]] of assignments.entries()) {
      await on.until(topic, { leader: second!, leaderEpoch: 1, isr: [b, c].sort(), error: 'NONE' }, { partition });
    }
    // No session had to run out.
    expect(performance.now() - end).toBeLessThan(on.cluster.times.sessionTimeoutMs / 2);
    await on.untilLeads(b, topic);
    expect(await on.produce(b, topic, ['after'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await on.restart(a);
    await on.untilInSync(topic, [1, 2, 3]);
    await on.untilRead(b, topic, ['before', 'after']);
  });

  it('leaves without a leader what nobody else holds, and it leads that again', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a]]);
    await on.produce(a, topic, ['kept']);
    await on.shutDown(a);
    // It is alive, and so not offline yet, while it hands over: in Kafka as well.
    expect(await on.until(topic, { leader: -1, offline: [a] }, { by: b })).toMatchObject({ error: 'LEADER_NOT_AVAILABLE' });
    await on.restart(a);
    await on.untilLeads(a, topic, { isr: [a] });
    await on.untilRead(a, topic, ['kept']);
  });

  it('of the active controller leaves another one, and its leaders go too', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[c, a, b]]);
    await on.shutDown(c);
    expect([a, b]).toContain(await on.activeController({ not: c }));
    await on.untilLeads(a, topic, { leaderEpoch: 1 });
    expect(await on.produce(a, topic, ['after'])).toMatchObject({ error: 'NONE' });
  });
});
