import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bench } from './bench.js';
import { besideKafka, spawnEmbedded, startKafka, withoutKafka } from './clusters.js';
import { alternate, medianOf, memoryBytes, show } from './measure.js';

/** After which a node that serves nobody has come to rest. */
const restMs = 3_000;

interface Started {
  readonly readyMs: number;
  readonly memoryMb: number;
}

const limits: Readonly<Record<string, { readonly readyMs: number; readonly memoryMb: number }>> = {
  '1 broker': { readyMs: 300, memoryMb: 80 },
  '3 brokers': { readyMs: 400, memoryMb: 120 },
};

/** From spawn to the answer to ApiVersions; real Kafka's time counts from before its files are formatted, which is anew each time. */
export const bench: Bench = {
  describe: `embedded brokers from spawn to answer, and their memory ${restMs / 1000} s later, Node ${process.version}${besideKafka(3)}`,
  run: async () => {
    const memory = new Map<string, number[]>();
    const note = (name: string, start: () => Promise<Started>) => {
      memory.set(name, []);
      return async () => {
        const { readyMs, memoryMb } = await start();
        memory.get(name)?.push(memoryMb);
        return readyMs;
      };
    };
    const figures = await alternate<string>({
      '1 broker': note('1 broker', () => startOurs(1)),
      '3 brokers': note('3 brokers', () => startOurs(3)),
      ...(!withoutKafka && { 'Kafka, 3 nodes': note('Kafka, 3 nodes', startTheirs) }),
    });
    let holds = true;
    for (const [name, ready] of Object.entries(figures)) {
      // The first round does not count here either.
      const samples = (memory.get(name) ?? []).slice(1);
      const limit = limits[name];
      holds = show(`${name}: ready`, ready, 'ms', limit && { atMost: limit.readyMs }) && holds;
      holds = show(`${name}: memory`, { median: medianOf(samples), samples }, 'MB', limit && { atMost: limit.memoryMb }) && holds;
    }
    return holds;
  },
};

async function startOurs(brokers: number): Promise<Started> {
  const cluster = await spawnEmbedded(brokers);
  try {
    await rest();
    return { readyMs: cluster.readyMs, memoryMb: await residentMb(cluster.pid) };
  } finally {
    await cluster.close();
  }
}

async function startTheirs(): Promise<Started> {
  const before = await memoryBytes(process.pid);
  const started = performance.now();
  const kafka = await startKafka(3);
  try {
    const readyMs = performance.now() - started;
    await rest();
    return { readyMs, memoryMb: ((await memoryBytes(process.pid)) - before) / 1e6 };
  } finally {
    await kafka?.close();
  }
}

/** All that is in memory for the process, pages that it shares included: what the limit is on. Kafka's are counted in its favour. */
async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(stdout) * 1024) / 1e6;
}

const rest = () => new Promise((resolve) => setTimeout(resolve, restMs));
