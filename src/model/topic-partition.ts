export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Kafka's own form, `orders-0`: the name of the partition's directory and of its rows in logs. */
export const topicPartitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
