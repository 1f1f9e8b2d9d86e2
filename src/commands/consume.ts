import type { ReadEvent } from '../admin/reading/read-event.js';
import { failure } from '../model/error-code.js';
import { UsageError } from '../model/errors.js';
import type { LogPosition } from '../model/log-position.js';
import { type StreamRun, stream } from './command.js';
import { partitionName } from './partition-name.js';
import type { ConnectedPorts } from './ports.js';
import { keySeparatorOf } from './records/key-separator.js';
import { readGroup } from './records/read-group.js';
import { type RecordSink, recordSink } from './records/record-sink.js';
import { recordPrinter } from './records/text-format.js';
import { requirePartition, topicToUse } from './records/topic-to-use.js';

/** For a partition that cannot be read: as long as a request is given. */
const DEFAULT_PATIENCE_MS = 10_000;

interface ConsumeOptions {
  readonly topic: string;
  /** Null to read without one. */
  readonly group: string | null;
  readonly from: LogPosition;
  readonly to: LogPosition | null;
  readonly max: number;
  /** Null for all. */
  readonly partitions: readonly number[] | null;
  readonly follow: boolean;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly json: boolean;
  readonly format: string;
}

export const consume = stream({
  needs: 'cluster',
  summary: 'Print the records of a topic',
  details: [
    'From the first record to the end that there is now, or on and on with --follow, until Ctrl-C. No group is made and nothing is committed, unless --group asks for it. The records of one partition come in their order; those of several come mixed.',
    'As text each value is a line. --format says more, as in kcat: %t topic, %p partition, %o offset, %T time in milliseconds, %k key, %s value, %h headers, %K and %S the sizes of key and value, with \\n and \\t. With -o json each record is one JSON object on one line; bytes that are not UTF-8 are base64, and `produce --json` reads it.',
  ].join('\n\n'),
  arguments: [{ name: 'topic', describe: 'the topic', required: true, names: 'topics' }],
  options: {
    from: {
      type: 'position',
      value: 'WHERE',
      describe:
        'earliest (unless told), latest, an offset, -10 for the last ten of each partition, or a time: ISO 8601, -2h, @milliseconds',
    },
    to: { type: 'position', value: 'WHERE', describe: 'the first offset or time not to be read, as --from' },
    max: { type: 'integer', min: 1, value: 'N', describe: 'end after so many records' },
    partition: { type: 'list', value: 'N', describe: 'only these partitions' },
    follow: { type: 'boolean', short: 'f', describe: 'go on at the end, with what is written then' },
    isolation: {
      type: 'choice',
      choices: ['read_uncommitted', 'read_committed'],
      value: 'LEVEL',
      describe: 'read_committed leaves out records of open and aborted transactions',
    },
    group: {
      type: 'string',
      value: 'GROUP',
      names: 'groups',
      describe: 'read as a member of this group, and commit what was printed; --from is for partitions without a committed offset',
    },
    output: { type: 'choice', choices: ['text', 'json'], short: 'o', value: 'FORMAT', describe: 'text, or json: one object a line' },
    format: { type: 'string', value: 'TEXT', describe: "what to print of each record, such as '%p %o %k=%s\\n'" },
    keySeparator: { type: 'string', value: 'TEXT', describe: 'print the key too, and this between it and the value' },
  },
  // A group's offsets are committed.
  changes: ({ group }) => group !== undefined,
  subject: ({ group, topic }: ConsumeOptions) => group ?? topic,
  endsByInterrupt: true,
  examples: [
    'kafka-ts consume orders',
    'kafka-ts consume orders --follow --from latest',
    'kafka-ts consume orders --from -10 --key-separator :',
    'kafka-ts consume orders --group billing --follow',
    'kafka-ts consume orders --from -2h --to -1h -o json',
    "kafka-ts consume orders --partition 3 --from 1000 --max 5 --format '%o %T %s\\n'",
  ],
  parse: ([topic = ''], values): ConsumeOptions => {
    const { from, to, max, partition, follow, isolation, group, output, format, keySeparator } = values;
    const json = output === 'json';
    if (json && format !== undefined) throw new UsageError('--format is for text, not for -o json');
    if (json && keySeparator !== undefined) throw new UsageError('--key-separator is for text, not for -o json');
    if (format !== undefined && keySeparator !== undefined) throw new UsageError('pass --format or --key-separator, not both');
    if (format !== undefined) recordPrinter(format, false);
    if (group !== undefined) {
      if (to !== undefined) throw new UsageError('--to does not go with --group, which reads on from where it is');
      if (partition.length > 0) throw new UsageError('--partition does not go with --group, which shares the partitions out');
      if (group === '') throw new UsageError('--group: it is empty');
      if (from !== undefined && from.kind !== 'earliest' && from.kind !== 'latest') {
        throw new UsageError('with --group, --from is earliest or latest', 'kafka-ts offsets reset moves the group to an offset or time');
      }
    }
    if (from !== undefined && to !== undefined && isBefore(to, from)) throw new UsageError('--to is before --from: nothing is in between');
    const separator =
      keySeparator === undefined ? undefined : keySeparatorOf(keySeparator).replace(/[%\\]/g, (character) => character + character);
    return {
      topic,
      group: group ?? null,
      from: from ?? { kind: 'earliest' },
      to: to ?? null,
      max: max ?? Number.POSITIVE_INFINITY,
      partitions: partition.length === 0 ? null : partition.map(parsePartition),
      follow,
      isolation: isolation ?? 'read_uncommitted',
      json,
      format: format ?? (separator === undefined ? '%s\\n' : `%k${separator}%s\\n`),
    };
  },
  run: async (ports, options, run) => {
    const { topic } = options;
    const { partitions } = await topicToUse(ports.admin, topic, run.signal);
    for (const partition of options.partitions ?? []) requirePartition(topic, partition, partitions);
    const sink = recordSink(options, run);
    try {
      if (options.group === null) await readAll(ports, options, options.partitions ?? partitions, sink, run);
      else
        await readGroup(
          ports,
          { ...options, group: options.group, from: options.from.kind === 'latest' ? 'latest' : 'earliest', patienceMs: patienceOf(ports) },
          sink,
          run,
        );
    } finally {
      const count = sink.count();
      if (!sink.isBroken()) run.note(`kafka-ts: ${count} ${count === 1 ? 'record' : 'records'} of ${topic}`);
    }
    return 0;
  },
});

function parsePartition(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--partition: '${text}' is no partition's number`);
  return Number(text);
}

const patienceOf = ({ connection }: ConnectedPorts): number => connection.timeoutMs ?? DEFAULT_PATIENCE_MS;

async function readAll(
  ports: ConnectedPorts,
  options: ConsumeOptions,
  partitions: readonly number[],
  sink: RecordSink,
  run: StreamRun,
): Promise<void> {
  const { admin, now, sleep } = ports;
  const { topic, from, to, follow, isolation } = options;
  const events = admin.readRecords(
    partitions.map((partition) => ({ topic, partition })),
    {
      from,
      to,
      follow,
      isolation,
      patienceMs: follow ? null : patienceOf(ports),
      withAdded: follow && options.partitions === null,
      now,
      sleep,
      signal: run.signal,
    },
  );
  for await (const event of events) {
    if (event.kind !== 'records') tellOf(event, run);
    else if (await sink.add(topic, event.partition, event.records)) return;
  }
}

/** Of what is no record. */
function tellOf(event: Exclude<ReadEvent, { readonly kind: 'records' }>, run: StreamRun): void {
  const name = partitionName(event);
  const range = 'from' in event ? rangeText(event.from, event.to) : '';
  switch (event.kind) {
    case 'lost':
      if (event.reason === 'deleted') run.note(`kafka-ts: ${name}: ${range} no longer in the log; going on at ${event.to}`);
      else
        run.note(
          `kafka-ts: ${name}: its log was cut off at ${event.from}, after an unclean election: ${range} lost; going on at ${event.from}`,
        );
      return;
    case 'beyond-end':
      run.note(`kafka-ts: ${name}: ends at ${event.end}, before offset ${event.asked}`);
      return;
    case 'unreadable':
      run.fail(name, failure('CORRUPT_MESSAGE', `${range} left out, unreadable: ${event.error.message}`));
      return;
    case 'waiting':
      run.note(`kafka-ts: ${name}: cannot be read now (${event.error.code}); trying again`);
      return;
    case 'resumed':
      run.note(`kafka-ts: ${name}: is read again`);
      return;
    case 'added':
      run.note(`kafka-ts: ${name}: was added to the topic; it is read too`);
      return;
    case 'failed':
      run.fail(name, event.error);
  }
}

/** Of two offsets or two times: how other places lie to each other only the logs tell. */
const isBefore = (a: LogPosition, b: LogPosition): boolean =>
  (a.kind === 'offset' && b.kind === 'offset' && a.offset < b.offset) || (a.kind === 'time' && b.kind === 'time' && a.atMs < b.atMs);

const rangeText = (from: bigint, to: bigint): string => (to - from === 1n ? `offset ${from} is` : `offsets ${from} to ${to - 1n} are`);
