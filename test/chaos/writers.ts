import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { kafkaClassPath } from '../support/kafka-jars.js';
import type { Acknowledgement } from './judge.js';

/** A producer of somebody else's that writes until it is told to stop. */
export interface Writer {
  readonly name: string;
  readonly acknowledgedCount: () => number;
  /** The last that it said besides. */
  readonly lastWords: () => string;
  /** Resolves when it has got an answer for all that it sent, with what it knows. */
  readonly stop: () => Promise<{ readonly sent: readonly string[]; readonly acknowledged: readonly Acknowledgement[] }>;
  /** Leaves nothing behind, however far it is. */
  readonly end: () => Promise<void>;
}
export interface WriterOptions {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly acks: 'all' | '1';
  readonly idempotent: boolean;
  readonly recordsPerSecond: number;
}

/** Kafka's own VerifiableProducer says of each record where it went. It spreads them over the topic's partitions. */
export async function startVerifiableProducer(version: string, options: WriterOptions): Promise<Writer> {
  const { bootstrapServers, topic, acks, idempotent, recordsPerSecond } = options;
  const folder = await mkdtemp(join(tmpdir(), 'kafka-ts-chaos-'));
  const config = join(folder, 'producer.properties');
  const properties = {
    'enable.idempotence': idempotent,
    // What is not idempotent keeps its order only one request at a time.
    'max.in.flight.requests.per.connection': idempotent ? 5 : 1,
    retries: 2_147_483_647,
    'retry.backoff.ms': 50,
    'retry.backoff.max.ms': 500,
    // How long a paused broker is waited for.
    'request.timeout.ms': 3_000,
    'delivery.timeout.ms': 120_000,
    'reconnect.backoff.max.ms': 500,
    'linger.ms': 5,
  };
  await writeFile(
    config,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const java = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=off'];
  const tool = ['-cp', await kafkaClassPath(version), 'org.apache.kafka.tools.VerifiableProducer'];
  const where = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--command-config', config];
  const what = ['--acks', acks === 'all' ? '-1' : '1', '--throughput', String(recordsPerSecond)];
  const child = spawn('java', [...java, ...tool, ...where, ...what]);
  child.stdin.end();
  const acknowledged: Acknowledgement[] = [];
  const failed: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const event = JSON.parse(line) as { name: string; partition: number; offset: number; value: string };
    if (event.name === 'producer_send_success') acknowledged.push({ partition: event.partition, offset: event.offset, value: event.value });
    if (event.name === 'producer_send_error') failed.push(event.value);
  });
  const ended = endOf(child);
  return {
    name: `VerifiableProducer${idempotent ? ', idempotent' : ''}`,
    acknowledgedCount: () => acknowledged.length,
    lastWords: () => `${failed.length} failed`,
    stop: async () => {
      // It gets the answers that it waits for, then says so.
      child.kill('SIGTERM');
      await ended;
      const last = Math.max(-1, ...[...acknowledged.map(({ value }) => value), ...failed].map(Number));
      // What it sent last may have gone unanswered.
      return { sent: Array.from({ length: last + 1_000 }, (_, index) => String(index)), acknowledged };
    },
    end: async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * kcat, which is librdkafka's, writes lines to partition 0. It says at which offset there is one, and not which: where a new leader is known
 * while a paused one has yet to answer, librdkafka sends on to the new one, and what comes later overtakes what is tried again. Apache
 * Kafka 4.3.1 in this test shows the same. It is never idempotent: librdkafka before 2.3 then takes a batch that timed out for written,
 * and ends itself at the next (https://github.com/confluentinc/librdkafka/pull/4438).
 */
export function startKcat({ bootstrapServers, topic, acks, recordsPerSecond }: Omit<WriterOptions, 'idempotent'>): Writer {
  const settings = {
    acks,
    'max.in.flight': 1,
    retries: 1_000_000,
    'retry.backoff.ms': 50,
    'message.timeout.ms': 120_000,
    'socket.timeout.ms': 3_000,
    'reconnect.backoff.max.ms': 500,
    'topic.metadata.refresh.interval.ms': 1_000,
    'linger.ms': 5,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
  // With -E it goes on where for a moment no broker can be reached.
  const child = spawn('kcat', ['-b', bootstrapServers, '-E', '-P', '-t', topic, '-p', '0', '-v', '-v', '-v', ...flags]);
  const sent: string[] = [];
  const offsets: number[] = [];
  const refusals: string[] = [];
  const words: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    const delivered = /Message delivered to partition 0 \(offset (\d+)\)/.exec(line);
    if (delivered) offsets.push(Number(delivered[1]));
    else if (/Delivery failed/.test(line)) refusals.push(line);
    else words.push(line);
  });
  child.stdout.resume();
  // One that has ended tells so by its answers, or their lack.
  child.stdin.on('error', () => {});
  const ended = endOf(child);
  const timer = setInterval(() => {
    const lines = Array.from({ length: Math.ceil(recordsPerSecond / 20) }, () => `kcat ${sent.push(`kcat ${sent.length}`) - 1}`);
    child.stdin.write(`${lines.join('\n')}\n`);
  }, 50);
  return {
    name: 'kcat',
    acknowledgedCount: () => offsets.length,
    lastWords: () => [`${sent.length} lines`, ...words.slice(-5)].join('\n'),
    stop: async () => {
      clearInterval(timer);
      child.stdin.end();
      await ended;
      // Without this the answers could not be told apart.
      if (refusals.length > 0 || offsets.length !== sent.length) {
        throw new Error(`kcat had ${sent.length} lines and ${offsets.length} answers: ${refusals.slice(0, 3).join('; ')}`);
      }
      return { sent, acknowledged: offsets.map((offset) => ({ partition: 0, offset, value: null })) };
    },
    end: async () => {
      clearInterval(timer);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
