import { topicPartitionName } from '../model/topic-partition.js';
import type { Cluster, ClusterBroker, ClusterPartition } from './cluster.js';

/**
 * A cluster as the solver sees it: whole numbers in typed arrays. Brokers take two bytes: there are many lists of a million of them.
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
  readonly replica: Int16Array;
  /** Per slot of `replica`: 1 where the replica is in the ISR and its broker alive, so that Kafka may elect it. */
  readonly electable: Uint8Array;
  /** Today's leader, a broker number, -1 for none. */
  readonly leader: Int16Array;
  /** 1 where neither the leader nor the order may change. */
  readonly fixed: Uint8Array;
  readonly options: Options;
  /** The leader of a partition that has no options, which is then not part of the problem: a broker number, -1 for none. */
  readonly settled: Int16Array;
}

/** The nodes (brokers to balance, for the cluster's goal) that may lead each partition. */
export interface Options {
  readonly start: Int32Array;
  /** Nodes are brokers, or brokers of topics and racks, which are more. */
  readonly node: Int16Array | Int32Array;
}

/** @throws RangeError where the cluster contradicts itself; the message names the broker or the partition. */
export function createInstance(cluster: Cluster, excludedTopics: ReadonlySet<string> = new Set()): Instance {
  const { partitions, slots } = inCanonicalOrder(cluster.partitions);
  const count = partitions.length;
  const replicaStart = new Int32Array(count + 1);
  const replica = new Int16Array(slots);
  const electable = new Uint8Array(slots);
  const leader = new Int16Array(count).fill(-1);
  const fixed = new Uint8Array(count);

  // Objects are read once, as they lie far apart in memory. Brokers are numbered as they come, and by id below.
  const brokers = brokersById(cluster.brokers);
  const seen = createIdNumbers(brokers.keys());
  for (let p = 0; p < count; p++) {
    const partition = partitions[p]!;
    requireSound(partition);
    let slot = replicaStart[p]!;
    for (let i = 0; i < partition.replicas.length; i++, slot++) {
      const id = partition.replicas[i]!;
      replica[slot] = seen.numberOf(id);
      if (isMember(partition.isr, id)) electable[slot] = 1;
      if (partition.leader === id) leader[p] = replica[slot]!;
    }
    replicaStart[p + 1] = slot;
    if (partition.fixed === true || (excludedTopics.size > 0 && excludedTopics.has(partition.topic))) fixed[p] = 1;
  }
  const { ids, size, alive, numberOfSeen } = numberBrokers(brokers, seen.ids);
  for (let slot = 0; slot < slots; slot++) {
    const broker = numberOfSeen[replica[slot]!]!;
    replica[slot] = broker;
    if (broker >= alive) electable[slot] = 0;
  }
  for (let p = 0; p < count; p++) if (leader[p]! >= 0) leader[p] = numberOfSeen[leader[p]!]!;
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
    ...createOptions({ brokerIds: ids, size, replicaStart, replica, electable, leader, fixed }),
  };
}

/** Who may lead: a replica that Kafka may elect on a broker to balance; where there is none, who leads anyway. */
function createOptions({
  brokerIds,
  size,
  replicaStart,
  replica,
  electable,
  leader,
  fixed,
}: Omit<Instance, 'alive' | 'capacity' | 'rack' | 'partitions' | 'options' | 'settled'>): Pick<Instance, 'options' | 'settled'> {
  const count = leader.length;
  const settled = new Int16Array(count).fill(-1);
  // In a cluster that is whole every replica may lead: no second list of them is needed.
  const isWhole = size === brokerIds.length && !electable.includes(0) && !fixed.includes(1);
  if (isWhole) return { options: { start: replicaStart, node: replica }, settled };
  const start = new Int32Array(count + 1);
  const node = new Int16Array(replica.length);
  let options = 0;
  for (let p = 0; p < count; p++) {
    const first = replicaStart[p]!;
    const end = replicaStart[p + 1]!;
    if (fixed[p] === 0) {
      for (let slot = first; slot < end; slot++) {
        if (electable[slot] === 1 && replica[slot]! < size) node[options++] = replica[slot]!;
      }
    }
    if (options === start[p]) {
      const today = leader[p]!;
      const stays = fixed[p] === 1 ? today : leaderAmongExcluded(replica, electable, first, end, today);
      if (stays >= 0 && stays < size) node[options++] = stays;
      else settled[p] = stays;
    }
    start[p + 1] = options;
  }
  return { options: { start, node: node.subarray(0, options) }, settled };
}

/** Where only excluded brokers can lead, today's leader stays, else the first of them leads; where nobody can, all stays as it is. */
function leaderAmongExcluded(replica: Int16Array, electable: Uint8Array, first: number, end: number, today: number): number {
  let heir = -1;
  for (let slot = first; slot < end; slot++) {
    if (electable[slot] === 0) continue;
    if (replica[slot] === today) return today;
    if (heir < 0) heir = replica[slot]!;
  }
  return heir < 0 ? today : heir;
}

/** Partitions that stand together in the input and are of one topic, as they mostly all are. */
interface Run {
  readonly first: number;
  readonly end: number;
}

/** Of a partition given twice it throws RangeError. `slots` is how many replicas there are. */
function inCanonicalOrder(partitions: readonly ClusterPartition[]): { partitions: readonly ClusterPartition[]; slots: number } {
  const runs = new Map<string, Run[]>();
  const unsorted = new Set<string>();
  let slots = 0;
  for (let first = 0, end = 0; first < partitions.length; first = end) {
    const { topic } = partitions[first]!;
    let last = -1;
    for (; end < partitions.length && partitions[end]!.topic === topic; end++) {
      const { partition, replicas } = partitions[end]!;
      slots += replicas.length;
      if (partition <= last) unsorted.add(topic);
      last = partition;
    }
    const ofTopic = runs.get(topic);
    if (ofTopic === undefined) runs.set(topic, [{ first, end }]);
    else {
      ofTopic.push({ first, end });
      unsorted.add(topic);
    }
  }
  const ordered: ClusterPartition[] = new Array(partitions.length);
  let next = 0;
  for (const topic of [...runs.keys()].sort()) {
    const ofTopic = runs.get(topic)!;
    if (unsorted.has(topic)) {
      const siblings = ofTopic.flatMap(({ first, end }) => partitions.slice(first, end)).sort((a, b) => a.partition - b.partition);
      for (const [i, partition] of siblings.entries()) {
        if (partition.partition === siblings[i + 1]?.partition) {
          throw new RangeError(`partition ${topicPartitionName(partition)} is given twice`);
        }
        ordered[next++] = partition;
      }
    } else for (const { first, end } of ofTopic) for (let i = first; i < end; i++) ordered[next++] = partitions[i]!;
  }
  return { partitions: ordered, slots };
}

function requireSound(partition: ClusterPartition): void {
  const { replicas, isr, leader, weight } = partition;
  if (!Number.isInteger(partition.partition) || partition.partition < 0) throw unsound(partition, 'its number must be an integer from 0');
  if (replicas.length === 0) throw unsound(partition, 'it has no replicas');
  for (let i = 0; i < replicas.length; i++) {
    if (!isBrokerId(replicas[i]!)) throw unsound(partition, `${replicas[i]} is no broker id`);
    for (let j = i + 1; j < replicas.length; j++) {
      if (replicas[i] === replicas[j]) throw unsound(partition, `replica ${replicas[i]} is given twice`);
    }
  }
  for (let i = 0; i < isr.length; i++) {
    if (!isMember(replicas, isr[i]!)) throw unsound(partition, `${isr[i]} is in the ISR but not among the replicas`);
  }
  if (leader !== -1 && !isMember(replicas, leader)) throw unsound(partition, `its leader ${leader} is not among the replicas`);
  if (weight !== undefined && !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
    throw unsound(partition, 'its weight must be a finite number from 0');
  }
}

/** `includes` looks for NaN and holes too, and is slower for it. */
function isMember(ids: readonly number[], id: number): boolean {
  for (let i = 0; i < ids.length; i++) if (ids[i] === id) return true;
  return false;
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

/** Numbers ids as they come. An array finds those that are small, as they mostly are, at a tenth of what a map costs. */
function createIdNumbers(expected: Iterable<number>) {
  const ids: number[] = [];
  let smallIds = 0;
  for (const id of expected) if (id < MOST_SMALL_IDS) smallIds = Math.max(smallIds, id + 1);
  const small = new Int32Array(smallIds).fill(-1);
  const large = new Map<number, number>();
  const numberOf = (id: number): number => {
    const known = id < smallIds ? small[id]! : (large.get(id) ?? -1);
    if (known >= 0) return known;
    if (id < smallIds) small[id] = ids.length;
    else large.set(id, ids.length);
    return ids.push(id) - 1;
  };
  return { ids, numberOf };
}

const MOST_SMALL_IDS = 65_536;
/** Their numbers take two bytes. */
const MOST_BROKERS = 0x8000;

/**
 * Brokers to balance, then excluded ones, then dead ones; each in the order in which replica lists first name them.
 * @param seen - the ids that they name, in that order
 */
function numberBrokers(brokers: ReadonlyMap<number, ClusterBroker>, seen: readonly number[]) {
  const balanced: number[] = [];
  const excluded: number[] = [];
  const dead: number[] = [];
  // Brokers without a replica can lead nothing: their order decides nothing.
  for (const id of new Set([...seen, ...[...brokers.keys()].sort((a, b) => a - b)])) {
    const broker = brokers.get(id);
    if (broker === undefined || broker.alive === false) dead.push(id);
    else if (broker.excluded === true) excluded.push(id);
    else balanced.push(id);
  }
  const ids = [...balanced, ...excluded, ...dead];
  if (ids.length > MOST_BROKERS) throw new RangeError(`${ids.length} brokers are more than ${MOST_BROKERS}`);
  const numberOf = new Map(ids.map((id, number) => [id, number]));
  return {
    ids,
    size: balanced.length,
    alive: balanced.length + excluded.length,
    numberOfSeen: Int32Array.from(seen, (id) => numberOf.get(id)!),
  };
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

/** The length of the longest of the lists that begin at `start`. */
export function longestList(start: Int32Array): number {
  let longest = 0;
  for (let p = 0; p + 1 < start.length; p++) longest = Math.max(longest, start[p + 1]! - start[p]!);
  return longest;
}
