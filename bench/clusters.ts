import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRealKafka } from '../test/support/real-kafka.js';

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

export interface EmbeddedCommand extends BenchCluster {
  /** Runs a verb of `kafka-ts embedded` on this cluster and gives what it prints. */
  readonly run: (...args: readonly string[]) => Promise<string>;
}

/** What users start, in a home of its own. */
export async function startEmbedded(brokers: number, ...args: readonly string[]): Promise<EmbeddedCommand> {
  const home = await mkdtemp(join(tmpdir(), 'kafka-ts-bench-'));
  const env = { ...process.env, KAFKA_TS_HOME: home };
  const run = async (...verb: readonly string[]) => (await execute(process.execPath, [binary, 'embedded', ...verb], { env })).stdout;
  const close = async () => {
    await run('stop');
    await rm(home, { recursive: true, force: true });
  };
  const stdout = await run('start', '--brokers', String(brokers), '--ephemeral', '--port', '0', ...args, '-o', 'json');
  const [{ bootstrapServers }] = JSON.parse(stdout);
  return { bootstrapServers, run, close };
}

/** Null where the run is without it. */
export const startKafka = (nodes: number): Promise<BenchCluster> | null =>
  withoutKafka ? null : startRealKafka({ version: '4.3.1', nodes });
