import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { TopicPartition } from '../../src/model/topic-partition.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const kafka = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
const run = randomBytes(4).toString('hex');
const topic = `reassigned-${run}`;
const doomed = `doomed-${run}`;
let folder: string;
/** Of each partition, in records that no compression makes small: enough for some seconds at the throttle below. */
const BYTES = 4_000_000;
const RECORD_BYTES = 200_000;
const SLOW = '1MB';
const SLOWEST = '50KB';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-reassign-'));
  await buildProduct();
  // As no tool that sorts would leave it.
  await createTopics(admin, [
    {
      topic,
      assignments: [
        [2, 1],
        [1, 2],
        [2, 1],
      ],
    },
    { topic: doomed, assignments: [[2, 1]] },
  ]);
  const producer = kafka.producer();
  await producer.connect();
  const targets = [...[0, 1, 2].map((partition) => ({ topic, partition })), { topic: doomed, partition: 0 }];
  for (const { topic: name, partition } of targets) {
    for (let written = 0; written < BYTES; written += RECORD_BYTES) {
      await producer.send({ topic: name, acks: -1, messages: [{ partition, value: randomBytes(RECORD_BYTES) }] });
    }
  }
  await producer.disconnect();
}, 60_000);
afterAll(async () => {
  await admin.close();
  rmSync(folder, { recursive: true });
});

const own = (...args: readonly string[]) => ['partitions', ...args, '--bootstrap-server', three.bootstrapServers, '-o', 'json'];

/** Starts the command; the result is for when it ends. */
function start(...args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<{ rows: Row[]; stderr: string; exitCode: number }>;
} {
  const child = spawn(process.execPath, [bin, ...own(...args)], { env: { ...process.env, KAFKA_TS_HOME: folder } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([exitCode]) => ({ rows: stdout === '' ? [] : JSON.parse(stdout), stderr, exitCode }));
  return { child, ended };
}
interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly leftBytes: number;
  readonly reassigning: boolean;
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
}
const ownRows = async (...args: readonly string[]) => (await start(...args).ended).rows;

/** What Kafka's own tool describes, as `partition leader replicas`. */
async function described(name: string): Promise<readonly string[]> {
  const args = ['--bootstrap-server', three.bootstrapServers, '--describe', '--topic', name];
  const { stdout } = await runKafkaTool(version, 'org.apache.kafka.tools.TopicCommand', args);
  return [...stdout.matchAll(/Partition: (\d+)\s+Leader: (\S+)\s+Replicas: (\S+)/g)].map((found) => found.slice(1).join(' '));
}
/** The moves that Kafka's own tool lists. */
async function reassignmentsOfKafka(): Promise<string> {
  const args = ['--bootstrap-server', three.bootstrapServers, '--list'];
  return (await runKafkaTool(version, 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand', args)).stdout;
}
async function throttles(): Promise<readonly string[]> {
  const resources = [topic, doomed].map((name) => ({ type: 'topic' as const, name }));
  const brokers = [1, 2, 3].map((id) => ({ type: 'broker' as const, name: String(id) }));
  const found = await admin.describeConfigs([...resources, ...brokers]);
  return found.flatMap(({ resource, configs }) =>
    (configs ?? [])
      .filter(({ name, source, value }) => name.includes('replication.throttled') && source.startsWith('DYNAMIC') && value !== '')
      .map(({ name, value }) => `${resource.name} ${name}=${value}`),
  );
}
/** A broker hears a moment after the controller that a config of its own is gone. */
const untilUnthrottled = () =>
  waitFor(
    async () => (await throttles()).length === 0,
    () => 'a throttle is still set',
  );
/** So does a broker of replicas: one that is behind would have the next command plan from what was. */
async function untilAllTell({ topic: name, partition }: TopicPartition, replicas: readonly number[]): Promise<void> {
  for (const bootstrapServers of three.bootstrapServers.split(',')) {
    const broker = AdminClient.connect({ bootstrapServers });
    let told: readonly number[] | null | undefined;
    await waitFor(
      async () => {
        told = (await broker.listPartitions([name])).find((each) => each.partition === partition)?.replicas;
        return String(told) === String(replicas);
      },
      () => `${bootstrapServers} tells of replicas ${told}`,
    ).finally(() => broker.close());
  }
}
const untilMoving = (name: string) =>
  waitFor(
    async () => (await admin.listPartitionReassignments(null)).some((each) => each.topic === name),
    () => `${name} does not move`,
  );

describe('replicas', () => {
  it('move at a throttle, are seen by both tools, and are back after Ctrl-C, throttles and order too', { timeout: 90_000 }, async () => {
    const moving = start('reassign', `${topic}:0`, '--to-brokers', '1,3', '--throttle', SLOWEST, '--yes');
    await untilMoving(topic);
    const [[left], [listed], byKafka] = await Promise.all([
      ownRows('reassignments'),
      ownRows('list', `${topic}:0`),
      reassignmentsOfKafka(),
    ]);
    expect(left).toMatchObject({ topic, partition: 0, addingReplicas: [3], removingReplicas: [2], error: null });
    expect(left!.leftBytes).toBeGreaterThan(0);
    expect(left!.leftBytes).toBeLessThanOrEqual(BYTES * 1.1);
    expect(listed).toMatchObject({ reassigning: true });
    expect(byKafka).toMatch(new RegExp(`${topic}-0: replicas: .*adding: 3\\. removing: 2`));
    expect(await throttles()).toHaveLength(8);
    moving.child.kill('SIGINT');
    const { rows, exitCode, stderr } = await moving.ended;
    expect([exitCode, rows.map(({ outcome }) => outcome)]).toEqual([130, ['skipped']]);
    expect(stderr).toContain('what was being copied was taken back: 1 partition has the replicas of before');
    expect(stderr).toContain('undo file: ');
    await untilUnthrottled();
    expect((await described(topic))[0]).toMatch(/ 2,1$/);
  });

  it('are given up with cancel, and with --wait', { timeout: 90_000 }, async () => {
    const throttle = await admin.throttleMoves(
      [{ topic, partition: 1, leaderBefore: 1, leaderAfter: 1, replicasBefore: [1, 2], replicasAfter: [1, 3] }],
      { bytesPerSecond: 300_000, verifyMs: 10_000, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    );
    const [started] = await ownRows('reassign', `${topic}:1`, '--to-brokers', '1,3', '--detach', '--yes');
    expect(started).toMatchObject({ outcome: 'done', error: null });
    expect(await ownRows('reassign', `${topic}:1`, '--replication-factor', '3', '--yes')).toMatchObject([
      { outcome: 'skipped', error: { code: 'REASSIGNMENT_IN_PROGRESS' } },
    ]);
    const [cancelled] = await ownRows('cancel', topic, '--yes');
    expect(cancelled).toMatchObject({ topic, partition: 1, outcome: 'done' });
    await untilAllTell({ topic, partition: 1 }, [1, 2]);
    const late = await start('reassign', `${topic}:1`, '--off-brokers', '2', '--wait', '2s', '--yes').ended;
    expect(late).toMatchObject({ exitCode: 3, rows: [{ outcome: 'skipped', error: { code: 'REQUEST_TIMED_OUT' } }] });
    expect(await throttle.lift()).toEqual([]);
    await untilUnthrottled();
    expect(await admin.listPartitionReassignments(null)).toEqual([]);
  });

  it('move on when the command is killed, and its throttle is told of until it is lifted', { timeout: 90_000 }, async () => {
    const moving = start('reassign', `${topic}:2`, '--to-brokers', '1,3', '--throttle', SLOWEST, '--yes');
    await untilMoving(topic);
    const set = await throttles();
    expect(set).toHaveLength(8);
    moving.child.kill('SIGKILL');
    await moving.ended;
    const seen = await start('reassignments').ended;
    expect(seen.rows).toMatchObject([{ topic, partition: 2 }]);
    const told = /the throttle of \S+ KiB\/s that partitions reassign set at \S+ is still on brokers 1, 2, 3 and topic reassigned-/;
    expect(seen.stderr).toMatch(told);
    const planned = await start('unthrottle', '--dry-run').ended;
    expect(planned.rows).toMatchObject([topic, '1', '2', '3'].map((name) => ({ name, outcome: 'planned', error: null })));
    expect(await throttles()).toEqual(set);
    const lifted = await start('unthrottle', '--yes').ended;
    expect([lifted.exitCode, lifted.rows.map(({ outcome }) => outcome)]).toEqual([0, ['done', 'done', 'done', 'done']]);
    await untilUnthrottled();
    // Nothing holds it back any more.
    await waitFor(
      async () => (await admin.listPartitionReassignments(null)).length === 0,
      () => 'it still moves',
      { deadlineMs: 30_000 },
    );
    const after = await start('unthrottle', '--yes').ended;
    expect([after.exitCode, after.rows]).toEqual([0, []]);
    expect((await start('reassignments').ended).stderr).not.toContain('throttle');
  });

  it('move on while others do, and one whose topic is deleted is told of', { timeout: 90_000 }, async () => {
    const moving = start('reassign', doomed, `${topic}:1`, '--off-brokers', '2', '--throttle', SLOW, '--yes');
    await untilMoving(doomed);
    await admin.deleteTopics([doomed]);
    const { rows, exitCode } = await moving.ended;
    expect(exitCode).toBe(1);
    expect(rows.map(({ topic: name, outcome, error }) => [name, outcome, error?.code ?? null]).sort()).toEqual([
      [doomed, 'failed', 'UNKNOWN_TOPIC_OR_PARTITION'],
      [topic, 'done', null],
    ]);
    await untilUnthrottled();
    const [moved] = (await ownRows('list', `${topic}:1`)) as readonly Row[];
    expect(moved!.replicas.toSorted()).toEqual([1, 3]);
  });

  it('are made more, spread out and put in the order of a plan, as Kafka describes them', { timeout: 90_000 }, async () => {
    expect(await ownRows('reassign', topic, '--replication-factor', '3', '--yes')).toMatchObject(
      [1, 2, 3].map(() => ({ outcome: 'done' })),
    );
    const plan = join(folder, 'plan.json');
    const partitions = [[3, 1, 2], [2, 3], [1]].map((replicas, partition) => ({ topic, partition, replicas }));
    writeFileSync(plan, JSON.stringify({ version: 1, partitions }));
    expect(await ownRows('reassign', '--plan', plan, '--yes')).toMatchObject([1, 2, 3].map(() => ({ outcome: 'done' })));
    const lines = await described(topic);
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['3,1,2', '2,3', '1']);
    // Kafka's tool checks the same plan, in Kafka's words.
    const verify = ['--bootstrap-server', three.bootstrapServers, '--reassignment-json-file', plan, '--verify'];
    const { stdout } = await runKafkaTool(version, 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand', verify);
    expect(stdout.match(/is completed\./g)).toHaveLength(3);
    const listed = await ownRows('list', topic);
    expect(listed.map(({ partition, leader, replicas }) => `${partition} ${leader} ${replicas}`)).toEqual(lines);
  });
});
