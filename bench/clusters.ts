import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { askDaemon } from '../src/embedded/control-client.js';
import type { NodeFault } from '../src/embedded/control-messages.js';
import { daemonFormat } from '../src/embedded/daemon-file.js';
import type { DaemonMessage, DaemonRequest } from '../src/embedded/daemon-messages.js';
import type { EmbeddedCluster } from '../src/embedded/embedded-cluster.js';
import { type InstancePaths, instancePathsIn } from '../src/embedded/instance-paths.js';
import { readStateFile } from '../src/embedded/state-file.js';
import { createRealEnvironment } from '../src/environment/real.js';
import { apiVersions } from '../src/protocol/messages/api-versions.js';
import type { BreakableCluster } from '../test/support/breakable-cluster.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import { openWire } from './wire.js';

const execute = promisify(execFile);
const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));

export interface BenchCluster {
  readonly bootstrapServers: string;
  readonly close: () => Promise<void>;
}
/** `BENCH_WITHOUT_KAFKA=1` leaves real Kafka out. */
export const withoutKafka = process.env.BENCH_WITHOUT_KAFKA === '1';
/** What a bench's description says of it. */
export const besideKafka = (nodes: number): string =>
  withoutKafka
    ? ' (BENCH_WITHOUT_KAFKA=1: without real Kafka beside it)'
    : `, beside real Apache Kafka 4.3.1 with ${nodes} node${nodes > 1 ? 's' : ''}`;

/** What users start, in a home of its own. */
export async function startEmbedded(brokers: number, ...args: readonly string[]): Promise<BenchCluster> {
  const home = await mkdtemp(join(tmpdir(), 'kafka-ts-bench-'));
  const env = { ...process.env, KAFKA_TS_HOME: home };
  const run = async (...verb: readonly string[]) => (await execute(process.execPath, [binary, 'embedded', ...verb], { env })).stdout;
  const close = async () => {
    await run('stop');
    await rm(home, { recursive: true, force: true });
  };
  const stdout = await run('start', '--brokers', String(brokers), '--ephemeral', '--port', '0', ...args, '-o', 'json');
  const [{ bootstrapServers }] = JSON.parse(stdout);
  return { bootstrapServers, close };
}

/** Null where the run is without it. */
export const startKafka = (nodes: number): Promise<BenchCluster> | null =>
  withoutKafka ? null : startRealKafka({ version: '4.3.1', nodes });

const daemon = fileURLToPath(new URL('../dist/daemon.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...daemonEnv } = process.env;

/** The process of an embedded cluster, as the command starts it. */
export interface EmbeddedProcess extends BenchCluster {
  readonly pid: number;
  /** From the spawn to an answer of every broker. */
  readonly readyMs: number;
  /** In no order. */
  readonly kill: () => Promise<void>;
  /** As `embedded kill`, `pause` and `resume`, which ask the process; only with a directory. */
  readonly inflict: (fault: NodeFault, broker: number) => Promise<void>;
}

/**
 * Starts a cluster's process without the command around it; with a directory it keeps its state there, for the next start. `nodeOptions` go
 * before its file.
 */
export async function spawnEmbedded(
  brokers: number,
  directory: string | null = null,
  nodeOptions: readonly string[] = [],
): Promise<EmbeddedProcess> {
  const ephemeral = directory === null;
  const instance = directory === null ? null : instancePathsIn(directory);
  const cluster = { brokers, racks: null, isolate: false, port: 0, dataDirectory: null, ephemeral, configs: {} };
  const request: DaemonRequest = { version: 'bench', cluster, instance, idleMs: null };
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, daemon, JSON.stringify(request)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: daemonEnv,
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  try {
    const [message] = (await Promise.race([once(child, 'message'), exited])) as [DaemonMessage];
    if (message?.type !== 'ready') throw new Error(`the cluster did not start: ${JSON.stringify(message)}`);
    const { bootstrapServers } = message;
    await Promise.all(bootstrapServers.split(',').map(answersApiVersions));
    const readyMs = performance.now() - started;
    const inflict = (fault: NodeFault, broker: number): Promise<void> => ask(instance, fault, broker);
    return { bootstrapServers, pid: child.pid as number, readyMs, close: () => end('SIGTERM'), kill: () => end('SIGKILL'), inflict };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

async function ask(instance: InstancePaths | null, fault: NodeFault, broker: number): Promise<void> {
  const file = instance === null ? null : readStateFile(instance.daemonFile, daemonFormat);
  if (file === null) throw new Error('the cluster has no file that tells how to ask it');
  const environment = createRealEnvironment({ log: () => {} });
  try {
    const asked = await askDaemon(environment, file, { request: fault, broker }, { wanted: ['running'], timeoutMs: 120_000 });
    if (asked.outcome !== 'answered') throw new Error(`asked to ${fault} broker ${broker}, the cluster is ${asked.outcome}`);
    if (asked.answer.state === 'refused') throw new Error(asked.answer.message);
  } finally {
    environment.close();
  }
}

/** Asked in the oldest version, which every client may begin with. */
async function answersApiVersions(server: string): Promise<void> {
  const [host = '', port] = server.split(':');
  const wire = await openWire({ host, port: Number(port) });
  await wire.request(apiVersions, 0, {});
  wire.close();
}

/** Three brokers in this process. */
export const startTogether = (configs: Readonly<Record<string, string>>): Promise<BreakableCluster> => startBreakable(false, configs);
/** Three brokers, each a process of its own. */
export const startIsolated = (configs: Readonly<Record<string, string>>): Promise<BreakableCluster> => startBreakable(true, configs);

async function startBreakable(isolate: boolean, config: Readonly<Record<string, string>>): Promise<BreakableCluster> {
  // As built: its brokers' processes begin there.
  const library = (await import(new URL('../dist/index.js', import.meta.url).href)) as { EmbeddedCluster: typeof EmbeddedCluster };
  const cluster = await library.EmbeddedCluster.start({ brokers: 3, isolate, config });
  return {
    name: `embedded${isolate ? ' --isolate' : ''}`,
    clusterId: cluster.clusterId,
    bootstrapServers: cluster.bootstrapServers,
    addresses: new Map(cluster.brokers.map(({ id, port }) => [id, { host: '127.0.0.1', port }])),
    kill: (id) => cluster.kill(id),
    pause: (id) => cluster.pause(id),
    resume: (id) => cluster.resume(id),
    shutDown: (id) => cluster.shutDown(id),
    restart: (id) => cluster.resume(id),
    close: () => cluster.close(),
  };
}
