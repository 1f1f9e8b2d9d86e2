import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { PartitionOrTopic } from '../partition-name.js';

/** The partitions of topics and single ones, each once, in their order; and the names of which there are none. */
export async function expandTopics(
  admin: AdminClient,
  names: readonly PartitionOrTopic[],
  signal: AbortSignal,
): Promise<{
  readonly partitions: readonly TopicPartition[];
  readonly unknown: readonly (PartitionOrTopic & { readonly error: KafkaFailure })[];
}> {
  const topics = [...new Set(names.map(({ topic }) => topic))];
  const described = new Map((await admin.describeTopics(topics, { includeElr: false, signal })).map((row) => [row.topic, row]));
  const partitions = new Map<string, TopicPartition>();
  const unknown: (PartitionOrTopic & { readonly error: KafkaFailure })[] = [];
  for (const { topic, partition } of names) {
    const row = described.get(topic);
    const known = row?.partitions?.filter((each) => partition === null || each.partition === partition) ?? [];
    for (const each of known)
      partitions.set(topicPartitionName({ topic, partition: each.partition }), { topic, partition: each.partition });
    if (known.length === 0) unknown.push({ topic, partition, error: row?.error ?? failure('UNKNOWN_TOPIC_OR_PARTITION') });
  }
  return { partitions: [...partitions.values()], unknown };
}
