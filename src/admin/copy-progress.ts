import type { Client } from '../client/client.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { CallOptions } from './call-options.js';
import { describeLogDirs } from './log-dirs.js';
import type { OngoingReassignment } from './reassignments.js';

export interface CopyProgress {
  /** What new replicas have by now. */
  readonly copiedBytes: number;
  /** What they still lack, by topicPartitionName; null where no broker tells. */
  readonly leftBytes: ReadonlyMap<string, number | null>;
}

/** How far moves are, as the brokers' directories tell: a new replica lacks what the largest of the others has more. */
export async function copyProgress(
  client: Client,
  ongoing: readonly OngoingReassignment[],
  options: CallOptions = {},
): Promise<CopyProgress> {
  const brokers = [...new Set(ongoing.flatMap(({ replicas }) => replicas))];
  const partitions = ongoing.map(({ topic, partition }): TopicPartition => ({ topic, partition }));
  const found = ongoing.length === 0 ? [] : await describeLogDirs(client, { brokers, partitions, ...options });
  const sizes = new Map<string, Map<number, number>>(partitions.map((partition) => [topicPartitionName(partition), new Map()]));
  for (const { broker, logDirs } of found) {
    for (const { isFuture, sizeBytes, ...replica } of (logDirs ?? []).flatMap(({ replicas }) => replicas ?? [])) {
      if (!isFuture) sizes.get(topicPartitionName(replica))?.set(broker, sizeBytes);
    }
  }
  let copiedBytes = 0;
  const leftBytes = new Map<string, number | null>();
  for (const { addingReplicas, ...partition } of ongoing) {
    const name = topicPartitionName(partition);
    const own = sizes.get(name) ?? new Map<number, number>();
    const sources = [...own].filter(([broker]) => !addingReplicas.includes(broker)).map(([, bytes]) => bytes);
    const whole = sources.length === 0 ? null : Math.max(...sources);
    let left = 0;
    for (const broker of addingReplicas) {
      const copied = own.get(broker) ?? 0;
      copiedBytes += copied;
      left += Math.max(0, (whole ?? 0) - copied);
    }
    leftBytes.set(name, whole === null ? null : left);
  }
  return { copiedBytes, leftBytes };
}
