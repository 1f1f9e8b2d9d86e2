import { balanceLeaders } from './balance-leaders.js';
import type { BalanceOptions, BalancePlan } from './balance-plan.js';
import type { Cluster, ClusterPartition } from './cluster.js';
import { type ReplicaMove, whatHoldsBack } from './hold-back.js';

export interface ReplicaMovePlan {
  /** The fewest that let leaders be even: see `whatHoldsBack`. Empty where nothing holds them back. */
  readonly replicaMoves: readonly ReplicaMove[];
  /** The cluster once these replicas have moved and caught up: what `plan` was made for, and its certificate holds of. */
  readonly moved: Cluster;
  readonly plan: BalancePlan;
}

/**
 * The fewest replica moves that let leaders be as even as the number of brokers allows, and the leaders then.
 * @throws RangeError as `balanceLeaders` does
 */
export function balanceWithReplicaMoves(cluster: Cluster, options: BalanceOptions = {}): ReplicaMovePlan {
  const replicaMoves = whatHoldsBack(cluster, new Set(options.excludedTopics))?.replicaMoves ?? [];
  const moved = { ...cluster, partitions: moveReplicas(cluster.partitions, replicaMoves) };
  return { replicaMoves, moved, plan: balanceLeaders(moved, options) };
}

function moveReplicas(partitions: readonly ClusterPartition[], moves: readonly ReplicaMove[]): readonly ClusterPartition[] {
  const moveOf = new Map(moves.map((move) => [`${move.topic}-${move.partition}`, move]));
  return partitions.map((partition) => {
    const move = moveOf.get(`${partition.topic}-${partition.partition}`);
    if (move === undefined) return partition;
    const isr = [move.add, ...partition.isr.filter((id) => id !== move.remove)];
    // Where the leader's own replica goes, Kafka elects the first of the new list.
    return { ...partition, replicas: move.replicas, isr, leader: partition.leader === move.remove ? move.add : partition.leader };
  });
}
