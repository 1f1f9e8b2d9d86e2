import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { parseJson } from '../../src/model/json.js';
import { checkJsonOutput } from '../e2e/json-schema.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';
import { waitFor } from '../support/wait-for.js';

const { version, isEmbedded, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const schemas = fileURLToPath(new URL('../e2e/schemas', import.meta.url));
const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
const topic = `brokers-${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  await buildProduct();
  await createTopics(admin, [
    {
      topic,
      assignments: [
        [1, 2],
        [2, 3],
        [3, 1],
        [1, 3],
      ],
    },
  ]);
  await waitFor(
    async () => (await admin.listPartitions([topic])).every(({ isr }) => isr?.length === 2),
    () => 'the topic has no leaders',
  );
}, 90_000);
afterAll(() => admin.close());

/** Held against its schema. */
async function query(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await runProgram('node', [bin, ...args, '--bootstrap-server', three.bootstrapServers, '-o', 'json']);
  if (stdout === '') throw new Error(stderr);
  await checkJsonOutput(schemas, `kafka-ts ${args.join(' ')} -o json`, stdout);
  return { answer: parseJson(stdout) as never, exitCode };
}
const tool = async (name: string, ...args: readonly string[]) =>
  (await runKafkaTool(version, `org.apache.kafka.tools.${name}`, ['--bootstrap-server', three.bootstrapServers, ...args])).stdout;

interface DirRow {
  readonly broker: number;
  readonly logDir: string;
  readonly replicas: readonly { readonly topic: string; readonly partition: number; readonly sizeBytes: number }[];
}

describe('brokers', () => {
  it('are listed and described as the cluster has them', async () => {
    const { answer: rows } = await query('brokers', 'list');
    const addresses = three.bootstrapServers.split(',').map((address) => address.split(':'));
    expect(rows).toMatchObject(
      [1, 2, 3].map((broker) => ({
        broker,
        host: addresses[broker - 1]![0],
        port: Number(addresses[broker - 1]![1]),
        rack: ['r1', 'r2', 'r1'][broker - 1],
        alive: true,
        error: null,
      })),
    );
    const { answer: described, exitCode } = await query('brokers', 'describe', '2', '9');
    expect(exitCode).toBe(1);
    expect(described).toMatchObject([
      { broker: 2, alive: true, release: version.replace(/\.\d+$/, ''), error: null },
      { broker: 9, alive: null, error: { code: 'BROKER_ID_NOT_REGISTERED' } },
    ]);
    const [{ listeners, apis, configs }] = described as [
      { listeners: unknown; apis: { key: number; minVersion: number; maxVersion: number }[]; configs: { name: string }[] },
    ];
    expect(listeners).toContainEqual({
      listener: 'PLAINTEXT',
      securityProtocol: 'PLAINTEXT',
      host: addresses[1]![0],
      port: Number(addresses[1]![1]),
    });
    expect(configs.map(({ name }) => name)).toContain('log.retention.ms');
    if (isEmbedded) return;
    const { stdout: printed } = await runKafkaTool(
      version,
      `${version.startsWith('3') ? 'kafka.admin' : 'org.apache.kafka.tools'}.BrokerApiVersionsCommand`,
      ['--bootstrap-server', three.bootstrapServers],
    );
    const block = printed.split('\n)').find((each) => each.includes('(id: 2 '));
    const served = [...(block ?? '').matchAll(/\((\d+)\): (\d+)(?: to (\d+))?/g)].map(
      ([, key, min, max]) => `${key}: ${min} to ${max ?? min}`,
    );
    expect(apis.map(({ key, minVersion, maxVersion }) => `${key}: ${minVersion} to ${maxVersion}`).sort()).toEqual(served.sort());
  });

  it("tell what they store as Kafka's own tool reads it", { timeout: 60_000 }, async () => {
    const { answer } = await query('brokers', 'log-dirs', '--topic', topic);
    const told = (answer as readonly DirRow[]).flatMap(({ broker, logDir, replicas }) =>
      replicas.map(({ partition, sizeBytes }) => `${broker} ${logDir} ${topic}-${partition} ${sizeBytes}`),
    );
    const printed = await tool('LogDirsCommand', '--describe', '--topic-list', topic);
    const { brokers } = JSON.parse(printed.slice(printed.indexOf('{'))) as {
      brokers: { broker: number; logDirs: { logDir: string; partitions: { partition: string; size: number }[] }[] }[];
    };
    const expected = brokers.flatMap(({ broker, logDirs }) =>
      logDirs.flatMap(({ logDir, partitions }) => partitions.map(({ partition, size }) => `${broker} ${logDir} ${partition} ${size}`)),
    );
    expect(told).toHaveLength(8);
    expect([...told].sort()).toEqual(expected.sort());
  });
});

describe("brokers' configs", () => {
  /** What Apache Kafka's own tool says is set while brokers run: `name=value`. */
  const configured = async (...entity: readonly string[]) => {
    const args = ['--bootstrap-server', three.bootstrapServers, '--describe', '--entity-type', 'brokers', ...entity];
    const { stdout } = await runKafkaTool(version, 'kafka.admin.ConfigCommand', args);
    return [...stdout.matchAll(/^ {2}(\S+=\S*) sensitive/gm)].map(([, pair]) => pair);
  };
  const alter = async (...args: readonly string[]) => {
    const { answer, exitCode } = await query('brokers', 'alter', ...args, '--yes');
    const outcomes = (answer as readonly { broker: number; outcome: string; error: { code: string } | null }[]).map(
      ({ broker, outcome, error }) => `${broker} ${outcome}${error === null ? '' : ` ${error.code}`}`,
    );
    return { outcomes, exitCode };
  };

  it("are changed as Kafka's own tool reads them, and what fails at one broker is done at the others", { timeout: 60_000 }, async () => {
    const config = 'log.cleaner.backoff.ms';
    expect(await alter('2', '9', '3', '--config', `${config}=21000`)).toEqual({
      outcomes: ['2 done', '9 failed BROKER_ID_NOT_REGISTERED', '3 done'],
      exitCode: 1,
    });
    expect(await alter('--default', '--config', `${config}=22000`)).toEqual({ outcomes: ['null done'], exitCode: 0 });
    try {
      const [own, others, all] = await Promise.all([
        configured('--entity-name', '2'),
        configured('--entity-name', '1'),
        configured('--entity-default'),
      ]);
      expect(own).toContain(`${config}=21000`);
      expect(others).not.toContain(`${config}=21000`);
      expect(all).toContain(`${config}=22000`);
    } finally {
      expect(await alter('2', '3', '--delete-config', config)).toEqual({ outcomes: ['2 done', '3 done'], exitCode: 0 });
      expect(await alter('--default', '--delete-config', config)).toEqual({ outcomes: ['null done'], exitCode: 0 });
    }
  });
});

interface Quorum {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly voters: readonly { readonly node: number; readonly role: string }[];
  readonly observers: readonly unknown[];
}

describe('the cluster', () => {
  it("tells its quorum as Kafka's own tool does", { timeout: 90_000 }, async () => {
    const { answer: cluster } = await query('cluster', 'describe');
    expect(cluster).toMatchObject({ clusterId: three.clusterId, mode: 'kraft', releases: [version.replace(/\.\d+$/, '')], errors: [] });
    // On a busy machine another controller may be elected between two looks.
    const readQuorum = async () => (await query('cluster', 'quorum')).answer as Quorum;
    const epochIn = (status: string) => Number(/LeaderEpoch: +(\d+)/.exec(status)?.[1]);
    let quorum = await readQuorum();
    let [status, replication] = ['', ''];
    await waitFor(
      async () => {
        [status, replication] = await Promise.all([
          tool('MetadataQuorumCommand', 'describe', '--status'),
          tool('MetadataQuorumCommand', 'describe', '--replication'),
        ]);
        if (quorum.leaderEpoch === epochIn(status)) return true;
        quorum = await readQuorum();
        return false;
      },
      () => `epoch ${quorum.leaderEpoch} is not that of ${status}`,
      { deadlineMs: 50_000 },
    );
    const { leader, voters, observers } = quorum;
    expect(status).toMatch(new RegExp(`LeaderId: +${leader}\\n`));
    expect([1, 2, 3]).toContain((cluster as { controller: number }).controller);
    const rows = replication
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/));
    const roles = rows.map((cells) => `${cells[0]} ${cells.at(-1)?.toLowerCase()}`).sort();
    expect(voters.map(({ node, role }) => `${node} ${role}`).sort()).toEqual(roles);
    expect(observers).toEqual([]);
  });

  it("tells its features as Kafka's own tool does", { timeout: 60_000 }, async () => {
    const { answer } = await query('cluster', 'features');
    const printed = await tool('FeatureCommand', 'describe');
    const levels = new Map(
      [...printed.matchAll(/Feature: (\S+)\s.*FinalizedVersionLevel: (\S+)\s+Epoch: (\d+)/g)].map((found) => [found[1], found[2]]),
    );
    const rows = answer as { feature: string; minSupported: number; maxSupported: number; finalized: number }[];
    expect(rows.map(({ feature }) => feature)).toEqual([...levels.keys()].sort());
    for (const { feature, finalized } of rows) {
      if (feature !== 'metadata.version') expect(String(finalized)).toBe(levels.get(feature));
      else expect(levels.get(feature)).toMatch(version.slice(0, 3));
    }
  });
});
