import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runKafkaTool } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version } = inject('judge');

describe("DumpLogSegments reads three embedded brokers' __consumer_offsets", () => {
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'kafka-ts-offsets-'));
  });
  afterAll(() => rm(dataDirectory, { recursive: true }));

  it('groups and offsets, the same on all replicas', async () => {
    const built = new URL('../../dist/index.js', import.meta.url).href;
    const library = (await import(built)) as typeof import('../../src/index.js');
    const cluster = await library.EmbeddedCluster.start({ brokers: 3, dataDirectory });
    try {
      await useGroup(cluster.bootstrapServers);
    } finally {
      await cluster.close();
    }
    const files = (await readdir(dataDirectory, { recursive: true })).filter((path) => /__consumer_offsets-\d+\/0+\.log$/.test(path));
    expect(files).toHaveLength(3);
    const dumps = await Promise.all(
      files.map(async (path) => {
        const args = ['--offsets-decoder', '--files', join(dataDirectory, path)];
        const { stdout, stderr, exitCode } = await runKafkaTool(version, 'org.apache.kafka.tools.DumpLogSegments', args);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        return stdout.replace(/^Dumping .*$/gm, '');
      }),
    );
    const [first] = dumps;
    expect(new Set(dumps).size).toBe(1);
    expect(first).toMatch(
      /key: \{"type":"2","data":\{"group":"g"\}\} payload: \{"version":"3","data":\{.*"generation":1,.*"memberId":"kafkajs-/,
    );
    expect(first).toMatch(
      /key: \{"type":"1","data":\{"group":"g","topic":"t","partition":0\}\} payload: \{"version":"4","data":\{"offset":7,.*"topicId":"/,
    );
  });
});

/** A consumer joins, commits, and leaves. */
async function useGroup(bootstrapServers: string): Promise<void> {
  const kafka = new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 10 },
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 't', numPartitions: 1 }], waitForLeaders: false });
  await waitFor(
    async () => (await admin.listTopics()).includes('t'),
    () => 't is not there',
  );
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: 'g' });
  let hasJoined = false;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    hasJoined = true;
  });
  await consumer.connect();
  await consumer.subscribe({ topic: 't' });
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
  await waitFor(
    () => hasJoined,
    () => 'nobody joined',
  );
  await consumer.commitOffsets([{ topic: 't', partition: 0, offset: '7' }]);
  await consumer.disconnect();
}
