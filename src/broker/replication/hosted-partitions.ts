import type { Uuid } from '../../model/uuid.js';
import type { Partition } from './partition.js';

/** The partitions that a node has a replica of, by topic id and number. */
export class HostedPartitions {
  readonly #byTopic = new Map<Uuid, Map<number, Partition>>();

  get(topicId: Uuid, index: number): Partition | null {
    return this.#byTopic.get(topicId)?.get(index) ?? null;
  }
  /** By number; to be looked through while some go. */
  of(topicId: Uuid): ReadonlyMap<number, Partition> {
    return this.#byTopic.get(topicId) ?? none;
  }
  /** In no order that means something. */
  get all(): readonly Partition[] {
    return [...this.#byTopic.values()].flatMap((partitions) => [...partitions.values()]);
  }
  /** Of now, whatever comes or goes. */
  get topicIds(): readonly Uuid[] {
    return [...this.#byTopic.keys()];
  }

  add(partition: Partition): Partition {
    const { topicId, topicPartition } = partition;
    const partitions = this.#byTopic.get(topicId) ?? new Map<number, Partition>();
    this.#byTopic.set(topicId, partitions.set(topicPartition.partition, partition));
    return partition;
  }
  remove({ topicId, topicPartition }: Partition): void {
    const partitions = this.#byTopic.get(topicId);
    partitions?.delete(topicPartition.partition);
    if (partitions?.size === 0) this.#byTopic.delete(topicId);
  }
}

const none: ReadonlyMap<number, Partition> = new Map();
