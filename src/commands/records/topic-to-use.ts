import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';

/**
 * The topic's partitions, by number, and those of them without a leader. Asked of Kafka in a way that makes no topic where there is none.
 * Throws KafkaError where it is unknown or must not be seen.
 */
export async function topicToUse(
  admin: AdminClient,
  topic: string,
  signal: AbortSignal,
): Promise<{ readonly partitions: readonly number[]; readonly leaderless: ReadonlySet<number> }> {
  const [found] = await admin.describeTopics([topic], { includeElr: false, signal });
  if (found === undefined || found.error !== null) {
    const error = found?.error ?? failure('UNKNOWN_TOPIC_OR_PARTITION');
    if (error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') throw KafkaError.of(error);
    throw new KafkaError(error.code, `There is no topic '${topic}'; kafka-ts topics create ${topic} makes it.`);
  }
  const leaderless = found.partitions.filter(({ leader }) => leader === NO_LEADER);
  return { partitions: found.partitions.map(numberOf), leaderless: new Set(leaderless.map(numberOf)) };
}

const NO_LEADER = -1;
const numberOf = ({ partition }: { readonly partition: number }): number => partition;

/** Throws KafkaError where the topic has no such partition. */
export function requirePartition(topic: string, partition: number, partitions: readonly number[]): void {
  if (partitions.includes(partition)) return;
  const known = partitions.length === 1 ? 'it has only 0' : `it has 0 to ${partitions.length - 1}`;
  throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic '${topic}' has no partition ${partition}; ${known}.`);
}
