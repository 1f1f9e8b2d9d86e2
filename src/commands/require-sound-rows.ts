import { UsageError } from '../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { partitionName } from './partition-name.js';

/** What a file wants of a partition. */
export interface WantedLeadership extends TopicPartition {
  readonly replicas: readonly number[];
  /** One of them; null or -1 where the file names nobody. */
  readonly leader: number | null;
}

/** Throws UsageError where a file contradicts itself, as one that was edited by hand may: the message names the partition. */
export function requireSoundRows(path: string, rows: readonly WantedLeadership[]): void {
  const names = new Set<string>();
  for (const row of rows) {
    const { replicas, leader } = row;
    const name = topicPartitionName(row);
    if (names.has(name)) throw new UsageError(`${path} names ${partitionName(row)} twice`);
    names.add(name);
    if (new Set(replicas).size < replicas.length)
      throw new UsageError(`${path} names a broker twice for ${partitionName(row)}: ${replicas.join(',')}`);
    if (leader !== null && leader !== -1 && !replicas.includes(leader))
      throw new UsageError(`${path} has ${partitionName(row)} led by ${leader}, which is none of its replicas ${replicas.join(',')}`);
  }
}
