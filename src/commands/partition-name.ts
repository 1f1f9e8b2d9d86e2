import { UsageError } from '../model/errors.js';

/** A partition, or a whole topic where `partition` is null. */
export interface PartitionOrTopic {
  readonly topic: string;
  readonly partition: number | null;
}

/** `orders:3`, or `orders` for the whole topic: what the verbs accept back. */
export const partitionName = ({ topic, partition }: PartitionOrTopic): string => (partition === null ? topic : `${topic}:${partition}`);

/** The reverse. Throws UsageError. */
export function parsePartitionName(text: string): PartitionOrTopic {
  const [, topic, partition] = /^([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (topic === undefined) throw new UsageError(`'${text}' is neither TOPIC nor TOPIC:PARTITION`, 'such as orders or orders:3');
  return { topic, partition: partition === undefined ? null : Number(partition) };
}
