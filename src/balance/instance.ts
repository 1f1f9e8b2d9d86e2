import { topicPartitionName } from '../model/topic-partition.js';
import type { Cluster, ClusterBroker, ClusterPartition } from './cluster.js';

/**
 * A cluster as the solver sees it: whole numbers in typed arrays.
 *
 * Brokers and partitions are numbered in a canonical order, so that neither the order of the input nor the brokers' ids can decide a tie:
 * partitions by topic and number, brokers by where they first stand in the replica lists of the partitions in that order.
 *
 * A list per partition is one array of all lists and a `start`: the list of partition p is at start[p] .. start[p + 1] - 1. Its positions
 * are called slots.
 */
export interface Instance {
  /** Broker number -> id. Numbers below `size` are the brokers to balance: alive and not excluded. */
  readonly brokerIds: readonly number[];
  readonly size: number;
  /** Numbers below this one are alive: the brokers to balance, then the excluded ones. Dead brokers follow. */
  readonly alive: number;
  /** Per broker to balance. */
  readonly capacity: Int32Array;
  /** Per broker to balance: a number per distinct rack, brokers without one in a rack of their own each. */
  readonly rack: Int32Array;
  /** In canonical order. */
  readonly partitions: readonly ClusterPartition[];
  readonly replicaStart: Int32Array;
  /** Broker number per slot, in Kafka's order. */
  readonly replica: Int32Array;
  /** Per slot of `replica`: 1 where the replica is in the ISR and its broker alive, so that Kafka may elect it. */
  readonly electable: Uint8Array;
  /** Today's leader, a broker number, -1 for none. */
  readonly leader: Int32Array;
  /** 1 where neither the leader nor the order may change. */
  readonly fixed: Uint8Array;
  readonly options: Options;
  /** The leader of a partition that has no options, which is then not part of the problem: a broker number, -1 for none. */
  readonly settled: Int32Array;
}

/** The nodes (brokers to balance, for the cluster's goal) that may lead each partition. */
export interface Options {
  readonly start: Int32Array;
  readonly node: Int32Array;
}

/** @throws RangeError where the cluster contradicts itself; the message names the broker or the partition. */
export function createInstance(cluster: Cluster, excludedTopics: ReadonlySet<string> = new Set()): Instance {
  const partitions = inCanonicalOrder(cluster.partitions);
  const brokers = brokersById(cluster.brokers);
  const { ids, size, alive } = numberBrokers(brokers, partitions);
  const numberOf = new Map(ids.map((id, number) => [id, number]));

  const count = partitions.length;
  const replicaStart = new Int32Array(count + 1);
  for (let p = 0; p < count; p++) replicaStart[p + 1] = replicaStart[p]! + partitions[p]!.replicas.length;
  const slots = replicaStart[count]!;
  const replica = new Int32Array(slots);
  const electable = new Uint8Array(slots);
  const leader = new Int32Array(count);
  const fixed = new Uint8Array(count);
  const settled = new Int32Array(count).fill(-1);
  const optionStart = new Int32Array(count + 1);
  const option = new Int32Array(slots);

  let options = 0;
  for (let p = 0; p < count; p++) {
    const partition = partitions[p]!;
    const first = replicaStart[p]!;
    const end = replicaStart[p + 1]!;
    for (let slot = first; slot < end; slot++) {
      const id = partition.replicas[slot - first]!;
      const broker = numberOf.get(id)!;
      replica[slot] = broker;
      electable[slot] = broker < alive && partition.isr.includes(id) ? 1 : 0;
    }
    const today = partition.leader === -1 ? -1 : numberOf.get(partition.leader)!;
    leader[p] = today;
    fixed[p] = partition.fixed === true || excludedTopics.has(partition.topic) ? 1 : 0;
    if (fixed[p] === 0) {
      for (let slot = first; slot < end; slot++) {
        if (electable[slot] === 1 && replica[slot]! < size) option[options++] = replica[slot]!;
      }
    }
    if (options === optionStart[p]) {
      const stays = fixed[p] === 1 ? today : leaderAmongExcluded(replica, electable, first, end, today);
      if (stays >= 0 && stays < size) option[options++] = stays;
      else settled[p] = stays;
    }
    optionStart[p + 1] = options;
  }
  return {
    brokerIds: ids,
    size,
    alive,
    capacity: Int32Array.from({ length: size }, (_, broker) => brokers.get(ids[broker]!)!.capacity ?? 1),
    rack: numberRacks(ids.slice(0, size).map((id) => brokers.get(id)!.rack ?? null)),
    partitions,
    replicaStart,
    replica,
    electable,
    leader,
    fixed,
    options: { start: optionStart, node: option.subarray(0, options) },
    settled,
  };
}

/** Where only excluded brokers can lead, today's leader stays, else the first of them leads; where nobody can, all stays as it is. */
function leaderAmongExcluded(replica: Int32Array, electable: Uint8Array, first: number, end: number, today: number): number {
  let heir = -1;
  for (let slot = first; slot < end; slot++) {
    if (electable[slot] === 0) continue;
    if (replica[slot] === today) return today;
    if (heir < 0) heir = replica[slot]!;
  }
  return heir < 0 ? today : heir;
}

function inCanonicalOrder(partitions: readonly ClusterPartition[]): readonly ClusterPartition[] {
  const byTopic = new Map<string, ClusterPartition[]>();
  for (const partition of partitions) {
    const siblings = byTopic.get(partition.topic);
    if (siblings === undefined) byTopic.set(partition.topic, [partition]);
    else siblings.push(partition);
  }
  const ordered: ClusterPartition[] = [];
  for (const topic of [...byTopic.keys()].sort()) {
    const siblings = byTopic.get(topic)!.sort((a, b) => a.partition - b.partition);
    for (let i = 0; i < siblings.length; i++) {
      if (i > 0 && siblings[i]!.partition === siblings[i - 1]!.partition) {
        throw new RangeError(`partition ${topicPartitionName(siblings[i]!)} is given twice`);
      }
      requireSound(siblings[i]!);
      ordered.push(siblings[i]!);
    }
  }
  return ordered;
}

function requireSound(partition: ClusterPartition): void {
  const { replicas, isr, leader, weight } = partition;
  if (!Number.isInteger(partition.partition) || partition.partition < 0) throw unsound(partition, 'its number must be an integer from 0');
  if (replicas.length === 0) throw unsound(partition, 'it has no replicas');
  for (let i = 0; i < replicas.length; i++) {
    if (!isBrokerId(replicas[i]!)) throw unsound(partition, `${replicas[i]} is no broker id`);
    if (replicas.indexOf(replicas[i]!, i + 1) >= 0) throw unsound(partition, `replica ${replicas[i]} is given twice`);
  }
  for (const id of isr) if (!replicas.includes(id)) throw unsound(partition, `${id} is in the ISR but not among the replicas`);
  if (leader !== -1 && !replicas.includes(leader)) throw unsound(partition, `its leader ${leader} is not among the replicas`);
  if (weight !== undefined && !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
    throw unsound(partition, 'its weight must be a finite number from 0');
  }
}

const unsound = (partition: ClusterPartition, why: string): RangeError =>
  new RangeError(`partition ${topicPartitionName(partition)}: ${why}`);

function brokersById(brokers: readonly ClusterBroker[]): Map<number, ClusterBroker> {
  const byId = new Map<number, ClusterBroker>();
  if (brokers.length === 0) throw new RangeError('a cluster needs at least one broker');
  for (const broker of brokers) {
    const { id, capacity = 1 } = broker;
    if (!isBrokerId(id)) throw new RangeError(`${id} is no broker id`);
    if (byId.has(id)) throw new RangeError(`broker ${id} is given twice`);
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new RangeError(`broker ${id}: its capacity must be an integer from 1 to ${MAX_CAPACITY}`);
    }
    byId.set(id, broker);
  }
  return byId;
}

/** Products of capacities and loads stay well within what a double holds exactly. */
const MAX_CAPACITY = 1_000_000;

const isBrokerId = (id: number): boolean => Number.isInteger(id) && id >= 0 && id <= 0x7fffffff;

/** Brokers to balance, then excluded ones, then dead ones; each in the order in which replica lists first name them. */
function numberBrokers(brokers: ReadonlyMap<number, ClusterBroker>, partitions: readonly ClusterPartition[]) {
  const seen = new Set<number>();
  for (const { replicas } of partitions) for (const id of replicas) seen.add(id);
  // Brokers without a replica can lead nothing: their order decides nothing.
  for (const id of [...brokers.keys()].sort((a, b) => a - b)) seen.add(id);
  const balanced: number[] = [];
  const excluded: number[] = [];
  const dead: number[] = [];
  for (const id of seen) {
    const broker = brokers.get(id);
    if (broker === undefined || broker.alive === false) dead.push(id);
    else if (broker.excluded === true) excluded.push(id);
    else balanced.push(id);
  }
  return { ids: [...balanced, ...excluded, ...dead], size: balanced.length, alive: balanced.length + excluded.length };
}

function numberRacks(racks: readonly (string | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  let next = 0;
  return Int32Array.from(racks, (rack) => {
    if (rack === null) return next++;
    const known = numbers.get(rack);
    if (known !== undefined) return known;
    numbers.set(rack, next);
    return next++;
  });
}
