import type { Client } from '../../client/client.js';
import type { LogPosition } from '../../model/log-position.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { CallOptions } from '../call-options.js';
import { type IsolationLevel, listOffsets, type OffsetAt, type OffsetQuery } from '../offsets.js';

/** Which part of each partition is wanted. */
export interface WantedRange {
  readonly from: LogPosition;
  /** Not read any more itself. Null for the end that there is now, or none where reading goes on there. */
  readonly to: LogPosition | null;
  /** Goes on at the end, with what is written then. */
  readonly follow: boolean;
  readonly isolation: IsolationLevel;
}

/** The part of one partition, as offsets. */
export interface PartitionRange {
  /** Of the log as it is now. */
  readonly logStart: bigint;
  readonly logEnd: bigint;
  readonly from: bigint;
  /** Null for no end. */
  readonly end: bigint | null;
  /** A record of that time or later is the end, in milliseconds since the epoch; null where `end` tells it, or there is none. */
  readonly endMs: number | null;
}

/** The parts of partitions, or why one cannot be told, by the partition's name: one question to each leader for each fact. */
export async function findRanges(
  client: Client,
  partitions: readonly TopicPartition[],
  { from, to, follow, isolation }: WantedRange,
  options: CallOptions,
): Promise<ReadonlyMap<string, PartitionRange | KafkaFailure>> {
  const questions: OffsetAt[] = ['start', 'end', ...[from, to].flatMap((position) => (position?.kind === 'time' ? [position.atMs] : []))];
  const queries = questions.flatMap((at) => partitions.map(({ topic, partition }): OffsetQuery => ({ topic, partition, at })));
  const rows = await listOffsets(client, queries, { ...options, isolation });
  const answers = new Map<string, (typeof rows)[number]>();
  for (const row of rows) answers.set(`${topicPartitionName(row)} ${row.at}`, row);

  const rangeOf = (name: string): PartitionRange | KafkaFailure => {
    const facts = questions.map((at) => answers.get(`${name} ${at}`)!);
    for (const { error } of facts) if (error !== null) return error;
    const [start, end] = [facts[0]!.offset!, facts[1]!.offset!];
    /** Null where no record is of that time or later. */
    const offsetOf = (position: LogPosition): bigint | null => {
      switch (position.kind) {
        case 'earliest':
          return start;
        case 'latest':
          return end;
        case 'offset':
          return position.offset;
        case 'last':
          return end - position.count;
        case 'time': {
          const offset = answers.get(`${name} ${position.atMs}`)!.offset!;
          return offset === -1n ? null : offset;
        }
      }
    };
    const inLog = (offset: bigint) => (offset < start ? start : offset > end ? end : offset);
    const last = to === null ? null : offsetOf(to);
    return {
      logStart: start,
      logEnd: end,
      from: inLog(offsetOf(from) ?? end),
      end: follow ? last : inLog(last ?? end),
      endMs: follow && to?.kind === 'time' && last === null ? to.atMs : null,
    };
  };
  return new Map(partitions.map(topicPartitionName).map((name) => [name, rangeOf(name)]));
}
