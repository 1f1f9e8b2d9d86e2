import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DaemonRequest } from '../src/embedded/daemon-messages.js';
import { encodeRequest } from '../src/protocol/frame.js';
import { apiVersions } from '../src/protocol/messages/api-versions.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import { reservePort } from '../test/support/reserve-port.js';
import type { Bench } from './bench.js';
import { alternate, medianOf, memoryBytes, show } from './measure.js';

const daemon = fileURLToPath(new URL('../dist/daemon.js', import.meta.url));
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
/** After which a node that serves nobody has come to rest. */
const restMs = 3_000;
/** `BENCH_REAL_KAFKA=1` takes one node of real Kafka beside it, formatted anew each time. */
const besideKafka = process.env.BENCH_REAL_KAFKA === '1';

interface Started {
  readonly readyMs: number;
  readonly memoryMb: number;
}

export const bench: Bench = {
  describe: `an embedded broker from spawn to its answer to ApiVersions, and its memory ${restMs / 1000} s later, Node ${process.version}`,
  run: async () => {
    const memory = { embedded: [] as number[], kafka: [] as number[] };
    const note = (name: keyof typeof memory, start: () => Promise<Started>) => async () => {
      const { readyMs, memoryMb } = await start();
      memory[name].push(memoryMb);
      return readyMs;
    };
    const figures = await alternate<string>({
      embedded: note('embedded', startEmbedded),
      ...(besideKafka && { kafka: note('kafka', startKafka) }),
    });
    let holds = true;
    for (const [name, ready] of Object.entries(figures)) {
      // The first round does not count here either.
      const samples = memory[name as keyof typeof memory].slice(1);
      const isOurs = name === 'embedded';
      const label = isOurs ? 'embedded' : 'real Kafka 4.3.1';
      holds = show(`${label}: ready`, ready, 'ms', isOurs ? { atMost: 300 } : undefined) && holds;
      holds = show(`${label}: memory`, { median: medianOf(samples), samples }, 'MB', isOurs ? { atMost: 80 } : undefined) && holds;
    }
    return holds;
  },
};

async function startEmbedded(): Promise<Started> {
  const port = await reservePort();
  const cluster = { brokers: 1, port, dataDirectory: null, ephemeral: true, configs: {} };
  const request: DaemonRequest = { version: 'bench', cluster, instance: null, idleMs: null };
  const started = performance.now();
  const child = spawn(process.execPath, [daemon, JSON.stringify(request)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
  try {
    await answersApiVersions(port, child);
    const readyMs = performance.now() - started;
    await rest();
    return { readyMs, memoryMb: await residentMb(child.pid!) };
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

async function startKafka(): Promise<Started> {
  const before = await memoryBytes(process.pid);
  const started = performance.now();
  const kafka = await startRealKafka({ version: '4.3.1', nodes: 1 });
  try {
    const readyMs = performance.now() - started;
    await rest();
    return { readyMs, memoryMb: ((await memoryBytes(process.pid)) - before) / 1e6 };
  } finally {
    await kafka.close();
  }
}

/** All that is in memory for the process, pages that it shares included: what the limit is on. Kafka's are counted in its favour. */
async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(stdout) * 1024) / 1e6;
}

const rest = () => new Promise((resolve) => setTimeout(resolve, restMs));

/** Tries until somebody listens, then asks, in the oldest version, which every client may begin with. */
async function answersApiVersions(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      for (const chunk of encodeRequest(apiVersions, 0, { correlationId: 1, clientId: 'bench' }, {})) socket.write(chunk);
      await once(socket, 'data');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    } finally {
      socket.destroy();
    }
  }
}
