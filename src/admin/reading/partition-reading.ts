import type { LogPosition } from '../../model/log-position.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { PartitionRange } from './partition-range.js';
import type { ReadEvent } from './read-event.js';

/** How far the reading of one partition is. */
export interface PartitionReading extends TopicPartition {
  /** Where it is begun. */
  readonly from: LogPosition;
  /** Of the next record to ask for; null until the range is known. */
  position: bigint | null;
  /** Null for no end. */
  end: bigint | null;
  /** A record of that time or later is the end; milliseconds since the epoch. */
  endMs: number | null;
  /** Of the last batch that was read, -1 for none: by it the leader tells that its log has become another one (KIP-595). */
  lastEpoch: number;
  /** Who is asked; null where that is to be found out. */
  leader: number | null;
  /** The leader has no such position. */
  isOutOfRange: boolean;
  /** Nothing more is asked for. */
  isOver: boolean;
  /** Rises with each answer that brought something, over all partitions: whoever waited longest is asked for first. */
  servedAt: number;
  /** Failures in a row, and when the first of them was; 0 and null where all is well. */
  troubles: number;
  troubledSinceMs: number | null;
  /** The trouble was told of. */
  isTold: boolean;
}

export const beginReading = ({ topic, partition }: TopicPartition, from: LogPosition): PartitionReading => ({
  topic,
  partition,
  from,
  position: null,
  end: null,
  endMs: null,
  lastEpoch: -1,
  leader: null,
  isOutOfRange: false,
  isOver: false,
  servedAt: 0,
  troubles: 0,
  troubledSinceMs: null,
  isTold: false,
});

/** Goes to where the range begins. Gives what is to be told: records asked for by offset that are not there. */
export function placeAtStart(reading: PartitionReading, range: PartitionRange): readonly ReadEvent[] {
  reading.position = range.from;
  reading.end = range.end;
  reading.endMs = range.endMs;
  endWhereReached(reading);
  const { topic, partition, from } = reading;
  const asked = from.kind === 'offset' ? from.offset : range.from;
  if (asked === range.from) return [];
  if (asked < range.logStart) return [{ kind: 'lost', topic, partition, from: asked, to: range.logStart, reason: 'deleted' }];
  return [{ kind: 'beyond-end', topic, partition, asked, end: range.logEnd }];
}

/** Goes into the log again after its leader had no such position. Gives what is to be told of records that are gone. */
export function placeInLog(reading: PartitionReading, { logStart, logEnd }: PartitionRange): readonly ReadEvent[] {
  const { topic, partition } = reading;
  const before = reading.position ?? logStart;
  reading.isOutOfRange = false;
  reading.lastEpoch = -1;
  reading.position = before < logStart ? logStart : before > logEnd ? logEnd : before;
  endWhereReached(reading);
  if (before < logStart) return [{ kind: 'lost', topic, partition, from: before, to: logStart, reason: 'deleted' }];
  if (before > logEnd) return [{ kind: 'lost', topic, partition, from: logEnd, to: before, reason: 'truncated' }];
  return [];
}

export function endWhereReached(reading: PartitionReading): void {
  if (reading.end !== null && reading.position !== null && reading.position >= reading.end) reading.isOver = true;
}

/** All is well with it. Gives what is to be told of a trouble that is over. */
export function noteProgress(reading: PartitionReading): readonly ReadEvent[] {
  const { topic, partition, isTold } = reading;
  reading.troubles = 0;
  reading.troubledSinceMs = null;
  reading.isTold = false;
  return isTold ? [{ kind: 'resumed', topic, partition }] : [];
}

export interface Patience {
  /** How long a partition may stay unreadable; null for ever. */
  readonly patienceMs: number | null;
  readonly nowMs: number;
}

/** A topic that is unknown for so long is deleted; for less, a broker has not heard of it yet. */
const DELETED_AFTER_MS = 2_000;
/** So long a trouble may be an ordinary change of leaders, of which nobody needs to be told. */
const QUIET_MS = 1_000;
/** Kafka calls it final, as its clients find the next leader by other means. */
const NOT_FINAL: readonly string[] = ['BROKER_NOT_AVAILABLE'];

/** The partition could not be read. It is to be looked for again, or given up, of which its event tells. */
export function noteTrouble(reading: PartitionReading, error: KafkaFailure, { patienceMs, nowMs }: Patience): readonly ReadEvent[] {
  reading.leader = null;
  reading.troubles++;
  reading.troubledSinceMs ??= nowMs;
  const { topic, partition, position } = reading;
  const lastedMs = nowMs - reading.troubledSinceMs;
  const isGone = error.code === 'UNKNOWN_TOPIC_OR_PARTITION' && lastedMs >= DELETED_AFTER_MS;
  const isFinal = !error.retriable && !NOT_FINAL.includes(error.code);
  if (isGone || isFinal || (patienceMs !== null && lastedMs >= patienceMs)) {
    reading.isOver = true;
    return [{ kind: 'failed', topic, partition, position, error }];
  }
  if (reading.isTold || lastedMs < QUIET_MS) return [];
  reading.isTold = true;
  return [{ kind: 'waiting', topic, partition, error }];
}
