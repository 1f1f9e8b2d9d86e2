import type { BalancePlan } from '../../src/balance/balance-plan.js';
import type { Cluster } from '../../src/balance/cluster.js';

/** The cluster after the plan was carried out. */
export function applyPlan(cluster: Cluster, plan: Pick<BalancePlan, 'moves' | 'orders'>): Cluster {
  const key = ({ topic, partition }: { topic: string; partition: number }): string => `${topic} ${partition}`;
  const moves = new Map(plan.moves.map((move) => [key(move), move.to]));
  const orders = new Map(plan.orders.map((order) => [key(order), order.replicas]));
  return {
    brokers: cluster.brokers,
    partitions: cluster.partitions.map((partition) => ({
      ...partition,
      leader: moves.get(key(partition)) ?? partition.leader,
      replicas: orders.get(key(partition)) ?? partition.replicas,
    })),
  };
}

/** Leaders of the other live, not excluded brokers after `failed` failed, by Kafka's rule, from the largest down. */
export function loadsAfterFailure({ brokers, partitions }: Cluster, failed: number): number[] {
  const alive = new Set(brokers.filter((broker) => broker.alive !== false && broker.id !== failed).map(({ id }) => id));
  const load = new Map(brokers.filter(({ id, excluded }) => alive.has(id) && excluded !== true).map(({ id }) => [id, 0]));
  for (const { replicas, isr, leader } of partitions) {
    const next = leader === failed ? (replicas.find((id) => isr.includes(id) && alive.has(id)) ?? -1) : leader;
    if (load.has(next)) load.set(next, load.get(next)! + 1);
  }
  return [...load.values()].sort((a, b) => b - a);
}
