import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import type { Host } from '../../src/cli/host.js';
import { createManifest, type Manifest } from '../../src/cli/manifest.js';
import { createProgram } from '../../src/cli/program.js';
import { run } from '../../src/cli/run.js';
import { EmbeddedCluster } from '../../src/embedded/embedded-cluster.js';
import { parseJson } from '../../src/model/json.js';
import { apis } from '../../src/protocol/apis.js';
import { apiVersions } from '../../src/protocol/messages/api-versions.js';
import { versionRange } from '../../src/protocol/versions.js';

/** The newest version of each API that a broker of Apache Kafka 2.4 serves to clients. */
const served: Readonly<Record<string, number>> = {
  Produce: 8,
  Fetch: 11,
  ListOffsets: 5,
  Metadata: 9,
  OffsetCommit: 8,
  OffsetFetch: 6,
  FindCoordinator: 3,
  JoinGroup: 6,
  Heartbeat: 4,
  LeaveGroup: 4,
  SyncGroup: 4,
  DescribeGroups: 5,
  ListGroups: 3,
  SaslHandshake: 1,
  ApiVersions: 3,
  CreateTopics: 5,
  DeleteTopics: 4,
  DeleteRecords: 1,
  InitProducerId: 2,
  OffsetForLeaderEpoch: 3,
  AddPartitionsToTxn: 1,
  AddOffsetsToTxn: 1,
  EndTxn: 1,
  WriteTxnMarkers: 0,
  TxnOffsetCommit: 2,
  DescribeAcls: 1,
  CreateAcls: 1,
  DeleteAcls: 1,
  DescribeConfigs: 2,
  AlterConfigs: 1,
  AlterReplicaLogDirs: 1,
  DescribeLogDirs: 1,
  SaslAuthenticate: 1,
  CreatePartitions: 1,
  CreateDelegationToken: 2,
  RenewDelegationToken: 1,
  ExpireDelegationToken: 1,
  DescribeDelegationToken: 1,
  DeleteGroups: 2,
  ElectLeaders: 2,
  IncrementalAlterConfigs: 1,
  AlterPartitionReassignments: 0,
  ListPartitionReassignments: 0,
  OffsetDelete: 0,
};

let cluster: EmbeddedCluster;
let manifest: Manifest;
let home: string;
/** What was asked for all the same. */
const tooNew = new Set<string>();
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'kafka-ts-2.4-'));
  manifest = await createManifest('1.2.3', commands);
  cluster = await EmbeddedCluster.start({ brokers: 1 });
  const apiKeys = apis.flatMap(({ key, name, request }) => {
    const maxVersion = served[name];
    return maxVersion === undefined ? [] : [{ apiKey: key, minVersion: versionRange(request.versions).first, maxVersion }];
  });
  cluster.intercept('*', async ({ listener, apiKey, apiVersion }) => {
    if (listener !== 'broker') return undefined;
    const api = apis.find(({ key }) => key === apiKey)!;
    if (apiVersion > (served[api.name] ?? -1) && apiKey !== apiVersions.key) tooNew.add(`${api.name} ${apiVersion}`);
    return apiKey === apiVersions.key ? { response: { errorCode: 0, apiKeys, throttleTimeMs: 0 } } : undefined;
  });
});
afterEach(async () => {
  await cluster?.close();
  rmSync(home, { recursive: true });
  expect([...tooNew]).toEqual([]);
});

/** A command line with -o json, run to its end in this process. */
async function kafkaTs(line: string, input = '') {
  const printed = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        printed[stream] += String(chunk);
        done();
      },
    });
  const host: Host = {
    manifest,
    program: { version: '1.2.3', nodePath: 'node', daemonPath: 'daemon.js' },
    nodeVersion: '20.0.0',
    platform: process.platform,
    variables: { KAFKA_TS_HOME: home, KAFKA_TS_BOOTSTRAP_SERVERS: cluster.bootstrapServers },
    stdin: { open: () => Readable.from([input]) },
    stdout: keep('stdout'),
    stderr: keep('stderr'),
    now: Date.now,
    onSignal: () => () => {},
    endNow: () => {},
  };
  let exitCode = -1;
  const program = createProgram({
    manifest,
    now: Date.now,
    run: async (invocation) => {
      exitCode = await run(invocation, await commands[invocation.path]!(), host);
    },
  });
  await program.parseAsync(['node', 'kafka-ts', ...line.split(' ')]);
  return { ...printed, exitCode };
}
/** What it printed; all must have gone well. */
async function rowsOf(line: string) {
  const { stdout, stderr, exitCode } = await kafkaTs(`${line} -o json`);
  expect(exitCode, stderr).toBe(0);
  return parseJson(stdout) as readonly Record<string, unknown>[];
}

describe('a cluster that serves what Kafka 2.4 serves', () => {
  it('has its topics and partitions made, shown, changed and deleted', async () => {
    expect(await rowsOf('topics create orders payments -p 2 --config retention.ms=1000')).toMatchObject([
      { topic: 'orders', outcome: 'done' },
      { topic: 'payments', outcome: 'done' },
    ]);
    expect(await rowsOf('topics list')).toMatchObject([{ topic: 'orders', topicId: null, partitionCount: 2 }, { topic: 'payments' }]);
    expect(await rowsOf('topics describe orders')).toMatchObject([{ topic: 'orders', partitions: [{ elr: null }, {}] }]);
    expect(await rowsOf('topics alter orders --config retention.ms=2000 --yes')).toMatchObject([{ outcome: 'done' }]);
    expect(await rowsOf('partitions add payments -p 3 --yes')).toMatchObject([{ outcome: 'done' }]);
    expect(await kafkaTs('produce orders', 'a\nb\nc\n')).toMatchObject({ exitCode: 0 });
    expect(await kafkaTs('consume orders --partition 0,1')).toMatchObject({ exitCode: 0 });
    const listed = await rowsOf('partitions list orders');
    expect(listed).toMatchObject(
      [0, 1].map((partition) => ({ partition, leader: 1, minIsrMargin: 0, reassigning: false, startOffset: 0 })),
    );
    expect(listed.reduce((sum, { endOffset }) => sum + Number(endOffset), 0)).toBe(3);
    expect(await rowsOf('partitions reassignments')).toEqual([]);
    expect(await rowsOf('partitions reassign orders --to-brokers 1 --yes')).toMatchObject([{ outcome: 'not-needed' }, {}]);
    expect(await rowsOf('partitions truncate orders --all-records --yes')).toMatchObject([{}, {}]);
    expect(await rowsOf('topics delete payments --yes')).toMatchObject([{ outcome: 'done' }]);
  });

  it('has its groups and offsets shown, moved and deleted', async () => {
    await rowsOf('topics create orders -p 2');
    expect(await rowsOf('offsets reset billing --topic orders --to-earliest --create-group --yes')).toMatchObject([
      { outcome: 'done' },
      {},
    ]);
    expect(await rowsOf('groups list')).toMatchObject([{ group: 'billing', type: 'classic', state: 'Empty', memberCount: 0 }]);
    expect(await rowsOf('groups describe billing')).toMatchObject([{ group: 'billing', state: 'Empty' }]);
    expect(await rowsOf('groups lag')).toMatchObject([{ group: 'billing', topic: 'orders', partition: 0, error: null }, {}]);
    expect(await rowsOf('offsets list billing')).toMatchObject([{ topic: 'orders' }, {}]);
    expect(await rowsOf('offsets find orders --at -1h')).toMatchObject([{ topic: 'orders' }, {}]);
    expect(await rowsOf('offsets delete billing --topic orders:1 --yes')).toMatchObject([{ partition: 1, outcome: 'done' }]);
    expect(await rowsOf('groups delete billing --yes')).toMatchObject([{ outcome: 'done' }]);
    expect(await kafkaTs('groups describe billing')).toMatchObject({ exitCode: 1 });
  });

  it('has its leaders, brokers and the cluster looked at', async () => {
    await rowsOf('topics create orders -p 2');
    expect(await rowsOf('leaders list')).toMatchObject([{ broker: 1, alive: true }]);
    expect(await rowsOf('leaders elect orders --yes')).toMatchObject([{ outcome: 'not-needed' }, {}]);
    expect(await rowsOf('brokers list')).toMatchObject([{ broker: 1, alive: true }]);
    expect(await rowsOf('brokers log-dirs')).toMatchObject([{ broker: 1 }]);
    expect(await rowsOf('brokers describe 1')).toMatchObject([{ broker: 1 }]);
    expect(await rowsOf('brokers alter 1 --config log.cleaner.backoff.ms=20000 --yes')).toMatchObject([{ outcome: 'done' }]);
    expect(await rowsOf('cluster describe')).toMatchObject({ clusterId: cluster.clusterId });
  });

  it('says which API the broker lacks where a command needs one', async () => {
    const { exitCode, stderr } = await kafkaTs('cluster quorum');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`kafka-ts: ${cluster.bootstrapServers} does not serve the API DescribeQuorum\n`);
  });
});
