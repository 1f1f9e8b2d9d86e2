import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Fate, Unacknowledged } from '../data/delivery.js';
import type { RecordToSend } from '../data/producer.js';
import { failure } from '../model/error-code.js';
import { AuthenticationError, ConnectionError, KafkaError, MachineError, TimeoutError, UsageError } from '../model/errors.js';
import { stringifyJson } from '../model/json.js';
import type { KafkaFailure } from '../model/outcome.js';
import { type StreamRun, stream } from './command.js';
import { partitionName } from './partition-name.js';
import type { ConnectedPorts } from './ports.js';
import { chunksOf } from './records/chunks.js';
import type { RecordToWrite } from './records/json-record.js';
import { keySeparatorOf } from './records/key-separator.js';
import { lineRanges, lineRangesText } from './records/line-ranges.js';
import { type LineFormat, recordOfLine } from './records/line-record.js';
import { linesOf } from './records/lines.js';
import { requirePartition, topicToUse } from './records/topic-to-use.js';

const DEFAULT_DELIVERY_MS = 30_000;
const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const acksOnWire = { '0': 0, '1': 1, all: -1 } as const;

interface ProduceOptions {
  readonly topic: string;
  /** Null for stdin. */
  readonly file: string | null;
  readonly lines: LineFormat;
  readonly partition: number | null;
  readonly acks: keyof typeof acksOnWire;
  readonly compression: (typeof compressions)[number];
  readonly deliveryMs: number;
  readonly json: boolean;
}

export const produce = stream({
  needs: 'cluster',
  startsEmbedded: true,
  changes: () => true,
  subject: ({ topic }: ProduceOptions) => topic,
  readsInput: ({ file }: ProduceOptions) => file === null,
  summary: 'Write lines to a topic',
  details: [
    'Each line of stdin, or of a file, becomes a record, without its end: LF or CRLF. Records with a key go where other clients put that key, others to one partition after the other. What has come is sent as soon as nothing of its partition is on its way.',
    'With --acks all, as unless told, all in-sync replicas have a line when it counts as acknowledged, and it is written once even where it had to be sent again. The first line that cannot be written ends it: what was acknowledged, what not, and which lines those are is said. Ctrl-C ends the reading; what was read is still sent.',
    'A topic that is not there is not made.',
  ].join('\n\n'),
  arguments: [{ name: 'topic', describe: 'the topic', required: true, names: 'topics' }],
  options: {
    file: { type: 'string', value: 'FILE', names: 'files', describe: 'read this and not stdin' },
    keySeparator: {
      type: 'string',
      value: 'TEXT',
      describe: "what stands before the first one in a line is the key, such as : or '\\t' for a tab",
    },
    json: { type: 'boolean', describe: 'each line is a JSON object, as `consume -o json` prints it; only "value" must be there' },
    emptyAsNull: { type: 'boolean', describe: 'an empty value is null: in a compacted topic it deletes the key' },
    header: { type: 'pairs', value: 'NAME=VALUE', example: 'source=import', describe: 'a header for every record; repeatable' },
    partition: { type: 'integer', value: 'N', describe: 'write to this partition' },
    acks: {
      type: 'choice',
      choices: ['0', '1', 'all'],
      value: 'WHO',
      describe: 'who must have a record: all in-sync replicas (unless told), 1: the leader, 0: nobody',
    },
    compression: { type: 'choice', choices: compressions, value: 'NAME', describe: compressions.join(', ') },
    deliveryTimeout: { type: 'duration', value: 'TIME', describe: 'how long a line is tried again (30s unless told)' },
    output: {
      type: 'choice',
      choices: ['text', 'json'],
      short: 'o',
      value: 'FORMAT',
      describe: 'json prints what became of the lines as one object',
    },
  },
  examples: [
    'kafka-ts produce orders',
    'kafka-ts produce orders --file orders.txt --key-separator : --compression zstd',
    'kafka-ts consume orders -o json | kafka-ts produce copy-of-orders --json',
    'kafka-ts produce orders --header source=import --acks 1 --partition 3',
  ],
  parse: ([topic = ''], values): ProduceOptions => {
    const { file, keySeparator, json, emptyAsNull, header, partition, acks, compression, deliveryTimeout, output } = values;
    if (json && keySeparator !== undefined) throw new UsageError('--key-separator is for lines of text, not for --json');
    if (json && emptyAsNull) throw new UsageError('--empty-as-null is for lines of text, not for --json');
    if (keySeparator === '') throw new UsageError('--key-separator: it is empty');
    return {
      topic,
      file: file ?? null,
      lines: {
        json,
        keySeparator: keySeparator === undefined ? null : Buffer.from(keySeparatorOf(keySeparator)),
        emptyAsNull,
        headers: [...header].map(([name, value]) => ({ name, value: Buffer.from(value) })),
      },
      partition: partition ?? null,
      acks: acks ?? 'all',
      compression: compression ?? 'none',
      deliveryMs: deliveryTimeout ?? DEFAULT_DELIVERY_MS,
      json: output === 'json',
    };
  },
  run: async (ports, options, run) => {
    const { topic, json } = options;
    const told = await produceLines(ports, options, run);
    const { read, sent, acknowledged, unacknowledged, error } = told;
    if (json) {
      const ranges = unacknowledged.flatMap(({ fate, lines }) => lineRanges(lines).map((range) => ({ ...range, fate })));
      const document = {
        topic,
        acks: options.acks,
        read,
        sent,
        acknowledged,
        unacknowledged: ranges,
        error: error && failureOf(error.reason),
      };
      await run.print(`${stringifyJson(document, 2)}\n`);
    }
    const all = `${read} ${read === 1 ? 'line' : 'lines'}`;
    if (options.acks === '0')
      run.note(`kafka-ts: ${sent === read ? all : `${sent} of ${all}`} sent to ${topic}; with --acks 0 nobody acknowledges them`);
    else run.note(`kafka-ts: ${acknowledged === read ? all : `${acknowledged} of ${all}`} acknowledged by ${topic}`);
    for (const { fate, lines } of unacknowledged) run.note(`kafka-ts: ${fateText[fate]}: ${lineRangesText(lines)}`);
    if (error !== null && error.line === null) throw error.reason;
    if (error?.reason instanceof UsageError) throw new UsageError(`line ${error.line}: ${error.reason.message}`, error.reason.hint);
    if (error !== null) run.fail(`line ${error.line}`, failureOf(error.reason));
    run.signal.throwIfAborted();
    return 0;
  },
});

const fateText: Readonly<Record<Fate, string>> = {
  refused: 'refused',
  unknown: 'perhaps written, perhaps not',
  'not-sent': 'not sent',
};

interface Told {
  readonly read: number;
  /** Handed to a broker, whatever became of them. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly unacknowledged: readonly Unacknowledged[];
  /** What ended it before the end; the line is null where it is about none. */
  readonly error: { readonly reason: unknown; readonly line: number | null } | null;
}

interface Item {
  readonly line: number;
  readonly sizeBytes: number;
  readonly record: RecordToSend;
}

/** Reads and sends until the input ends, the signal fires or something fails; then what was read is sent, where that can be. */
async function produceLines(ports: ConnectedPorts, options: ProduceOptions, run: StreamRun): Promise<Told> {
  const { admin, connection, now, sleep } = ports;
  const { topic, acks, compression, deliveryMs, partition } = options;
  const { partitions, leaderless } = await topicToUse(admin, topic, run.signal);
  if (partition !== null) requirePartition(topic, partition, partitions);
  const [{ connectProducer }, { createDelivery }] = await Promise.all([import('../data/producer.js'), import('../data/delivery.js')]);
  let idempotent = acks === 'all';
  const connect = () => connectProducer(connection, { topic, acks: acksOnWire[acks], compression, idempotent });
  const producer = await connect().catch((error: unknown) => {
    // Before Kafka 2.8 that takes a permission of its own; since then it means that the topic may not be written either, which is said of a
    // line.
    if (!idempotent || !(error instanceof KafkaError) || error.code !== 'CLUSTER_AUTHORIZATION_FAILED') throw error;
    idempotent = false;
    return connect();
  });
  try {
    const failing = new AbortController();
    const delivery = createDelivery<Item>({
      partitionCount: partitions.length,
      isLeaderless: (of) => producer.isLeaderless(of) ?? leaderless.has(of),
      send: (to, items) =>
        producer.send(
          to,
          items.map(({ record }) => record),
        ),
      deliveryMs,
      now,
      sleep,
      onWaiting: (to, reason) =>
        run.note(`kafka-ts: ${partitionName({ topic, partition: to })} does not take records now (${reason.message}); trying again`),
      onFailure: () => failing.abort(),
    });
    const destinationOf = ({ key }: RecordToWrite): number | null =>
      partition ?? (key === null ? null : producer.partitionOf(key, partitions.length));
    const add = (record: RecordToWrite, line: number) => {
      const { key, value, headers, timestampMs } = record;
      delivery.add(
        { line, sizeBytes: sizeOf(record), record: { key, value, headers, timestampMs: timestampMs ?? now() } },
        destinationOf(record),
      );
    };
    let read = 0;
    let inputError: Told['error'] = null;
    try {
      for await (const lines of linesOf(chunksOf(...openInput(options, run), AbortSignal.any([run.signal, failing.signal])))) {
        for (const line of lines) {
          read++;
          add(recordOfLine(line, options.lines), read);
        }
        await delivery.room();
      }
    } catch (reason) {
      inputError = { reason, line: reason instanceof UsageError ? read : null };
    }
    await delivery.finish();
    if (acks === 'all' && !idempotent && delivery.acknowledged() > 0) {
      run.note('kafka-ts: this user may not write idempotently: a line that had to be sent again may be there twice');
    }
    const failed = delivery.failure();
    const unacknowledged = delivery.unacknowledged();
    const unsent = unacknowledged.find(({ fate }) => fate === 'not-sent')?.lines.length ?? 0;
    const bad = inputError?.line == null ? 0 : 1;
    return {
      read,
      sent: read - unsent - bad,
      acknowledged: acks === '0' ? 0 : delivery.acknowledged(),
      unacknowledged,
      error: failed === null ? inputError : { reason: failed.error, line: failed.line },
    };
  } finally {
    await producer.close();
  }
}

function openInput({ file }: ProduceOptions, run: StreamRun): readonly [stream: Readable, name: string] {
  if (file !== null) return [createReadStream(file), file];
  if (run.isInputTerminal) run.note('kafka-ts: each line that you type is written; Ctrl-D ends');
  return [run.input(), 'the input'];
}

const RECORD_OVERHEAD_BYTES = 24;

function sizeOf({ key, value, headers }: RecordToWrite): number {
  let bytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) bytes += 8 + header.name.length + header.value.length;
  return bytes;
}

function failureOf(reason: unknown): KafkaFailure {
  if (reason instanceof KafkaError) return failure(reason.code, reason.message);
  if (reason instanceof TimeoutError) return failure('REQUEST_TIMED_OUT', reason.message);
  if (reason instanceof ConnectionError) return failure('NETWORK_EXCEPTION', reason.message);
  if (reason instanceof AuthenticationError) return failure('SASL_AUTHENTICATION_FAILED', reason.message);
  if (reason instanceof UsageError || reason instanceof MachineError)
    return { code: 'BAD_INPUT', message: reason.message, retriable: false };
  throw reason;
}
