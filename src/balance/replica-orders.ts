import { heirToday } from './after-failure.js';
import type { ReplicaOrder } from './balance-plan.js';
import { type Instance, longestList } from './instance.js';

/**
 * The new replica list of each partition whose order changes: leader, heir, then the others as they stand today, excluded brokers last.
 * Where the heir is next in today's order anyway, that order stays.
 */
export function replicaOrders(instance: Instance, leader: Int16Array, heir: Int16Array): readonly ReplicaOrder[] {
  const { size, alive, brokerIds, partitions, replicaStart, replica, electable, fixed } = instance;
  const isExcluded = (broker: number): boolean => broker >= size && broker < alive;
  const orders: ReplicaOrder[] = [];
  const order = new Int32Array(longestList(replicaStart));
  for (let p = 0; p < partitions.length; p++) {
    const first = replicaStart[p]!;
    const end = replicaStart[p + 1]!;
    const head = leader[p]!;
    const second = heir[p] === heirToday(instance, p, head) ? -1 : heir[p]!;
    // Mostly all stays.
    if (replica[first] === head && second < 0 && size === alive) continue;
    // Nothing is ordered around a leader that is gone or out of sync.
    if (fixed[p] === 1 || !isElectable(head, first, end)) continue;
    let length = 0;
    if (!isExcluded(head)) order[length++] = head;
    if (second >= 0) order[length++] = second;
    for (let slot = first; slot < end; slot++) {
      const broker = replica[slot]!;
      if (broker !== head && broker !== second && !isExcluded(broker)) order[length++] = broker;
    }
    // Where an excluded broker leads for want of another, the others stand before it and take over when they are back.
    if (isExcluded(head)) order[length++] = head;
    for (let slot = first; slot < end; slot++) {
      const broker = replica[slot]!;
      if (broker !== head && broker !== second && isExcluded(broker)) order[length++] = broker;
    }
    if (isToday(first, end)) continue;
    const { topic, partition } = partitions[p]!;
    // Of its size from the beginning: pushing would make room for seventeen.
    const replicas: number[] = new Array(length);
    for (let i = 0; i < length; i++) replicas[i] = brokerIds[order[i]!]!;
    orders.push({ topic, partition, replicas });
  }
  return orders;

  function isToday(first: number, end: number): boolean {
    for (let slot = first; slot < end; slot++) if (replica[slot] !== order[slot - first]) return false;
    return true;
  }

  function isElectable(broker: number, first: number, end: number): boolean {
    for (let slot = first; slot < end; slot++) if (replica[slot] === broker) return electable[slot] === 1;
    return false;
  }
}
