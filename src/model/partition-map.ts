import type { TopicPartition } from './topic-partition.js';

/** What is known of partitions. Among tens of thousands it is found quicker than by names, each of which is one more string. */
export interface PartitionMap<Value> {
  readonly get: (of: TopicPartition) => Value | undefined;
  readonly set: (of: TopicPartition, value: Value) => void;
}

export function createPartitionMap<Value>(): PartitionMap<Value> {
  const topics = new Map<string, Map<number, Value>>();
  return {
    get: ({ topic, partition }) => topics.get(topic)?.get(partition),
    set: ({ topic, partition }, value) => {
      const known = topics.get(topic);
      if (known === undefined) topics.set(topic, new Map([[partition, value]]));
      else known.set(partition, value);
    },
  };
}
