import { createPartitionMap } from '../model/partition-map.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { Learned } from './answer.js';
import type { LogDir } from './log-dirs.js';

/** In bytes, by topicPartitionName, as each leader's broker tells; where it does not, the largest of the other replicas. */
export function partitionSizes(
  partitions: readonly (TopicPartition & { readonly leader: number })[],
  brokers: readonly Learned<{ readonly broker: number }, { readonly logDirs: readonly LogDir[] }>[],
): ReadonlyMap<string, number> {
  const leaderOf = createPartitionMap<number>();
  for (const partition of partitions) leaderOf.set(partition, partition.leader);
  const sizes = new Map<string, number>();
  const toldByLeader = new Set<string>();
  for (const { broker, logDirs } of brokers) {
    for (const { replicas } of logDirs ?? []) {
      for (const replica of replicas ?? []) {
        const leader = leaderOf.get(replica);
        if (replica.isFuture || leader === undefined) continue;
        const name = topicPartitionName(replica);
        if (leader === broker) toldByLeader.add(name);
        else if (toldByLeader.has(name)) continue;
        sizes.set(name, leader === broker ? replica.sizeBytes : Math.max(replica.sizeBytes, sizes.get(name) ?? 0));
      }
    }
  }
  return sizes;
}
