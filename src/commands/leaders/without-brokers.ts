import type { BalancePlan } from '../../balance/balance-plan.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import type { ClusterLeaders, LedPartition } from './read-leaders.js';

/**
 * The partitions after brokers are gone: those that they led go to the first replica of the list that is in the ISR and alive, as
 * Kafka elects, and else to nobody (-1).
 */
export function withoutBrokers({ brokers, partitions }: ClusterLeaders, gone: ReadonlySet<number>): readonly LedPartition[] {
  const live = new Set(brokers.filter(({ id, alive }) => alive && !gone.has(id)).map(({ id }) => id));
  return partitions.map((partition) => {
    if (!gone.has(partition.leader)) return partition;
    const heir = partition.replicas.find((id) => live.has(id) && partition.isr.includes(id));
    return { ...partition, leader: heir ?? -1 };
  });
}

/** The cluster once a plan has been carried out. */
export function afterPlan(
  { partitions, ...cluster }: ClusterLeaders,
  { moves, orders }: Pick<BalancePlan, 'moves' | 'orders'>,
): ClusterLeaders {
  const leaderOf = new Map(moves.map((move) => [topicPartitionName(move), move.to]));
  const orderOf = new Map(orders.map((order) => [topicPartitionName(order), order.replicas]));
  return {
    ...cluster,
    partitions: partitions.map((partition) => {
      const name = topicPartitionName(partition);
      return { ...partition, leader: leaderOf.get(name) ?? partition.leader, replicas: orderOf.get(name) ?? partition.replicas };
    }),
  };
}
