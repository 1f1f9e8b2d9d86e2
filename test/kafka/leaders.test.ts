import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { type LeadershipChange, leadershipChanges } from '../../src/admin/execute/leadership-change.js';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version, three } = inject('kafka');
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const topics = ['a', 'b', 'c'].map((name) => `balanced-${name}-${randomBytes(4).toString('hex')}`);
const PARTITIONS = 20;
afterAll(() => admin.close());

const readCluster = async () => {
  const brokers = (await admin.describeCluster()).brokers.map(({ broker, rack, fenced }) => ({ id: broker, rack, alive: !fenced }));
  const states = await admin.listPartitions(topics, { includeElr: false });
  const partitions = states.flatMap((state) =>
    state.error === null
      ? [{ topic: state.topic, partition: state.partition, replicas: state.replicas, isr: state.isr, leader: state.leader }]
      : [],
  );
  return { brokers, partitions };
};
async function carryOut(changes: readonly LeadershipChange[]): Promise<void> {
  const outcomes = [];
  const options = {
    signal: new AbortController().signal,
    batchSize: 8,
    pauseMs: 0,
    verifyMs: 10_000,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    report: () => {},
  };
  for await (const outcome of admin.changeLeaders(changes, options)) outcomes.push(outcome);
  expect(outcomes.filter(({ error }) => error !== null)).toEqual([]);
  expect(outcomes).toHaveLength(changes.length);
}

/** What Apache Kafka's own tool says: `topic partition leader replicas`, sorted. */
async function described(): Promise<readonly string[]> {
  const args = ['--bootstrap-server', three.bootstrapServers, '--describe', '--topic', topics.join('|')];
  const { stdout } = await runKafkaTool(version, 'org.apache.kafka.tools.TopicCommand', args);
  return [...stdout.matchAll(/Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: (\S+)/g)]
    .map((found) => found.slice(1).join(' '))
    .sort();
}
const leadersIn = (lines: readonly string[]) =>
  [1, 2, 3].map((broker) => lines.filter((line) => line.split(' ')[2] === String(broker)).length).sort((a, b) => b - a);

describe('the leaders', () => {
  it('are balanced to the optimum and put back, while records are written and none is lost', { timeout: 120_000 }, async () => {
    // As uneven as can be: broker 1 leads all.
    const assignments = Array.from({ length: PARTITIONS }, (_, index) => (index % 2 === 0 ? [1, 2, 3] : [1, 3, 2]));
    await createTopics(
      admin,
      topics.map((topic) => ({ topic, assignments, configs: { 'min.insync.replicas': '2' } })),
    );
    await waitFor(
      async () => {
        const { partitions } = await readCluster();
        return partitions.length === topics.length * PARTITIONS && partitions.every(({ leader }) => leader === 1);
      },
      () => 'the topics have no leaders',
    );
    const before = await described();
    expect(leadersIn(before)).toEqual([60, 0, 0]);
    const writing = writeUntilStopped();

    const cluster = await readCluster();
    const plan = balanceLeaders(cluster);
    expect(verifyCertificate(cluster, plan)).toEqual({ valid: true, problems: [] });
    const changes = leadershipChanges(cluster.partitions, plan);
    await carryOut(changes);
    const after = await described();
    expect(leadersIn(after)).toEqual([20, 20, 20]);
    expect(plan.moves).toHaveLength(40);
    const again = balanceLeaders(await readCluster());
    expect({ moves: again.moves, orders: again.orders }).toEqual({ moves: [], orders: [] });

    const back = changes.map((change) => ({
      ...change,
      leaderBefore: change.leaderAfter,
      leaderAfter: change.leaderBefore,
      replicasBefore: change.replicasAfter,
      replicasAfter: change.replicasBefore,
    }));
    await carryOut(back);
    expect(await described()).toEqual(before);

    const written = await writing.stop();
    expect(written.size).toBeGreaterThan(0);
    expect(await readBack(written.size)).toEqual(written);
  });
});

/** Writes numbered records with acks=all, one after the other, and gives the keys of those that were acknowledged. */
function writeUntilStopped() {
  const kafka = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  const producer = kafka.producer();
  const acknowledged = new Set<string>();
  let isStopped = false;
  const work = (async () => {
    await producer.connect();
    for (let number = 0; !isStopped; number++) {
      const key = String(number);
      await producer.send({ topic: topics[number % topics.length]!, acks: -1, messages: [{ key, value: 'x' }] });
      acknowledged.add(key);
    }
    await producer.disconnect();
  })();
  return {
    stop: async () => {
      isStopped = true;
      await work;
      return acknowledged;
    },
  };
}

/** The keys of at least so many records, as kcat reads them. */
async function readBack(count: number): Promise<ReadonlySet<string>> {
  let keys: ReadonlySet<string> = new Set();
  await waitFor(
    async () => {
      const reads = topics.map((topic) =>
        runProgram('kcat', ['-b', three.bootstrapServers, '-C', '-t', topic, '-o', 'beginning', '-e', '-f', '%k\n']),
      );
      keys = new Set((await Promise.all(reads)).flatMap(({ stdout }) => stdout.split('\n').filter((key) => key !== '')));
      return keys.size >= count;
    },
    () => `only ${keys.size} of ${count} records are there`,
    { deadlineMs: 30_000 },
  );
  return keys;
}
