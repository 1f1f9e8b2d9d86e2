import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { Learned } from './answer.js';
import type { LogDir } from './log-dirs.js';

/** In bytes, by topicPartitionName, as each leader's broker tells; where it does not, the largest of the other replicas. */
export function partitionSizes(
  partitions: readonly (TopicPartition & { readonly leader: number })[],
  brokers: readonly Learned<{ readonly broker: number }, { readonly logDirs: readonly LogDir[] }>[],
): ReadonlyMap<string, number> {
  const leaderOf = new Map(partitions.map((partition) => [topicPartitionName(partition), partition.leader]));
  const atLeader = new Map<string, number>();
  const largest = new Map<string, number>();
  for (const { broker, logDirs } of brokers) {
    for (const { replicas } of logDirs ?? []) {
      for (const { topic, partition, sizeBytes, isFuture } of replicas ?? []) {
        const name = topicPartitionName({ topic, partition });
        if (isFuture || !leaderOf.has(name)) continue;
        if (leaderOf.get(name) === broker) atLeader.set(name, sizeBytes);
        largest.set(name, Math.max(sizeBytes, largest.get(name) ?? 0));
      }
    }
  }
  return new Map([...largest, ...atLeader]);
}
