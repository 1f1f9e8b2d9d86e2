import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { createRealClient } from '../../src/client/real-client.js';
import { parseJson } from '../../src/model/json.js';
import { consumerGroupHeartbeat } from '../../src/protocol/messages/consumer-group-heartbeat.js';
import { findCoordinator } from '../../src/protocol/messages/find-coordinator.js';
import { shareGroupHeartbeat } from '../../src/protocol/messages/share-group-heartbeat.js';
import { streamsGroupHeartbeat } from '../../src/protocol/messages/streams-group-heartbeat.js';
import type { Api, Encodable, Fields } from '../../src/protocol/schema.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { newestKafka } from '../support/kafka-versions.js';
import { waitFor } from '../support/wait-for.js';

const { version, isEmbedded, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const kafka = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const run = randomBytes(4).toString('hex');
// Long enough for Kafka's own tool to put it in quotation marks.
const topic = `groups-with-a-long-name-${run}`;
const idle = `idle-${run}`;
const live = `live-${run}`;
let folder: string;
const RECORDS = 10;
const WRITTEN_MS = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-groups-'));
  await buildProduct();
  await createTopics(admin, [{ topic, partitionCount: 2, replicationFactor: 3, configs: { 'retention.ms': '-1' } }]);
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
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await admin.close();
});

const query = async (...args: readonly string[]) => {
  const { stdout, exitCode } = await runProgram('node', [bin, ...args, '--bootstrap-server', three.bootstrapServers, '-o', 'json']);
  return { rows: parseJson(stdout) as Record<string, unknown>[], exitCode };
};

/** What Apache Kafka's own tool prints. */
async function groupsTool(...args: readonly string[]): Promise<string> {
  const all = ['--bootstrap-server', three.bootstrapServers, ...args];
  return (await runKafkaTool(version, 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', all)).stdout;
}

/** What it says of a group: partition, committed, end and lag, by partition. */
async function described(group: string): Promise<readonly string[]> {
  return (await groupsTool('--describe', '--group', group))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, name]) => name === topic)
    .map(([, , partition, committed, end, lag]) => `${partition} ${committed} ${end} ${lag}`)
    .sort();
}

/** The offsets that it has committed, by partition, asked of the cluster itself: Kafka's tool takes seconds to start. */
async function committed(group: string): Promise<readonly (bigint | null)[]> {
  const [row] = await admin.listGroupOffsets([{ group }]);
  return (row?.offsets ?? []).map(({ committedOffset }) => committedOffset);
}

describe('a group without members', () => {
  it('is reset without joining, kept inside the log, and read as Kafka reads it', { timeout: 240_000 }, async () => {
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
    expect(await committed(idle)).toEqual([3n, 7n]);
    expect(outcomesOf(await reset('--shift-by', '+5'))).toEqual(['8 done', '10 done']);
    expect(await described(idle)).toEqual(['0 8 10 2', '1 10 10 0']);
    expect(outcomesOf(await reset('--to-datetime', new Date(WRITTEN_MS + 90_000).toISOString()))).toEqual(['2 done', '2 done']);
    expect(outcomesOf(await reset('--shift-by=-100'))).toEqual(['0 done', '0 done']);
    expect(await described(idle)).toEqual(['0 0 10 10', '1 0 10 10']);
    // Taken back in one step, but for what somebody has committed since.
    const undoFile = join(folder, 'undo.json');
    expect(outcomesOf(await reset('--to-offset', '6', '--undo-file', undoFile))).toEqual(['6 done', '6 done']);
    await admin.commitGroupOffsets({ group: idle }, [{ topic, partition: 1, offset: 9n }]);
    const takeBack = () =>
      query('offsets', 'reset', '--from-file', undoFile, '--yes', '--undo-file', join(folder, randomBytes(4).toString('hex')));
    const takenBack = await takeBack();
    expect(takenBack).toMatchObject({ exitCode: 1, rows: [{ outcome: 'done' }, { outcome: 'failed', error: { code: 'DRIFTED' } }] });
    expect(await committed(idle)).toEqual([0n, 9n]);
    await admin.commitGroupOffsets({ group: idle }, [{ topic, partition: 1, offset: 6n }]);
    expect(outcomesOf(await takeBack())).toEqual(['0 not-needed', '0 done']);
    expect(await committed(idle)).toEqual([0n, 0n]);

    // As Kafka's own tool writes it.
    const csv = await groupsTool('--reset-offsets', '--dry-run', '--export', '--group', idle, '--topic', topic, '--to-offset', '4');
    writeFileSync(join(folder, 'offsets.csv'), csv.replace(/\n{2,}/g, '\n'));
    expect(csv).toContain(`"${topic}",0,4`);
    const fromFile = await query('offsets', 'reset', idle, '--from-file', join(folder, 'offsets.csv'), '--yes');
    expect(outcomesOf(fromFile)).toEqual(['4 done', '4 done']);
    expect(outcomesOf(await reset('--to-earliest'))).toEqual(['0 done', '0 done']);
    expect((await query('groups', 'lag', idle, '--by', 'group')).rows).toMatchObject([
      { group: idle, topic: null, endOffset: 20, lag: 20 },
    ]);
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
      // What the broker itself says to whoever does not look first.
      expect(await admin.deleteGroups([live, `missing-${run}`].map((group) => ({ group })))).toMatchObject([
        { group: live, error: { code: 'NON_EMPTY_GROUP' } },
        { group: `missing-${run}`, error: { code: 'GROUP_ID_NOT_FOUND' } },
      ]);
      expect(await admin.deleteGroupOffsets({ group: live }, [{ topic, partition: 0 }])).toMatchObject([
        { topic, partition: 0, error: { code: 'GROUP_SUBSCRIBED_TO_TOPIC' } },
      ]);
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

// The embedded cluster has classic groups alone, and Kafka 3.9 no share and streams groups.
if (version === newestKafka && !isEmbedded) {
  describe('groups of the types that brokers assign', () => {
    it('are listed and described, and share groups commit no offsets', { timeout: 90_000 }, async () => {
      const client = createRealClient({ bootstrapServers: three.bootstrapServers });
      const nameOf = (type: string) => `${type}-${run}`;
      const memberId = 'AAAAAAAAAAAAAAAAAAAAAQ';
      const ask = async <Q extends Fields, P extends Fields>(
        api: Api<Q, P>,
        type: string,
        memberEpoch: number,
        body: Partial<Encodable<Q>>,
      ) => {
        const key = { groupId: nameOf(type), memberId, memberEpoch };
        const located = await client.request(findCoordinator, { keyType: 0, coordinatorKeys: [key.groupId] }, { to: 'any' });
        return client.request(api, { ...body, ...key } as Encodable<Q>, { to: { broker: located.coordinators[0]!.nodeId } });
      };
      const topology = { epoch: 0, subtopologies: [{ ...noSubtopology, subtopologyId: 'a', sourceTopics: [topic] }] };
      const heartbeat = async (memberEpoch: number) => {
        const subscribedTopicNames = memberEpoch === 0 ? [topic] : null;
        await ask(consumerGroupHeartbeat, 'consumer', memberEpoch, {
          rebalanceTimeoutMs: 30_000,
          subscribedTopicNames,
          topicPartitions: [],
        });
        await ask(shareGroupHeartbeat, 'share', memberEpoch, { subscribedTopicNames });
        await ask(streamsGroupHeartbeat, 'streams', memberEpoch, {
          ...{ endpointInformationEpoch: 0, rebalanceTimeoutMs: 30_000, topology: memberEpoch === 0 ? topology : null },
          ...{ activeTasks: [], standbyTasks: [], warmupTasks: [], processId: 'p', clientTags: [] },
        });
      };
      const types = ['consumer', 'share', 'streams'];
      try {
        // The coordinator's first answer may be that there is none yet.
        await waitFor(
          async () => {
            await heartbeat(0);
            return (await query('groups', 'list', '--match', `*-${run}`, '--type', types.join())).rows.length === types.length;
          },
          () => 'the groups are not there',
        );
        const { rows } = await query('groups', 'describe', ...types.map(nameOf));
        expect(rows).toMatchObject(types.map((type) => ({ group: nameOf(type), type, memberCount: 1, members: [{ memberId }] })));
        expect(rows[0]).toMatchObject({
          assignor: 'uniform',
          members: [{ assignment: [{ topic, partitions: [0, 1] }], targetAssignment: [{ topic, partitions: [0, 1] }] }],
        });
        const { stdout } = await runKafkaTool(version, 'org.apache.kafka.tools.GroupsCommand', [
          ...['--bootstrap-server', three.bootstrapServers, '--list'],
        ]);
        const listed = stdout.split('\n').map((line) => line.trim().split(/\s+/));
        for (const type of types) {
          const [, said] = listed.find(([group]) => group === nameOf(type)) ?? [];
          expect(said?.toLowerCase()).toBe(type);
        }
        expect((await query('groups', 'lag', nameOf('consumer'))).rows).toMatchObject(
          [0, 1].map((partition) => ({ topic, partition, committedOffset: null, lag: null, memberId })),
        );
        const refused = { error: { code: 'INVALID_REQUEST', message: 'It is a share group, which commits no offsets.' } };
        for (const args of [
          ['groups', 'lag', nameOf('share')],
          ['offsets', 'reset', nameOf('share'), '--topic', topic, '--to-latest'],
        ]) {
          expect(await query(...args)).toMatchObject({ exitCode: 1, rows: [refused] });
        }
        const live = await query('offsets', 'reset', nameOf('streams'), '--topic', topic, '--to-latest');
        expect(live).toMatchObject({ exitCode: 1, rows: [{ error: { code: 'NON_EMPTY_GROUP' } }] });
        await heartbeat(-1);
        const deleted = await query('groups', 'delete', ...types.map(nameOf), '--yes');
        expect(deleted).toMatchObject({ exitCode: 0, rows: types.map(() => ({ outcome: 'done' })) });
      } finally {
        client.close();
      }
    });
  });
}

const noSubtopology = {
  sourceTopicRegex: [],
  stateChangelogTopics: [],
  repartitionSinkTopics: [],
  repartitionSourceTopics: [],
  copartitionGroups: [],
};
