import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';

const { version, isEmbedded, three } = inject('kafka');
const { bootstrapServers } = three;
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const admin = AdminClient.connect({ bootstrapServers });
/** It has moved. */
const consoleProducer = version.startsWith('3.') ? 'kafka.tools.ConsoleProducer' : 'org.apache.kafka.tools.ConsoleProducer';
const run = randomBytes(4).toString('hex');
const topicOf = async (name: string, partitionCount: number): Promise<string> => {
  const topic = `${name}-${run}`;
  await createTopics(admin, [{ topic, partitionCount, replicationFactor: 3 }]);
  return topic;
};

beforeAll(() => buildProduct(), 90_000);
afterAll(() => admin.close());

const kafkaTs = (args: readonly string[], input = '') =>
  runProgram('node', [bin, ...args, '--bootstrap-server', bootstrapServers, '--timeout', '30s'], input);
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

describe("Kafka's own tools", () => {
  it('read what produce wrote, where their producer would have put it', { timeout: 90_000 }, async () => {
    const topic = await topicOf('written', 7);
    const pairs = Array.from({ length: 40 }, (_, index) => `key ${index}:value ${index}`);
    const wrote = await kafkaTs(
      ['produce', topic, '--key-separator', ':', '--header', 'from=here', '--compression', 'zstd'],
      `${pairs.join('\n')}\n`,
    );
    expect(wrote).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`40 lines acknowledged by ${topic}`) });
    const again = await topicOf('expected', 7);
    const producer = [
      '--bootstrap-server',
      bootstrapServers,
      '--topic',
      again,
      '--property',
      'parse.key=true',
      '--property',
      'key.separator=:',
    ];
    await runKafkaTool(version, consoleProducer, producer, `${pairs.join('\n')}\n`);

    const properties = ['print.key', 'print.headers', 'print.partition'].flatMap((name) => ['--property', `${name}=true`]);
    const read = await runKafkaTool(version, 'org.apache.kafka.tools.consumer.ConsoleConsumer', [
      '--bootstrap-server',
      bootstrapServers,
      '--topic',
      topic,
      '--from-beginning',
      '--max-messages',
      '40',
      ...properties,
    ]);
    const ours = await kafkaTs(['consume', again, '--format', 'Partition:%p\\tfrom:here\\t%k\\t%s\\n']);
    expect(ours.exitCode).toBe(0);
    // The tools say there, too, which of their options are deprecated.
    const records = lines(read.stdout).filter((line) => line.startsWith('Partition:'));
    expect(records.sort()).toEqual(lines(ours.stdout).sort());
    expect(records).toHaveLength(40);
  });

  it('write what consume reads, in every compression', { timeout: 90_000 }, async () => {
    const topic = await topicOf('read', 1);
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
    const write = (codec: string) =>
      runKafkaTool(
        version,
        consoleProducer,
        ['--bootstrap-server', bootstrapServers, '--topic', topic, '--compression-codec', codec],
        `by ${codec}, again ${codec}\n`,
      );
    await Promise.all(codecs.map(write));
    const { stdout, exitCode } = await kafkaTs(['consume', topic]);
    expect({ lines: lines(stdout).sort(), exitCode }).toEqual({
      lines: codecs.map((codec) => `by ${codec}, again ${codec}`).sort(),
      exitCode: 0,
    });
  });
});

describe('consume', () => {
  // The embedded cluster has no transactions yet.
  if (!isEmbedded) {
    it('passes over aborted transactions, and ends at open ones, where only what is committed is wanted', { timeout: 90_000 }, async () => {
      const topic = await topicOf('transactions', 1);
      const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
      const producers = [1, 2].map((index) =>
        kafka.producer({ transactionalId: `${topic}-${index}`, maxInFlightRequests: 1, idempotent: true }),
      );
      await Promise.all(producers.map((producer) => producer.connect()));
      const [first, second] = producers;
      const begun = await first!.transaction();
      const other = await second!.transaction();
      await begun.send({ topic, messages: [{ value: 'aborted 1' }] });
      await other.send({ topic, messages: [{ value: 'committed 1' }] });
      await begun.send({ topic, messages: [{ value: 'aborted 2' }] });
      await other.commit();
      await begun.abort();
      const third = await first!.transaction();
      await third.send({ topic, messages: [{ value: 'committed 2' }] });
      await third.commit();
      const open = await first!.transaction();
      await open.send({ topic, messages: [{ value: 'open' }] });

      const committed = await kafkaTs(['consume', topic, '--isolation', 'read_committed']);
      const all = await kafkaTs(['consume', topic]);
      await open.abort();
      await Promise.all(producers.map((producer) => producer.disconnect()));
      expect(lines(committed.stdout)).toEqual(['committed 1', 'committed 2']);
      expect(lines(all.stdout)).toEqual(['aborted 1', 'committed 1', 'aborted 2', 'committed 2', 'open']);
      expect(lines((await kafkaTs(['consume', topic, '--isolation', 'read_committed', '--from', '-4'])).stdout)).toEqual(['committed 2']);
    });
  }

  it('says which records were deleted before they were read, and begins after them', { timeout: 90_000 }, async () => {
    const topic = await topicOf('deleted', 1);
    expect(await kafkaTs(['produce', topic], 'a\nb\nc\nd\n')).toMatchObject({ exitCode: 0 });
    const file = JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 3 }] });
    const folder = await mkdtemp(join(tmpdir(), 'kafka-ts-data-'));
    const written = join(folder, 'offsets.json');
    await writeFile(written, file);
    await runKafkaTool(version, 'org.apache.kafka.tools.DeleteRecordsCommand', [
      '--bootstrap-server',
      bootstrapServers,
      '--offset-json-file',
      written,
    ]);
    await rm(folder, { recursive: true });
    const { stdout, stderr, exitCode } = await kafkaTs(['consume', topic, '--from', '1']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'd\n', exitCode: 0 });
    expect(stderr).toContain(`kafka-ts: ${topic}:0: offsets 1 to 2 are no longer in the log; going on at 3\n`);
  });

  it('ends with what was read where the topic is deleted in the middle', { timeout: 90_000 }, async () => {
    const topic = await topicOf('vanishing', 2);
    expect(await kafkaTs(['produce', topic, '--partition', '0'], 'a\n')).toMatchObject({ exitCode: 0 });
    const events: string[] = [];
    const reading = admin.readRecords(
      [0, 1].map((partition) => ({ topic, partition })),
      {
        from: { kind: 'earliest' },
        to: null,
        follow: true,
        isolation: 'read_uncommitted',
        patienceMs: null,
        now: Date.now,
        sleep: (ms) => sleep(ms),
      },
    );
    for await (const event of reading) {
      events.push(event.kind === 'failed' ? `${event.partition} ${event.error.code}` : event.kind);
      if (event.kind === 'records') await admin.deleteTopics([topic]);
    }
    expect(events.filter((event) => event !== 'waiting' && event !== 'resumed').sort()).toEqual([
      '0 UNKNOWN_TOPIC_OR_PARTITION',
      '1 UNKNOWN_TOPIC_OR_PARTITION',
      'records',
    ]);
  });
});
