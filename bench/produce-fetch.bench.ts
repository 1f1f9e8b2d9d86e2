import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { AdminClient } from '../src/admin/admin-client.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import type { Bench } from './bench.js';
import { alternate, show } from './measure.js';

const execute = promisify(execFile);
const binary = fileURLToPath(new URL('../bin/kafka-ts.js', import.meta.url));
const clientSource = fileURLToPath(new URL('./produce-fetch-client.ts', import.meta.url));
const clientBuilt = fileURLToPath(new URL('./.produce-fetch-client.mjs', import.meta.url));

/** Of one sample: some seconds of either, so that starting up weighs little. */
const totalBytes = 400_000_000;
const withoutKafka = process.env.BENCH_WITHOUT_KAFKA === '1';

interface Broker {
  readonly bootstrapServers: string;
  readonly stop: () => Promise<void>;
}

/**
 * Records of 1 KiB in batches of 400 KiB, acks=1, one partition with one replica, no compression; the client is a process of its own
 * that speaks the protocol on a bare socket, the same for both brokers. A produce sample counts only when another process has
 * read back as many records, which is the fetch sample beside it.
 */
export const bench: Bench = {
  describe: `produce and fetch throughput${withoutKafka ? ' (BENCH_WITHOUT_KAFKA=1: without real Kafka beside it)' : ', beside real Apache Kafka 4.3.1 with one node'}`,
  run: async () => {
    await build({ entryPoints: [clientSource], outfile: clientBuilt, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
    const ours = await startEmbedded();
    try {
      const kafka = withoutKafka ? null : await startRealKafka({ version: '4.3.1', nodes: 1 });
      try {
        const ourCases = loadOf(ours);
        const kafkaCases = kafka === null ? null : loadOf(kafka);
        const figures = await alternate<string>({
          'kafka-ts produce': ourCases.produce,
          ...(kafkaCases && { 'Kafka produce': kafkaCases.produce }),
          'kafka-ts fetch': ourCases.fetch,
          ...(kafkaCases && { 'Kafka fetch': kafkaCases.fetch }),
        });
        const limits: Readonly<Record<string, number>> = { 'kafka-ts produce': 150, 'kafka-ts fetch': 300 };
        return Object.entries(figures)
          .map(([name, figure]) => show(name, figure, 'MB/s', limits[name] === undefined ? undefined : { atLeast: limits[name] }))
          .every((holds) => holds);
      } finally {
        await kafka?.close();
      }
    } finally {
      await ours.stop();
      await rm(clientBuilt);
    }
  },
};

/** What users start, in a home of its own. */
async function startEmbedded(): Promise<Broker> {
  const home = await mkdtemp(join(tmpdir(), 'kafka-ts-bench-'));
  const env = { ...process.env, KAFKA_TS_HOME: home };
  const embedded = (...args: readonly string[]) => execute(process.execPath, [binary, 'embedded', ...args], { env });
  const { stdout } = await embedded('start', '--brokers', '1', '--ephemeral', '--port', '0', '-o', 'json');
  const [{ bootstrapServers }] = JSON.parse(stdout);
  return {
    bootstrapServers,
    stop: async () => {
      await embedded('stop');
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Each produce fills a new topic; the fetch after it reads that topic back and removes it. */
function loadOf({ bootstrapServers }: Pick<Broker, 'bootstrapServers'>) {
  let round = 0;
  let produced = 0;
  const topic = () => `bench-${round}`;
  return {
    produce: async (): Promise<number> => {
      round++;
      await withAdmin(bootstrapServers, (admin) => admin.createTopics([{ topic: topic(), partitionCount: 1, replicationFactor: 1 }]));
      const result = await runClient('produce', bootstrapServers, topic(), totalBytes);
      produced = result.records;
      return megabytesPerSecond(result);
    },
    fetch: async (): Promise<number> => {
      const result = await runClient('fetch', bootstrapServers, topic(), produced);
      if (result.records !== produced) throw new Error(`${produced} records were acknowledged and ${result.records} read back`);
      await withAdmin(bootstrapServers, (admin) => admin.deleteTopics([topic()]));
      return megabytesPerSecond(result);
    },
  };
}

async function withAdmin(
  bootstrapServers: string,
  work: (admin: AdminClient) => Promise<readonly { readonly error: unknown }[]>,
): Promise<void> {
  const admin = AdminClient.connect({ bootstrapServers });
  try {
    const failed = (await work(admin)).find(({ error }) => error !== null);
    if (failed !== undefined) throw new Error(JSON.stringify(failed.error));
  } finally {
    await admin.close();
  }
}

interface Result {
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
}

async function runClient(mode: 'produce' | 'fetch', address: string, topic: string, total: number): Promise<Result> {
  const { stdout } = await execute(process.execPath, [clientBuilt, mode, address, topic, String(total)]);
  return JSON.parse(stdout);
}

const megabytesPerSecond = ({ bytes, seconds }: Result): number => bytes / 1e6 / seconds;
