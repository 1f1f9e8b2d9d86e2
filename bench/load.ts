import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { AdminClient } from '../src/admin/admin-client.js';

const execute = promisify(execFile);
const clientSource = fileURLToPath(new URL('./load-client.ts', import.meta.url));
const clientBuilt = fileURLToPath(new URL('./.load-client.mjs', import.meta.url));

export interface LoadRequest {
  readonly mode: 'produce' | 'fetch' | 'latency';
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly acks: -1 | 0 | 1;
  /** Of 1 KiB. */
  readonly records: number;
}
export interface LoadResult {
  readonly records: number;
  /** Of the records' values. */
  readonly bytes: number;
  readonly seconds: number;
  /** Of each record, where latency was asked for. */
  readonly samplesMs: readonly number[];
}
export interface TopicShape {
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Builds the load's program, for as long as `work` runs. */
export async function withLoadClient<T>(work: () => Promise<T>): Promise<T> {
  await build({ entryPoints: [clientSource], outfile: clientBuilt, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
  try {
    return await work();
  } finally {
    await rm(clientBuilt);
  }
}

/** Runs it in a process of its own, so that it does not share a loop with what is measured. */
async function runLoad(request: LoadRequest): Promise<LoadResult> {
  const { stdout } = await execute(process.execPath, [clientBuilt, JSON.stringify(request)], { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout);
}

const megabytesPerSecond = ({ bytes, seconds }: LoadResult): number => bytes / 1e6 / seconds;

/** The sample below which this share of all lies. */
export function percentileOf(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

export async function withAdmin<T>(bootstrapServers: string, work: (admin: AdminClient) => Promise<T>): Promise<T> {
  const admin = AdminClient.connect({ bootstrapServers, timeoutMs: 60_000 });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** Throws where an item failed. */
export function allDone<Row extends { readonly error: unknown }>(rows: readonly Row[]): readonly Row[] {
  const failed = rows.find(({ error }) => error !== null);
  if (failed !== undefined) throw new Error(JSON.stringify(failed.error));
  return rows;
}

/** The load of one cluster: each produce fills a new topic, which the fetch after it reads back and removes. */
export function topicLoad(bootstrapServers: string, name: string, shape: TopicShape, records: number) {
  let round = 0;
  let produced = 0;
  const topic = () => `bench-${name}-${round}`;
  const create = async (): Promise<void> => {
    round++;
    await withAdmin(bootstrapServers, async (admin) => {
      allDone(await admin.createTopics([{ topic: topic(), ...shape }]));
      const unaware = await admin.untilTopicsKnown([{ topic: topic(), partitionCount: shape.partitionCount }], {
        patienceMs: 30_000,
        sleep: (ms) => sleep(ms),
      });
      if (unaware.length > 0) throw new Error(`Brokers ${unaware.join()} do not know ${topic()}`);
    });
  };
  const remove = () => withAdmin(bootstrapServers, async (admin) => allDone(await admin.deleteTopics([topic()])));
  return {
    /** MB/s. */
    produce: async (acks: -1 | 1): Promise<number> => {
      await create();
      const result = await runLoad({ mode: 'produce', bootstrapServers, topic: topic(), acks, records });
      produced = result.records;
      return megabytesPerSecond(result);
    },
    /** The least ISR of the last topic's partitions, at this moment. */
    leastIsr: () =>
      withAdmin(bootstrapServers, async (admin) => {
        const [described] = allDone(await admin.describeTopics([topic()]));
        return Math.min(...(described?.partitions ?? []).map(({ isr }) => isr.length));
      }),
    /** MB/s; throws where fewer records come back than were acknowledged. */
    fetch: async (): Promise<number> => {
      const result = await runLoad({ mode: 'fetch', bootstrapServers, topic: topic(), acks: 1, records: produced });
      if (result.records !== produced) throw new Error(`${produced} records were acknowledged and ${result.records} read back`);
      await remove();
      return megabytesPerSecond(result);
    },
    /** Milliseconds of each record, sent one after the other. */
    latency: async (acks: -1 | 1, count: number): Promise<readonly number[]> => {
      await create();
      const { samplesMs } = await runLoad({ mode: 'latency', bootstrapServers, topic: topic(), acks, records: count });
      await remove();
      return samplesMs;
    },
  };
}
