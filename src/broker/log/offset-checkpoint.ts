import type { Disk } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';

export interface PartitionOffset extends TopicPartition {
  readonly offset: bigint;
}

/**
 * One offset for each partition of a data directory: recovery points, high watermarks, log start offsets, cleaned offsets.
 * Written as one step; with `sync` it survives power loss. Source: org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile.
 */
export function writeOffsetCheckpoint(
  disk: Disk,
  path: string,
  offsets: readonly PartitionOffset[],
  options: { readonly sync?: boolean } = {},
): void {
  const lines = offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`);
  writeCheckpoint(disk, path, lines, options);
}

/** Empty where the file is absent. Throws CheckpointError where it is malformed. */
export function readOffsetCheckpoint(disk: Disk, path: string): readonly PartitionOffset[] {
  const entries = readCheckpoint(disk, path, (line): PartitionOffset | null => {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    return match === null ? null : { topic: match[1] as string, partition: Number(match[2]), offset: BigInt(match[3] as string) };
  });
  return entries ?? [];
}
