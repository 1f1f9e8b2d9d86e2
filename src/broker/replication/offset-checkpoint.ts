import type { Disk } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { topicPartitionName } from '../../model/topic-partition.js';

export interface PartitionOffset extends TopicPartition {
  readonly offset: bigint;
}

/**
 * One of the files in a data directory that hold an offset per partition, as Kafka's OffsetCheckpointFile writes them:
 *
 *     0                  format version
 *     2                  number of lines that follow
 *     orders 0 1500      topic, partition, offset
 *     orders 1 1498
 */
export const checkpointNames = {
  recoveryPoint: 'recovery-point-offset-checkpoint',
  highWatermark: 'replication-offset-checkpoint',
  logStart: 'log-start-offset-checkpoint',
} as const;

/** Replaces the file as one step; synced, because recovery trusts it. */
export function writeOffsetCheckpoint(disk: Disk, path: string, entries: readonly PartitionOffset[]): void {
  const lines = entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`);
  disk.writeFile(path, Buffer.from(`${['0', lines.length, ...lines].join('\n')}\n`), { sync: true });
}

/**
 * Offsets by `<topic>-<partition>`; empty where there is no file. Null where the file is not whole: what it would have told must
 * then be found out from the logs themselves.
 */
export function readOffsetCheckpoint(disk: Disk, path: string): ReadonlyMap<string, bigint> | null {
  const content = disk.readFile(path);
  const offsets = new Map<string, bigint>();
  if (content === null) return offsets;
  const [version, count, ...lines] = Buffer.from(content).toString('utf8').trimEnd().split('\n');
  if (version !== '0' || Number(count) !== lines.length) return null;
  for (const line of lines) {
    const match = /^(\S+) (\d+) (-?\d+)$/.exec(line);
    if (match === null) return null;
    const [, topic = '', partition, offset = ''] = match;
    offsets.set(topicPartitionName({ topic, partition: Number(partition) }), BigInt(offset));
  }
  return offsets;
}
