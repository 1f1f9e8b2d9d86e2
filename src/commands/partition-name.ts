import { UsageError } from '../model/errors.js';

/** A partition, or a whole topic where `partition` is null. */
export interface PartitionOrTopic {
  readonly topic: string;
  readonly partition: number | null;
}

/** `orders:3`, or `orders` for the whole topic: what the verbs accept back. */
export const partitionName = ({ topic, partition }: PartitionOrTopic): string => (partition === null ? topic : `${topic}:${partition}`);

/** `orders`, `orders:3`, several of them with commas between them, and `orders:0,1` as Kafka's tools take it. Throws UsageError. */
export function parsePartitionNames(text: string): readonly PartitionOrTopic[] {
  const names: PartitionOrTopic[] = [];
  for (const item of text.split(',')) {
    const previous = names.at(-1) ?? null;
    const continues = previous !== null && previous.partition !== null && /^\d+$/.test(item);
    names.push(parsePartitionName(continues ? `${previous.topic}:${item}` : item));
  }
  return names;
}

function parsePartitionName(text: string): PartitionOrTopic {
  const [, topic, partition] = /^([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (topic === undefined) throw new UsageError(`'${text}' is neither TOPIC nor TOPIC:PARTITION`, 'such as orders or orders:3');
  return { topic, partition: partition === undefined ? null : Number(partition) };
}
