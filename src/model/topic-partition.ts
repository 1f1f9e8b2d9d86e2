export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Kafka's own form, `orders-0`: the name of the partition's directory and of its rows in logs. */
export const topicPartitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** For `sort`. */
export const byTopicAndPartition = (a: TopicPartition, b: TopicPartition): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
