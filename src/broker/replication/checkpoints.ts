import { join } from 'node:path';
import type { Clock, Disk, Environment } from '../../environment/environment.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { CheckpointError } from '../log/checkpoint-file.js';
import { HIGH_WATERMARK_CHECKPOINT, LOG_START_OFFSET_CHECKPOINT, RECOVERY_POINT_CHECKPOINT } from '../log/file-names.js';
import { type LogSummary, readLogSummaries, removeLogSummaries } from '../log/log-summary.js';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../log/offset-checkpoint.js';
import { forEachInSlices } from './in-slices.js';
import type { Partition } from './partition.js';

/** What a data directory remembers of each partition, by `<topic>-<partition>`. */
export interface Checkpoints {
  readonly recoveryPoints: ReadonlyMap<string, bigint>;
  readonly highWatermarks: ReadonlyMap<string, bigint>;
  readonly logStarts: ReadonlyMap<string, bigint>;
}

/** A malformed file counts as absent, with a line in the node's log: then the logs are scanned from their beginning. */
export function readCheckpoints({ disk, log }: Pick<Environment, 'disk' | 'log'>, dataDirectory: string): Checkpoints {
  const read = (name: string): ReadonlyMap<string, bigint> => {
    try {
      const entries = readOffsetCheckpoint(disk, join(dataDirectory, name));
      return new Map(entries.map((entry) => [topicPartitionName(entry), entry.offset]));
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      log('warn', `Going on without a checkpoint: ${error.message}`);
      return new Map();
    }
  };
  return {
    recoveryPoints: read(RECOVERY_POINT_CHECKPOINT),
    highWatermarks: read(HIGH_WATERMARK_CHECKPOINT),
    logStarts: read(LOG_START_OFFSET_CHECKPOINT),
  };
}

/**
 * What was noted of the logs before the last stop, by the names of their directories. The note is gone then: it is true only until
 * something is changed. A malformed one counts as absent.
 */
export function takeLogSummaries(
  { disk, log }: Pick<Environment, 'disk' | 'log'>,
  dataDirectory: string,
  isCleanShutdown: boolean,
): ReadonlyMap<string, LogSummary> {
  try {
    return readLogSummaries(disk, dataDirectory, { isCleanShutdown });
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    log('warn', `Looking into each log: ${error.message}`);
    return new Map();
  } finally {
    removeLogSummaries(disk, dataDirectory);
  }
}

/** 0 where a file says nothing. */
export function offsetsOf({ recoveryPoints, highWatermarks, logStarts }: Checkpoints, topicPartition: TopicPartition) {
  const name = topicPartitionName(topicPartition);
  return {
    recoveryPoint: recoveryPoints.get(name) ?? 0n,
    highWatermark: highWatermarks.get(name) ?? 0n,
    logStart: logStarts.get(name) ?? 0n,
  };
}

/** Whether the files tell more than the default of a partition that is not among these. */
export function remembersOthers({ recoveryPoints, logStarts }: Checkpoints, partitions: readonly Partition[]): boolean {
  const names = new Set(partitions.map(String));
  return [...recoveryPoints, ...logStarts].some(([name, offset]) => offset > 0n && !names.has(name));
}

interface Written {
  readonly partitions: readonly Partition[];
  readonly offsets: readonly bigint[];
  readonly isSynced: boolean;
}
const hasName = (partition: Partition, other: Partition | undefined): boolean => partition === other || String(partition) === String(other);

/**
 * Writes the checkpoint files of a data directory, each only where it would say something new. They know partitions by name alone, so
 * they must be written when one is removed, before another takes its name.
 */
export class CheckpointWriter {
  readonly #disk: Disk;
  readonly #dataDirectory: string;
  /** By the file's name. */
  readonly #written = new Map<string, Written>();

  constructor(disk: Disk, dataDirectory: string) {
    this.#disk = disk;
    this.#dataDirectory = dataDirectory;
  }

  writeAll(partitions: readonly Partition[]): void {
    for (const write of this.#writes(partitions)) write();
  }
  /** The same, and others are served in between. */
  writeAllInSlices(clock: Clock, partitions: readonly Partition[]): Promise<void> {
    return forEachInSlices(clock, this.#writes(partitions), (write) => write());
  }
  #writes(partitions: readonly Partition[]): readonly (() => void)[] {
    return [
      () => this.writeRecoveryPoints(partitions),
      () => this.writeHighWatermarks(partitions, { sync: true }),
      () => this.writeLogStarts(partitions),
    ];
  }

  writeRecoveryPoints(partitions: readonly Partition[]): void {
    this.#write(RECOVERY_POINT_CHECKPOINT, partitions, ({ log }) => log.recoveryPoint, true);
  }

  /** Not synced on the way: they change all the time, and what is lost is found out again from the ISR. */
  writeHighWatermarks(partitions: readonly Partition[], { sync = false }: { readonly sync?: boolean } = {}): void {
    this.#write(HIGH_WATERMARK_CHECKPOINT, partitions, ({ highWatermark }) => highWatermark, sync);
  }

  /** Only of those where records were deleted: the others begin where their files do. */
  writeLogStarts(partitions: readonly Partition[]): void {
    const moved = partitions.filter(({ log }) => log.startOffset > 0n);
    this.#write(LOG_START_OFFSET_CHECKPOINT, moved, ({ log }) => log.startOffset, true);
  }

  #write(name: string, partitions: readonly Partition[], offsetOf: (partition: Partition) => bigint, sync: boolean): void {
    const written = this.#written.get(name);
    const offsets = partitions.map(offsetOf);
    const isKnown = (partition: Partition, index: number): boolean =>
      written?.offsets[index] === offsets[index] && hasName(partition, written?.partitions[index]);
    if (written?.isSynced === sync && written.offsets.length === offsets.length && partitions.every(isKnown)) return;
    const entries = partitions.map(({ topicPartition: { topic, partition } }, index) => ({
      topic,
      partition,
      offset: offsets[index] as bigint,
    }));
    writeOffsetCheckpoint(this.#disk, join(this.#dataDirectory, name), entries, { sync });
    this.#written.set(name, { partitions, offsets, isSynced: sync });
  }
}
