import type { Environment } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import type { LogConfig } from './log-config.js';

/** What a log needs of its environment. */
export type LogEnvironment = Pick<Environment, 'clock' | 'disk' | 'random' | 'log'>;

export interface LogOptions {
  /** The node's data directory; the log's own is `<topic>-<partition>` in it. */
  readonly dataDirectory: string;
  readonly topicPartition: TopicPartition;
  /** Goes to partition.metadata before the first record does; null for the metadata log, which has no such file. */
  readonly topicId: Uuid | null;
  readonly config: LogConfig;
  /** From the checkpoint file: records below were synced and aren't scanned again. */
  readonly recoveryPoint?: bigint;
  /** From the checkpoint file: what DeleteRecords or retention reached. */
  readonly startOffset?: bigint;
  /** The node stopped in order, so the files end where they should and nothing is scanned. */
  readonly isCleanShutdown?: boolean;
  /** transaction.. producer.id.expiration.ms. */
  readonly producerIdExpirationMs?: number;
}

/**
 * Who wrote the batches: a client (all is checked), or a coordinator or controller in this node (control batches are allowed,
 * offsets in the batch are free). What a follower fetched goes to `appendAsFollower`.
 */
export type AppendOrigin = 'client' | 'coordinator';

export interface AppendInfo {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** For LogAppendTime the time that the broker gave (also of the first append, for a duplicate), else -1. */
  readonly logAppendTimeMs: number;
  readonly maxTimestampMs: number;
  readonly logStartOffset: bigint;
  /** These sequence numbers were appended before; the offsets are those of that time and nothing was written. */
  readonly isDuplicate: boolean;
  /** What was written; 0 for a duplicate. */
  readonly sizeBytes: number;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Batches with this offset or a later one are left out: the high watermark, or the last stable offset. Default: the log's end. */
  readonly upToOffset?: bigint;
  /** Returns the first batch even where it is larger than `maxBytes`. Default: false. */
  readonly minOneBatch?: boolean;
}

export interface TimestampOffset {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}
export interface EpochEndOffset {
  readonly leaderEpoch: number;
  readonly endOffset: bigint;
}

/**
 * The log of one partition. All but `open`, `flush`, `close` and cleaning is synchronous. Errors of the caller or the client are
 * KafkaErrors with Kafka's code; errors of the disk are Node's, and the log stays as it was before the call.
 */
export interface Log {
  readonly topicPartition: TopicPartition;
  readonly topicId: Uuid | null;
  readonly config: LogConfig;
  readonly updateConfig: (config: LogConfig) => void;
  /** Log start offset: the first that may be read. */
  readonly startOffset: bigint;
  /** Log end offset: what the next record gets. */
  readonly endOffset: bigint;
  readonly sizeBytes: number;
  /** Epoch of the newest record, null in a log that has none. */
  readonly latestEpoch: number | null;

  /**
   * Where cleaning and retention must stop: the high watermark. The partition's owner in replication/ sets it once;
   * before that it is the log's end.
   */
  committedOffset: () => bigint;

  /**
   * Appends batches as the leader: offsets and epoch are written into the header in place (the bytes become the log's).
   * Throws KafkaError as Kafka answers the client: CORRUPT_MESSAGE, INVALID_RECORD, INVALID_TIMESTAMP (both with recordErrors, see
   * RecordValidationError), MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, ...
   */
  readonly appendAsLeader: (records: Uint8Array, leaderEpoch: number, origin: AppendOrigin) => AppendInfo;
  /** Appends what the leader sent, with its offsets and epochs. A torn batch at the end is left out. Null where no whole batch was in it. */
  readonly appendAsFollower: (records: Uint8Array) => AppendInfo | null;
  /** Whole batches from the one that holds `startOffset` on; empty at the end. Throws OFFSET_OUT_OF_RANGE outside [startOffset, endOffset]. */
  readonly read: (startOffset: bigint, options: ReadOptions) => Uint8Array;

  /** The first record at or after the timestamp, or null. */
  readonly offsetForTimestamp: (timestampMs: number) => TimestampOffset | null;
  /** The record with the largest timestamp (the first of several), or null in an empty log. */
  readonly offsetOfMaxTimestamp: () => TimestampOffset | null;
  /** The epoch of a record at this offset, or null where it isn't known. */
  readonly epochForOffset: (offset: bigint) => number | null;
  /**
   * KIP-101: the largest epoch at or below the one asked for, and where it ends (the end of the log for the newest).
   * Null where the log can't say: it has no epochs, or the one asked for is newer than all of them.
   */
  readonly endOffsetForEpoch: (leaderEpoch: number) => EpochEndOffset | null;
  /** A leader notes the start of its epoch, before it appends. */
  readonly assignEpochStartOffset: (leaderEpoch: number, startOffset: bigint) => void;

  /** Drops all from `offset` on. False when there was nothing to drop. */
  readonly truncateTo: (offset: bigint) => boolean;
  /** Drops everything and starts again at `offset`. */
  readonly truncateFullyAndStartAt: (offset: bigint) => void;
  /** DeleteRecords: raises the log start offset. Throws OFFSET_OUT_OF_RANGE above the committed offset. False when it was there already. */
  readonly deleteRecordsBefore: (offset: bigint) => boolean;

  /** Resolves when everything appended before the call survives power loss. */
  readonly flush: () => Promise<void>;
  /** Flushes, writes the producer snapshot, lets go of the descriptors. */
  readonly close: () => Promise<void>;
  /** Renames the directory to `<topic>-<partition>.<uuid>-delete` and removes it after file.delete.delay.ms. */
  readonly delete: () => void;
}
