import { heirToday } from './after-failure.js';
import type { ReplicaOrder } from './balance-plan.js';
import type { Instance } from './instance.js';

/**
 * The new replica list of each partition whose order changes: leader, heir, then the others as they stand today, excluded brokers last.
 * Where the heir is next in today's order anyway, that order stays.
 */
export function replicaOrders(instance: Instance, leader: Int32Array, heir: Int32Array): readonly ReplicaOrder[] {
  const { size, alive, brokerIds, partitions, replicaStart, replica, electable, fixed } = instance;
  const isExcluded = (broker: number): boolean => broker >= size && broker < alive;
  const orders: ReplicaOrder[] = [];
  const order: number[] = [];
  for (let p = 0; p < partitions.length; p++) {
    const first = replicaStart[p]!;
    const end = replicaStart[p + 1]!;
    const head = leader[p]!;
    // Nothing is ordered around a leader that is gone or out of sync.
    if (fixed[p] === 1 || !isElectable(head, first, end)) continue;
    order.length = 0;
    // Where an excluded broker leads for want of another, the others stand before it and take over when they are back.
    if (!isExcluded(head)) order.push(head);
    if (heir[p]! >= 0 && heir[p] !== heirToday(instance, p, head)) order.push(heir[p]!);
    for (let slot = first; slot < end; slot++) if (!isExcluded(replica[slot]!)) append(replica[slot]!);
    append(head);
    for (let slot = first; slot < end; slot++) append(replica[slot]!);
    if (order.some((broker, i) => broker !== replica[first + i])) {
      const { topic, partition } = partitions[p]!;
      orders.push({ topic, partition, replicas: order.map((broker) => brokerIds[broker]!) });
    }
  }
  return orders;

  function append(broker: number): void {
    if (!order.includes(broker)) order.push(broker);
  }

  function isElectable(broker: number, first: number, end: number): boolean {
    for (let slot = first; slot < end; slot++) if (replica[slot] === broker) return electable[slot] === 1;
    return false;
  }
}
