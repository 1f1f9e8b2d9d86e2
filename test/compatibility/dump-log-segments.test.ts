import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { EmbeddedCluster } from '../../src/index.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version } = inject('judge');
const topic = 'dumped';

/** What Kafka's own tool says of files that the embedded brokers wrote. */
async function dump(files: readonly string[], ...options: string[]): Promise<string> {
  const args = [...options, '--files', files.join(',')];
  const { stdout, stderr, exitCode } = await runKafkaTool(version, 'org.apache.kafka.tools.DumpLogSegments', args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).not.toMatch(/mismatch|non-consecutive|corrupt|skipping|Exception/i);
  return stdout;
}

describe("DumpLogSegments reads three embedded brokers' files", () => {
  let dataDirectory: string;
  let files: readonly string[];
  /** The files whose path within the data directory fits, one broker after the other. */
  const filesOf = (pattern: RegExp) => files.filter((path) => pattern.test(path)).map((path) => join(dataDirectory, path));

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'kafka-ts-dump-'));
    const built = new URL('../../dist/index.js', import.meta.url).href;
    const library = (await import(built)) as typeof import('../../src/index.js');
    // Each few changes make a snapshot of the metadata.
    const config = { 'metadata.log.max.record.bytes.between.snapshots': '1000', 'log.index.interval.bytes': '1000' };
    const cluster = await library.EmbeddedCluster.start({ brokers: 3, dataDirectory, config });
    try {
      await write(cluster);
    } finally {
      await cluster.close();
    }
    files = (await readdir(dataDirectory, { recursive: true })).sort();
  }, 60_000);
  afterAll(() => rm(dataDirectory, { recursive: true }));

  it('the records, on the leader and on its followers alike, with the epochs of two leaders', async () => {
    const logs = filesOf(/dumped-0\/0+\.log$/);
    expect(logs).toHaveLength(3);
    const [first, ...others] = await Promise.all(logs.map((log) => dump([log], '--deep-iteration', '--print-data-log')));
    expect(first).toMatch(/offset: 199 .*payload: value 199/);
    expect(first).toContain('partitionLeaderEpoch: 0');
    expect(first).toMatch(/partitionLeaderEpoch: [1-9]/);
    const withoutPath = (text: string | undefined) => text?.replace(/^Dumping .*$/gm, '');
    for (const other of others) expect(withoutPath(other)).toBe(withoutPath(first));
  });

  it('the indexes', async () => {
    const indexes = filesOf(/dumped-0\/0+\.(?:index|timeindex)$/);
    expect(indexes).toHaveLength(6);
    expect(await dump(indexes)).toMatch(/offset: \d+ position: \d+/);
  });

  it('the metadata log of each voter', async () => {
    const logs = filesOf(/__cluster_metadata-0\/\d+\.log$/);
    expect(logs.length).toBeGreaterThanOrEqual(3);
    for (const log of logs) {
      const text = await dump([log], '--cluster-metadata-decoder');
      expect(text).toContain('LeaderChange');
      expect(text).toContain('"type":"PARTITION_CHANGE_RECORD"');
    }
  });

  it('the snapshots of the metadata', async () => {
    const snapshots = filesOf(/__cluster_metadata-0\/\d+-\d+\.checkpoint$/);
    expect(snapshots.length).toBeGreaterThanOrEqual(3);
    const text = await dump([snapshots.at(-1)!], '--cluster-metadata-decoder');
    expect(text).toContain('SnapshotHeader');
    expect(text).toContain('SnapshotFooter');
    expect(text).toContain(`"name":"${topic}"`);
    expect(text).toContain('"type":"REGISTER_BROKER_RECORD"');
  });
});

/** Two hundred records, half of them under another leader, and some changes of metadata. */
async function write(cluster: EmbeddedCluster): Promise<void> {
  const admin = AdminClient.connect({ bootstrapServers: cluster.bootstrapServers });
  const leader = async () => (await admin.listPartitions([topic]))[0]?.leader ?? -1;
  try {
    await admin.createTopics([
      { topic, assignments: [[1, 2, 3]] },
      ...Array.from({ length: 20 }, (_, index) => ({ topic: `other-${index}` })),
    ]);
    await waitFor(
      async () => (await leader()) === 1,
      () => 'the topic has no leader',
    );
    await produce(cluster.bootstrapServers, 0);
    await cluster.shutDown(1);
    await produce(cluster.bootstrapServers, 100);
    await cluster.resume(1);
    await waitFor(
      async () => (await admin.listPartitions([topic]))[0]?.isr?.length === 3,
      () => 'the broker does not come back into the ISR',
    );
  } finally {
    await admin.close();
  }
}

async function produce(bootstrapServers: string, from: number): Promise<void> {
  const lines = Array.from({ length: 100 }, (_, index) => `value ${from + index}\n`).join('');
  const args = ['-b', bootstrapServers, '-P', '-t', topic, '-p', '0', '-Xacks=-1', '-Xbatch.num.messages=7'];
  const { exitCode, stderr } = await runProgram('kcat', args, lines);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
}
