import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { change, type Run } from '../command.js';
import { partitionName } from '../partition-name.js';
import { type PartitionSelection, parsePartitionSelection, partitionSelectionOptions, selectPartitions } from '../partition-selection.js';

/** Which record shall be the first. */
type NewStart =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'time'; readonly atMs: number }
  | { readonly kind: 'end' };

interface TruncateOptions {
  readonly selection: PartitionSelection;
  readonly newStart: NewStart;
}
interface Row {
  readonly topic: string;
  /** Null, as all that follows, where it is not known. */
  readonly partition: number | null;
  readonly startOffsetBefore: bigint | null;
  readonly startOffsetAfter: bigint | null;
  readonly endOffset: bigint | null;
  /** Offsets that go: records, and what transactions and compaction have left between them. */
  readonly removedCount: bigint | null;
}

export const truncatePartitions = change({
  needs: 'cluster',
  summary: 'Delete the oldest records of partitions',
  details:
    'Records are deleted up to the one that shall be the first; the newest stay, and so does the offset of the next. What the plan shows is what is deleted, whatever is written meanwhile. Of a topic that is only compacted Kafka deletes none.',
  arguments: [{ name: 'topic[:partition]', describe: 'topics, or single partitions such as orders:3', repeatable: true, names: 'topics' }],
  options: {
    ...partitionSelectionOptions,
    toOffset: { type: 'integer', value: 'N', describe: 'delete what comes before this offset' },
    before: { type: 'time', value: 'TIME', describe: 'delete what was written before: ISO 8601, -2h, now or milliseconds since the epoch' },
    allRecords: { type: 'boolean', describe: 'delete all that is there now' },
  },
  examples: [
    'kafka-ts partitions truncate orders:3 --to-offset 1200',
    'kafka-ts partitions truncate orders --before=-7d --dry-run',
    "kafka-ts partitions truncate --match 'test-*' --all-records --confirm 'truncate 12 partitions'",
  ],
  parse: (args, { toOffset, before, allRecords, ...selection }): TruncateOptions => {
    const ways: readonly NewStart[] = [
      ...(toOffset === undefined ? [] : [{ kind: 'offset', offset: toOffset } as const]),
      ...(before === undefined ? [] : [{ kind: 'time', atMs: before } as const]),
      ...(allRecords ? [{ kind: 'end' } as const] : []),
    ];
    const [newStart] = ways;
    if (newStart === undefined || ways.length > 1) throw new UsageError('pass one of --to-offset, --before and --all-records');
    return { selection: parsePartitionSelection(args, selection), newStart };
  },
  plan: async ({ admin }, { selection, newStart }, run): Promise<readonly Outcome<Row>[]> => {
    const selected = await selectPartitions(admin, selection, run);
    const logOf = await readLogs(admin, selected, newStart, run);
    return selected.map(({ topic, partition, error }): Outcome<Row> => {
      const log = error === null && partition !== null ? logOf.get(topicPartitionName({ topic, partition })) : undefined;
      if (log === undefined || log.error !== null) {
        return { topic, partition, ...unknown, outcome: 'failed', error: error ?? log?.error ?? failure('UNKNOWN_SERVER_ERROR') };
      }
      const { start, end, wanted } = log;
      const row = { topic, partition, startOffsetBefore: start, startOffsetAfter: null, endOffset: end, removedCount: null };
      if (wanted > end) return { ...row, outcome: 'failed', error: beyond(wanted, end) };
      const removedCount = wanted > start ? wanted - start : 0n;
      const startOffsetAfter = start + removedCount;
      return { ...row, startOffsetAfter, removedCount, outcome: removedCount === 0n ? 'not-needed' : 'planned', error: null };
    });
  },
  danger: () => 'severe',
  warning: (rows) => {
    const count = rows.reduce((sum, { removedCount }) => sum + (removedCount ?? 0n), 0n);
    return count === 1n ? 'One record will be lost.' : `${count} records will be lost.`;
  },
  async *apply({ admin }, rows) {
    const rowOf = new Map(rows.map((row) => [`${row.topic}-${row.partition}`, row]));
    const partitions = rows.flatMap(({ topic, partition, startOffsetAfter }) =>
      partition === null || startOffsetAfter === null ? [] : [{ topic, partition, beforeOffset: startOffsetAfter }],
    );
    // No signal: a request that is on its way may delete all the same, so its answer is waited for.
    for (const { error, ...key } of await admin.deleteRecords(partitions)) {
      const row = rowOf.get(topicPartitionName(key));
      if (row === undefined) continue;
      const { topic, partition, startOffsetBefore, startOffsetAfter, endOffset, removedCount } = row;
      const shown = { topic, partition, startOffsetBefore, startOffsetAfter, endOffset, removedCount };
      yield { ...shown, outcome: error === null ? 'done' : 'failed', error };
    }
  },
  view: {
    name: (row) => partitionName(row),
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'START', cell: ({ startOffsetBefore }) => String(startOffsetBefore ?? ''), align: 'right' },
      { head: 'NEW START', cell: ({ startOffsetAfter }) => String(startOffsetAfter ?? ''), align: 'right' },
      { head: 'END', cell: ({ endOffset }) => String(endOffset ?? ''), align: 'right' },
      { head: 'REMOVED', cell: ({ removedCount }) => String(removedCount ?? ''), align: 'right' },
    ],
  },
});

const unknown = { startOffsetBefore: null, startOffsetAfter: null, endOffset: null, removedCount: null } as const;

const beyond = (wanted: bigint, end: bigint): KafkaFailure => failure('OFFSET_OUT_OF_RANGE', `It ends at ${end}, before ${wanted}.`);

type Log = { readonly start: bigint; readonly end: bigint; readonly wanted: bigint; readonly error: null };

/** Where partitions begin and end, and shall begin; by topicPartitionName. */
async function readLogs(
  admin: AdminClient,
  selected: Awaited<ReturnType<typeof selectPartitions>>,
  newStart: NewStart,
  { signal }: Run,
): Promise<ReadonlyMap<string, Log | { readonly error: KafkaFailure }>> {
  const partitions = selected.flatMap(({ topic, partition, leader, error }) =>
    error === null && partition !== null && leader !== null ? [{ topic, partition, leader }] : [],
  );
  const ats = newStart.kind === 'time' ? (['start', 'end', newStart.atMs] as const) : (['start', 'end'] as const);
  const found = await admin.listOffsets(
    partitions.flatMap((partition) => ats.map((at) => ({ ...partition, at }))),
    { signal },
  );
  const logs = new Map<string, Log | { readonly error: KafkaFailure }>();
  for (const [index, partition] of partitions.entries()) {
    const [start, end, time] = found.slice(index * ats.length, (index + 1) * ats.length);
    const error = start?.error ?? end?.error ?? time?.error ?? null;
    const name = topicPartitionName(partition);
    if (error !== null || start?.offset == null || end?.offset == null) {
      logs.set(name, { error: error ?? failure('UNKNOWN_SERVER_ERROR') });
      continue;
    }
    // Nothing is of that time or later: all was written before.
    const atTime = time?.offset == null || time.offset === -1n ? end.offset : time.offset;
    const wanted = newStart.kind === 'offset' ? BigInt(newStart.offset) : newStart.kind === 'end' ? end.offset : atTime;
    logs.set(name, { start: start.offset, end: end.offset, wanted, error });
  }
  return logs;
}
