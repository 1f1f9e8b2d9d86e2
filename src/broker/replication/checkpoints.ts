import { join } from 'node:path';
import type { Disk, Environment } from '../../environment/environment.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { CheckpointError } from '../log/checkpoint-file.js';
import { HIGH_WATERMARK_CHECKPOINT, LOG_START_OFFSET_CHECKPOINT, RECOVERY_POINT_CHECKPOINT } from '../log/file-names.js';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../log/offset-checkpoint.js';
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

/** 0 where a file says nothing. */
export function offsetsOf({ recoveryPoints, highWatermarks, logStarts }: Checkpoints, topicPartition: TopicPartition) {
  const name = topicPartitionName(topicPartition);
  return {
    recoveryPoint: recoveryPoints.get(name) ?? 0n,
    highWatermark: highWatermarks.get(name) ?? 0n,
    logStart: logStarts.get(name) ?? 0n,
  };
}

export function writeCheckpoints(disk: Disk, dataDirectory: string, partitions: readonly Partition[]): void {
  writeRecoveryPoints(disk, dataDirectory, partitions);
  writeHighWatermarks(disk, dataDirectory, partitions);
  writeLogStarts(disk, dataDirectory, partitions);
}

export function writeRecoveryPoints(disk: Disk, dataDirectory: string, partitions: readonly Partition[]): void {
  write(disk, join(dataDirectory, RECOVERY_POINT_CHECKPOINT), partitions, ({ log }) => log.recoveryPoint);
}

export function writeHighWatermarks(disk: Disk, dataDirectory: string, partitions: readonly Partition[]): void {
  write(disk, join(dataDirectory, HIGH_WATERMARK_CHECKPOINT), partitions, ({ highWatermark }) => highWatermark);
}

/** Only where records were deleted: the others begin where their files do. */
export function writeLogStarts(disk: Disk, dataDirectory: string, partitions: readonly Partition[]): void {
  const moved = partitions.filter(({ log }) => log.startOffset > 0n);
  write(disk, join(dataDirectory, LOG_START_OFFSET_CHECKPOINT), moved, ({ log }) => log.startOffset);
}

/** Synced: recovery trusts what stands there. */
function write(disk: Disk, path: string, partitions: readonly Partition[], offsetOf: (partition: Partition) => bigint): void {
  const offsets = partitions.map((partition) => ({ ...partition.topicPartition, offset: offsetOf(partition) }));
  writeOffsetCheckpoint(disk, path, offsets, { sync: true });
}
