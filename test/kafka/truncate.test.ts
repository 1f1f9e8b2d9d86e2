import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { parseJson } from '../../src/model/json.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';

const { version, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const topic = `truncated-${randomBytes(4).toString('hex')}`;
let folder: string;
const RECORDS = 10;
const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-truncate-'));
  await buildProduct();
  await createTopics(admin, [{ topic, partitionCount: 2, replicationFactor: 3, configs: { 'retention.ms': '-1' } }]);
  const producer = new Kafka({ brokers: three.bootstrapServers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  // A minute between records.
  for (const partition of [0, 1]) {
    for (let index = 0; index < RECORDS; index++) {
      const timestamp = String(FIRST_MS + index * 60_000);
      await producer.send({ topic, acks: -1, messages: [{ partition, value: 'x', timestamp }] });
    }
  }
  await producer.disconnect();
}, 60_000);
afterAll(async () => {
  await admin.close();
  rmSync(folder, { recursive: true });
});

async function truncate(...args: readonly string[]) {
  const options = ['--bootstrap-server', three.bootstrapServers, '-o', 'json'];
  const { stdout } = await runProgram(process.execPath, [bin, 'partitions', 'truncate', ...args, ...options]);
  return parseJson(stdout) as readonly Record<string, unknown>[];
}
/** Where each partition begins, as Kafka's own tool says it. */
async function starts(): Promise<string> {
  const args = ['--bootstrap-server', three.bootstrapServers, '--topic', topic, '--time', 'earliest'];
  return (await runKafkaTool(version, 'org.apache.kafka.tools.GetOffsetShell', args)).stdout.trim();
}

describe('the oldest records', () => {
  it('go up to an offset, to a time and all, as Kafka sees it', { timeout: 60_000 }, async () => {
    expect(await truncate(`${topic}:0`, '--to-offset', '3', '--yes')).toMatchObject([
      { partition: 0, startOffsetBefore: 0, startOffsetAfter: 3, endOffset: 10, removedCount: 3, outcome: 'done' },
    ]);
    expect(await truncate(topic, '--before', '2026-01-01T00:04:30Z', '--yes')).toMatchObject([
      { startOffsetBefore: 3, startOffsetAfter: 5, removedCount: 2, outcome: 'done' },
      { startOffsetBefore: 0, startOffsetAfter: 5, removedCount: 5, outcome: 'done' },
    ]);
    expect(await starts()).toBe(`${topic}:0:5\n${topic}:1:5`);
    expect(await truncate(`${topic}:1`, '--all-records', '--yes')).toMatchObject([{ startOffsetAfter: 10, outcome: 'done' }]);
    expect(await starts()).toBe(`${topic}:0:5\n${topic}:1:10`);
  });

  it("that Kafka's own tool deletes are gone here too", { timeout: 60_000 }, async () => {
    const file = join(folder, 'delete.json');
    writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 7 }] }));
    const args = ['--bootstrap-server', three.bootstrapServers, '--offset-json-file', file];
    expect((await runKafkaTool(version, 'org.apache.kafka.tools.DeleteRecordsCommand', args)).stdout).toContain('low_watermark: 7');
    expect(await truncate(`${topic}:0`, '--to-offset', '7', '--dry-run')).toMatchObject([{ startOffsetBefore: 7, outcome: 'not-needed' }]);
  });
});
