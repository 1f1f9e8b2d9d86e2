import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Consumer, Kafka, logLevel, Partitioners } from 'kafkajs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { runKafkaTool, runProgram, startKafkaTool } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';
import { useBothClusters } from './both-clusters.js';

const onBoth = useBothClusters('groups');
const { version } = inject('judge');

const kafkaOf = (bootstrapServers: string) =>
  new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 10 } });

/** What a tool of Apache Kafka printed, both streams, and its exit code where that is not 0. */
async function tool(name: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runKafkaTool(version, `org.apache.kafka.tools.${name}`, args);
  return `${stdout}${stderr}${exitCode === 0 ? '' : `exit code ${exitCode}\n`}`;
}
const groupsTool = (bootstrapServers: string, ...args: readonly string[]) =>
  tool('consumer.group.ConsumerGroupCommand', ['--bootstrap-server', bootstrapServers, ...args]);

/** A topic of three partitions, with ten records in each. */
async function fill(bootstrapServers: string, topic: string): Promise<void> {
  const kafka = kafkaOf(bootstrapServers);
  const admin = kafka.admin();
  await admin.connect();
  const replicaAssignment = [1, 2, 3].map((replica, partition) => ({ partition, replicas: [replica] }));
  await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: false });
  await waitFor(
    async () => (await admin.listTopics()).includes(topic),
    () => `${topic} is not there`,
  );
  await admin.disconnect();
  // A broker that does not know yet that it leads has all of it sent again: each record is to be there once.
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
  await producer.connect();
  const messages = Array.from({ length: 30 }, (_, index) => ({ value: String(index), partition: index % 3 }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

interface ConsumerState {
  readonly assigned: ReadonlySet<number>;
  /** How many partitions went with each revocation that took any. */
  readonly revocations: readonly number[];
  /** Assignments and revocations so far, empty ones too. */
  readonly changes: number;
}

/** A VerifiableConsumer in the background: static, cooperative. */
async function startConsumer(bootstrapServers: string, topic: string, instance: string) {
  const args = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--group-id', `static-${topic}`, '--group-instance-id', instance];
  const strategy = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
  const child = await startKafkaTool(version, 'org.apache.kafka.tools.VerifiableConsumer', [
    ...[...args, '--reset-policy', 'earliest', '--session-timeout', '30000', '--assignment-strategy', strategy],
  ]);
  const assigned = new Set<number>();
  const revocations: number[] = [];
  let changes = 0;
  createInterface(child.stdout).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const { name, partitions } = JSON.parse(line) as { name: string; partitions?: readonly { partition: number }[] };
    if (name !== 'partitions_assigned' && name !== 'partitions_revoked') return;
    changes++;
    for (const { partition } of partitions ?? []) name === 'partitions_assigned' ? assigned.add(partition) : assigned.delete(partition);
    if (name === 'partitions_revoked' && partitions?.length) revocations.push(partitions.length);
  });
  const exited = once(child, 'exit');
  const state = (): ConsumerState => ({ assigned, revocations, changes });
  return {
    state,
    until: (what: string, condition: (state: ConsumerState) => boolean) =>
      waitFor(
        async () => condition(state()),
        () => `${instance}: not yet: ${what}; it has ${[...assigned]}`,
        { deadlineMs: 60_000 },
      ),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('kafkajs consumers', () => {
  it('share the partitions of a topic, commit, and go on where they were', async () => {
    const { seen, described, offsets, afterwards, late } = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const kafka = kafkaOf(bootstrapServers);
      const groupId = `group-of-${topic}`;
      const seen: string[] = [];
      const assigned = new Map<Consumer, number>();
      const join = async (into: string[]): Promise<Consumer> => {
        const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 200 });
        consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
          assigned.set(consumer, Object.values(payload.memberAssignment).flat().length);
        });
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({ eachMessage: async ({ message }) => void into.push(String(message.value)) });
        return consumer;
      };
      const first = await join(seen);
      const second = await join(seen);
      await waitFor(
        async () => seen.length >= 30 && [...assigned.values()].sort().join() === '1,2',
        () => `${seen.length} records, assigned ${[...assigned.values()]}`,
      );
      const admin = kafka.admin();
      await admin.connect();
      const { groups } = await admin.describeGroups([groupId]);
      const described = groups.map(({ protocol, protocolType, state, members }) => {
        return { protocol, protocolType, state, clients: members.map(({ clientId, clientHost }) => [clientId, clientHost]) };
      });
      await first.disconnect();
      await second.disconnect();
      const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
      const none = await admin.fetchOffsets({ groupId: `${groupId}-unknown`, topics: [topic] });
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      await producer.send({ topic, messages: [{ value: 'late', partition: 1 }] });
      await producer.disconnect();
      const late: string[] = [];
      const third = await join(late);
      await waitFor(
        async () => late.length > 0,
        () => 'the late record did not come',
      );
      await third.disconnect();
      const afterwards = (await admin.describeGroups([groupId])).groups.map(({ state }) => state);
      const listed = (await admin.listGroups()).groups.filter((group) => group.groupId === groupId);
      const deleted = await admin.deleteGroups([groupId]);
      const again = await admin
        .deleteGroups([groupId])
        .catch((error) => error.groups.map(({ errorCode }: { errorCode: number }) => errorCode));
      await admin.disconnect();
      const sorted = offsets.map(({ partitions }) => partitions.map(({ partition, offset }) => [partition, offset]).sort());
      return { seen: [...new Set(seen)].sort(), described, offsets: sorted, none, late, afterwards, listed, deleted, again };
    });
    expect(seen).toHaveLength(30);
    expect(described).toMatchObject([
      {
        state: 'Stable',
        protocol: 'RoundRobinAssigner',
        clients: [
          ['kafkajs', expect.anything()],
          ['kafkajs', expect.anything()],
        ],
      },
    ]);
    expect(offsets).toEqual([
      [
        [0, '10'],
        [1, '10'],
        [2, '10'],
      ],
    ]);
    expect([late, afterwards]).toEqual([['late'], ['Empty']]);
  });
});

describe('kcat -G', () => {
  it('reads a topic to its end in a group, and nothing when it comes again', async () => {
    const [first, second] = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const read = async () => {
        const options = ['-X', 'auto.offset.reset=earliest', '-X', 'session.timeout.ms=10000', '-e', '-q', '-f', '%p %o %s\n'];
        const { stdout, exitCode } = await runProgram('kcat', ['-b', bootstrapServers, ...options, '-G', `kcat-${topic}`, topic]);
        return [exitCode, stdout.trim().split('\n').sort()] as const;
      };
      return [await read(), await read()];
    });
    expect(first?.[1]).toHaveLength(30);
    expect(second).toEqual([0, ['']]);
  });
});

describe('the Java consumers', () => {
  it.each(['RangeAssignor', 'CooperativeStickyAssignor'])('consume in a group with the %s', async (assignor) => {
    const committed = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const strategy = `org.apache.kafka.clients.consumer.${assignor}`;
      const common = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--group-id', `java-${topic}`];
      const args = [...common, '--max-messages', '30', '--reset-policy', 'earliest', '--assignment-strategy', strategy];
      const printed = await tool('VerifiableConsumer', args);
      const events = printed
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { name: string; partitions: readonly { partition: number; offset: number }[] });
      const names = new Set(events.map(({ name }) => name));
      const described = await groupsTool(bootstrapServers, '--describe', '--group', `java-${topic}`);
      return { names: [...names].sort(), described: described.split('\n').sort() };
    });
    expect(committed.names).toContain('offsets_committed');
    expect(committed.described.filter((line) => / 10 +10 +0 /.test(line))).toHaveLength(3);
  });

  it('share by cooperative rebalance, and a static one that restarts keeps what it had', async () => {
    const [shared, restarted] = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const start = async (instance: string) => {
        const consumer = await startConsumer(bootstrapServers, topic, instance);
        onTestFinished(consumer.kill);
        return consumer;
      };
      const first = await start('first');
      await first.until('it has all', ({ assigned }) => assigned.size === 3);
      const second = await start('second');
      await second.until('it has its share', ({ assigned }) => assigned.size === 1);
      await first.until('it has given one away', ({ assigned }) => assigned.size === 2);
      const before = [...first.state().assigned].sort();
      // Only what went to the other was taken from the first.
      const shared = { revoked: first.state().revocations, first: before.length, second: second.state().assigned.size };
      const changes = second.state().changes;
      await first.kill();
      const again = await start('first');
      await again.until('it has what it had', ({ assigned }) => assigned.size === 2);
      return [shared, { isSame: [...again.state().assigned].sort().join() === before.join(), noticed: second.state().changes - changes }];
    });
    expect(shared).toEqual({ revoked: [1], first: 2, second: 1 });
    expect(restarted).toEqual({ isSame: true, noticed: 0 });
  });

  it('ConsoleConsumer goes on where its group was', async () => {
    const [first, second] = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const read = async (count: number) => {
        const args = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--group', `console-${topic}`];
        const printed = await tool('consumer.ConsoleConsumer', [...args, '--from-beginning', '--max-messages', String(count)]);
        return printed
          .split('\n')
          .filter((line) => /^(\d+|late)$/.test(line))
          .sort();
      };
      const first = await read(30);
      const kafka = kafkaOf(bootstrapServers);
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      await producer.send({ topic, messages: [{ value: 'late', partition: 1 }] });
      await producer.disconnect();
      return [first, await read(1)];
    });
    expect(first).toHaveLength(30);
    expect(second).toEqual(['late']);
  });
});

describe('ConsumerGroupCommand', () => {
  it('resets, describes, lists and deletes', async () => {
    const printed = await onBoth(async ({ bootstrapServers, topic }) => {
      await fill(bootstrapServers, topic);
      const group = `tool-${topic}`;
      const reset = (...args: string[]) =>
        groupsTool(bootstrapServers, '--reset-offsets', '--group', group, '--topic', topic, '--execute', ...args);
      return [
        await reset('--to-offset', '4'),
        await groupsTool(bootstrapServers, '--describe', '--group', group),
        await reset('--to-latest'),
        await groupsTool(bootstrapServers, '--describe', '--group', group, '--members'),
        (await groupsTool(bootstrapServers, '--list', '--state')).split('\n').filter((line) => line.startsWith(group)),
        await groupsTool(bootstrapServers, '--delete-offsets', '--group', group, '--topic', `${topic}:1`),
        await groupsTool(bootstrapServers, '--describe', '--group', group),
        await groupsTool(bootstrapServers, '--delete', '--group', group),
        await groupsTool(bootstrapServers, '--describe', '--group', group),
        await groupsTool(bootstrapServers, '--delete', '--group', group),
      ].map((text) => (typeof text === 'string' ? text.split('\n').sort() : text));
    });
    expect(printed[1]?.filter((line) => / 4 +10 +6 /.test(line))).toHaveLength(3);
    expect(printed[4]).toHaveLength(1);
  });
});
