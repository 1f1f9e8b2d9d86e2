import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { consume } from '../../src/commands/consume.js';
import { noThrottles } from '../support/no-throttles.js';
import { waitFor } from '../support/wait-for.js';
import { type Topic, useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

/** `kafka-ts consume TOPIC --follow`, until the test is over. */
function follow(topic: Topic) {
  const end = new AbortController();
  const connection = { bootstrapServers: on.cluster.bootstrapServers };
  const admin = AdminClient.connect(connection);
  const ports = { admin, connection, now: () => Date.now(), sleep: (ms: number) => sleep(ms), throttles: noThrottles };
  let printed = '';
  const notes: string[] = [];
  const run = {
    signal: end.signal,
    report: () => {},
    note: (message: string) => void notes.push(message),
    showsAll: false,
    print: async (data: string | Uint8Array) => {
      printed += typeof data === 'string' ? data : Buffer.from(data).toString();
    },
    printsToTerminal: false,
    fail: (name: string, { code }: { readonly code: string }) => void notes.push(`${name} failed: ${code}`),
    input: () => {
      throw new Error('nothing is read from stdin');
    },
    isInputTerminal: false,
  };
  const options = {
    topic: topic.name,
    group: null,
    from: { kind: 'earliest' },
    to: null,
    max: Number.POSITIVE_INFINITY,
    partitions: null,
    follow: true,
    isolation: 'read_uncommitted',
    json: false,
    format: '%p %o %s\\n',
  } as const;
  const ended = consume.run(ports, options, run).catch((error: unknown) => error);
  onTestFinished(async () => {
    end.abort(new Error('the test is over'));
    await ended;
    await admin.close();
  });
  const until = (line: string) =>
    waitFor(
      () => printed.includes(`${line}\n`),
      () => `'${line}' was not printed, but ${JSON.stringify(printed)}, with ${JSON.stringify(notes)}`,
      { deadlineMs: 30_000 },
    );
  return { until, printed: () => printed, notes };
}

describe('kafka-ts consume --follow', () => {
  it('says which records an unclean election took back, and goes on with those of the new leader', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a, b]]);
    expect(await on.produce(a, topic, ['kept'])).toMatchObject({ error: 'NONE' });
    const { until, printed, notes } = follow(topic);
    await until('0 0 kept');
    await on.kill(b);
    await on.until(topic, { isr: [a] });
    expect(await on.produce(a, topic, ['lost', 'lost too'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await until('0 2 lost too');
    await on.kill(a);
    await on.restart(b);
    await on.until(topic, { leader: -1 });
    expect(await on.elect('unclean', topic)).toEqual({ 0: 'NONE' });
    await on.untilLeads(b, topic, { isr: [b] });
    expect(await on.produce(b, topic, ['new'])).toMatchObject({ error: 'NONE', baseOffset: 1n });
    await until('0 1 new');
    expect(printed()).toBe('0 0 kept\n0 1 lost\n0 2 lost too\n0 1 new\n');
    const name = `kafka-ts: ${topic.name}:0:`;
    expect(notes).toContain(`${name} its log was cut off at 1, after an unclean election: offsets 1 to 2 are lost; going on at 1`);
    expect(notes.filter((note) => !note.startsWith(name))).toEqual([]);
  });

  it('reads partitions too that the topic gets meanwhile', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([[a]]);
    const { until, notes } = follow(topic);
    expect(await on.produce(a, topic, ['first'])).toMatchObject({ error: 'NONE' });
    await until('0 0 first');
    const admin = AdminClient.connect({ bootstrapServers: on.cluster.bootstrapServers });
    const [added] = await admin.createPartitions([{ topic: topic.name, partitionCount: 2, assignments: [[b]] }]);
    await admin.close();
    expect(added?.error).toBeNull();
    await on.untilLeads(b, topic, {}, { partition: 1 });
    expect(await on.produce(b, topic, ['second'], { partition: 1 })).toMatchObject({ error: 'NONE' });
    await until('1 0 second');
    expect(notes).toEqual([`kafka-ts: ${topic.name}:1: was added to the topic; it is read too`]);
  });
});
