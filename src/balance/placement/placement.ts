import type { TopicPartition } from '../../model/topic-partition.js';

export interface PlacementBroker {
  readonly id: number;
  readonly rack: string | null;
  /** Replicas that it has may stay. Those of a broker that is not listed may not. */
  readonly mayKeep: boolean;
  /** It may get replicas that it does not have. */
  readonly mayTake: boolean;
  /** Replicas that it holds beside those to place. */
  readonly otherReplicas: number;
}

export interface PartitionToPlace extends TopicPartition {
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicas: readonly number[];
  /** -1 where there is none. */
  readonly leader: number;
  /** How many replicas it shall have. */
  readonly replicaCount: number;
}

/**
 * What comes after the fewest copies. `fewest`: no copy more; of all such placements one in which the most leaders keep their replica,
 * and of those the most even one, counting all replicas of a broker. `even`: the fewest copies with which the placed replicas spread over
 * the brokers that may take them so that the numbers differ by one at most; of such placements one in which the most leaders keep theirs.
 */
export type PlacementGoal = 'fewest' | 'even';

/** A partition's new replica list, in which what stays keeps its place. Null where there are too few brokers for it. */
export type PlacedPartition = TopicPartition & { readonly replicas: readonly number[] | null };
