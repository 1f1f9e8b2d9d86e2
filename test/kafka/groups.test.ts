import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { parseJson } from '../../src/model/json.js';
import { buildProduct } from '../support/build-product.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const kafka = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const run = randomBytes(4).toString('hex');
const topic = `groups-${run}`;
const idle = `idle-${run}`;
const live = `live-${run}`;
const RECORDS = 10;
const WRITTEN_MS = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  await buildProduct();
  await admin.createTopics([{ topic, partitionCount: 2, replicationFactor: 3, configs: { 'retention.ms': '-1' } }]);
  const producer = kafka.producer();
  await producer.connect();
  // A minute between records, five to a batch.
  for (const partition of [0, 1]) {
    for (const first of [0, 5]) {
      const messages = [0, 1, 2, 3, 4].map((index) => ({
        value: 'x'.repeat(partition === 0 ? 10 : 2_000),
        partition,
        timestamp: String(WRITTEN_MS + (first + index) * 60_000),
      }));
      await producer.send({ topic, acks: -1, messages });
    }
  }
  await producer.disconnect();
}, 90_000);
afterAll(() => admin.close());

const query = async (...args: readonly string[]) => {
  const { stdout, exitCode } = await runProgram('node', [bin, ...args, '--bootstrap-server', three.bootstrapServers, '-o', 'json']);
  return { rows: parseJson(stdout) as Record<string, unknown>[], exitCode };
};

/** What Apache Kafka's own tool says: partition, committed, end and lag, by partition. */
async function described(group: string): Promise<readonly string[]> {
  const args = ['--bootstrap-server', three.bootstrapServers, '--describe', '--group', group];
  const { stdout } = await runKafkaTool(version, 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', args);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, name]) => name === topic)
    .map(([, , partition, committed, end, lag]) => `${partition} ${committed} ${end} ${lag}`)
    .sort();
}

describe('a group without members', () => {
  it('is reset without joining, kept inside the log, and read as Kafka reads it', { timeout: 90_000 }, async () => {
    const offsets = [
      { topic, partition: 0, offset: 3n },
      { topic, partition: 1, offset: 7n },
    ];
    expect(await admin.commitGroupOffsets({ group: idle }, offsets)).toEqual(
      offsets.map(({ partition }) => ({ topic, partition, error: null })),
    );
    expect(await described(idle)).toEqual(['0 3 10 7', '1 7 10 3']);
    const before = Date.now();
    const { rows } = await query('groups', 'lag', idle);
    expect(
      rows.map(({ partition, committedOffset, startOffset, endOffset, lag, state }) => [
        partition,
        committedOffset,
        startOffset,
        endOffset,
        lag,
        state,
      ]),
    ).toEqual([
      [0, 3, 0, 10, 7, 'Empty'],
      [1, 7, 0, 10, 3, 'Empty'],
    ]);
    // The time is that of the record at the committed offset, in the middle of its batch.
    for (const [index, offset] of [3, 7].entries()) {
      const since = WRITTEN_MS + offset * 60_000;
      expect(rows[index]?.lagMs).toBeGreaterThanOrEqual(before - since);
      expect(rows[index]?.lagMs).toBeLessThanOrEqual(Date.now() - since);
    }
    expect((await query('groups', 'lag', idle, '--max-lag', '7')).exitCode).toBe(0);
    expect((await query('groups', 'lag', idle, '--max-lag', '6')).exitCode).toBe(5);
    expect((await query('groups', 'lag', idle, '--max-lag-time', '1m')).exitCode).toBe(5);

    const reset = (...args: readonly string[]) => query('offsets', 'reset', idle, '--topic', topic, '--yes', ...args);
    const outcomesOf = ({ rows: outcomes }: Awaited<ReturnType<typeof query>>) =>
      outcomes.map(({ offsetAfter, outcome }) => `${offsetAfter} ${outcome}`);
    expect(outcomesOf(await reset('--shift-by', '+5', '--dry-run'))).toEqual(['8 planned', '10 planned']);
    expect(await described(idle)).toEqual(['0 3 10 7', '1 7 10 3']);
    expect(outcomesOf(await reset('--shift-by', '+5'))).toEqual(['8 done', '10 done']);
    expect(await described(idle)).toEqual(['0 8 10 2', '1 10 10 0']);
    expect(outcomesOf(await reset('--to-datetime', new Date(WRITTEN_MS + 90_000).toISOString()))).toEqual(['2 done', '2 done']);
    expect(outcomesOf(await reset('--shift-by=-100'))).toEqual(['0 done', '0 done']);
    expect(await described(idle)).toEqual(['0 0 10 10', '1 0 10 10']);
    const found = await query('offsets', 'find', topic, '--at', String(WRITTEN_MS + 150_000));
    expect(found.rows.map(({ offset, timestampMs }) => [offset, timestampMs])).toEqual([
      [3, WRITTEN_MS + 180_000],
      [3, WRITTEN_MS + 180_000],
    ]);
  });

  it('is not made by a dry run', async () => {
    const missing = `missing-${run}`;
    const planned = await query('offsets', 'reset', missing, '--topic', topic, '--to-earliest', '--create-group', '--dry-run');
    expect(planned.rows.map(({ outcome }) => outcome)).toEqual(['planned', 'planned']);
    for (const verb of ['describe', 'lag']) {
      const { rows, exitCode } = await query('groups', verb, missing);
      expect(rows).toMatchObject([{ group: missing, error: { code: 'GROUP_ID_NOT_FOUND' } }]);
      expect(exitCode).toBe(1);
    }
  });
});

describe('a group with a member', () => {
  it('is described, refuses a reset that names the member, and loses it when it is removed', { timeout: 90_000 }, async () => {
    const consumer = kafka.consumer({ groupId: live, sessionTimeout: 30_000 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    let received = 0;
    await consumer.run({
      eachMessage: async () => {
        received++;
      },
    });
    try {
      await waitFor(
        () => received === 2 * RECORDS,
        () => `${received} records were received`,
        { deadlineMs: 30_000 },
      );
      const { rows } = await query('groups', 'describe', live);
      expect(rows).toMatchObject([
        { group: live, type: 'classic', state: 'Stable', memberCount: 1, members: [{ assignment: [{ topic, partitions: [0, 1] }] }] },
      ]);
      const [member] = rows[0]!.members as readonly { readonly memberId: string }[];
      const refused = await query('offsets', 'reset', live, '--topic', topic, '--to-earliest', '--yes');
      expect(refused).toMatchObject({ exitCode: 1, rows: [{ outcome: 'failed', error: { code: 'NON_EMPTY_GROUP' } }] });
      expect((refused.rows[0]!.error as { readonly message: string }).message).toContain(member!.memberId);
      const removed = await query('groups', 'remove-members', live, '--member', member!.memberId, '--yes');
      expect(removed).toMatchObject({ exitCode: 0, rows: [{ memberId: member!.memberId, outcome: 'done' }] });
    } finally {
      await consumer.disconnect();
    }
    const deleted = await query('groups', 'delete', live, idle, '--yes');
    expect(deleted).toMatchObject({ exitCode: 0, rows: [{ outcome: 'done' }, { outcome: 'done' }] });
    const listed = await query('groups', 'list', '--match', `*-${run}`);
    expect(listed.rows).toEqual([]);
  });
});
