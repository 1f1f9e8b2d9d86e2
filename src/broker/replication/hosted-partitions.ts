import type { Uuid } from '../../model/uuid.js';
import type { Partition } from './partition.js';

/** The partitions that a node has a replica of, by topic id and number. */
export class HostedPartitions {
  readonly #byTopic = new Map<Uuid, Map<number, Partition>>();
  /** Null where one came or went since it was asked for: each periodic task asks, and ten thousand take milliseconds to list. */
  #all: readonly Partition[] | null = null;

  get(topicId: Uuid, index: number): Partition | null {
    return this.#byTopic.get(topicId)?.get(index) ?? null;
  }
  /** By number; to be looked through while some go. */
  of(topicId: Uuid): ReadonlyMap<number, Partition> {
    return this.#byTopic.get(topicId) ?? none;
  }
  /** Of now, whatever comes or goes; in no order that means something. */
  get all(): readonly Partition[] {
    this.#all ??= [...this.#byTopic.values()].flatMap((partitions) => [...partitions.values()]);
    return this.#all;
  }
  /** Of now, whatever comes or goes. */
  get topicIds(): readonly Uuid[] {
    return [...this.#byTopic.keys()];
  }

  add(partition: Partition): Partition {
    const { topicId, topicPartition } = partition;
    const partitions = this.#byTopic.get(topicId) ?? new Map<number, Partition>();
    this.#byTopic.set(topicId, partitions.set(topicPartition.partition, partition));
    this.#all = null;
    return partition;
  }
  remove({ topicId, topicPartition }: Partition): void {
    const partitions = this.#byTopic.get(topicId);
    partitions?.delete(topicPartition.partition);
    this.#all = null;
    if (partitions?.size === 0) this.#byTopic.delete(topicId);
  }
}

const none: ReadonlyMap<number, Partition> = new Map();
