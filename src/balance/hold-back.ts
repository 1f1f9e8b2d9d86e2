import type { TopicPartition } from '../model/topic-partition.js';
import { chooseLeaders, homes, leadersAt } from './choose-leaders.js';
import type { Cluster } from './cluster.js';
import { createInstance, type Instance } from './instance.js';
import { leastAt, levelOf, mostAt } from './levels.js';
import { leadersPerBroker } from './statistics.js';

/** Why no choice of leaders is as even as brokers and partitions would allow, and the replicas to move so that one is. */
export interface HoldBack {
  /** Brokers that must lead more than their even share, whoever leads what. */
  readonly overloaded: readonly number[];
  /** The partitions that only those can lead. */
  readonly partitions: readonly TopicPartition[];
  /** Brokers that cannot get their even share, whoever leads what. */
  readonly underloaded: readonly number[];
  /** No fewer replica moves make the even share possible. */
  readonly fewestReplicaMoves: number;
  /** So many of them as fixed partitions, and replicas that are behind, leave possible: mostly all. */
  readonly replicaMoves: readonly ReplicaMove[];
}

/** One replica moves from `remove` to `add`, which then leads. */
export interface ReplicaMove extends TopicPartition {
  readonly add: number;
  readonly remove: number;
  /** The new replica list, the new leader first. */
  readonly replicas: readonly number[];
}

/**
 * What holds leader balance back; null where leaders alone can be as even as can be.
 *
 * In the most even plan the leaders above the even share are as few as they can be, and so are those that are missing below it, as both are
 * convex costs. One replica move frees one partition, which takes at most one leader from above and adds at most one below. So the larger
 * of the two numbers is the least; and it is enough, as no partition of a broker above its share has a replica on one below (or a leader
 * would have moved there), so any can be given to it.
 *
 * The moved replica takes the place of one in the same rack, or else of the old leader's: partitions are spread over as many racks as before.
 * @throws RangeError where the cluster contradicts itself
 */
export function whatHoldsBack(cluster: Cluster, excludedTopics: ReadonlySet<string> = new Set()): HoldBack | null {
  const instance = createInstance(cluster, excludedTopics);
  const { size, capacity, brokerIds, options } = instance;
  const leader = leadersAt(instance, chooseLeaders(instance, homes(instance)).at);
  const load = leadersPerBroker(instance, leader).subarray(0, size);
  const brokers = Int32Array.from({ length: size }, (_, b) => b);
  if (size === 0) return null;
  const share = levelOf(
    load.reduce((a, b) => a + b, 0),
    brokers,
    capacity,
  );
  const most = capacity.map((c) => mostAt(share, c));
  const least = capacity.map((c) => Math.max(0, leastAt(share, c)));
  const above = load.reduce((sum, leaders, b) => sum + Math.max(0, leaders - most[b]!), 0);
  const below = load.reduce((sum, leaders, b) => sum + Math.max(0, least[b]! - leaders), 0);
  if (above === 0 && below === 0) return null;

  const overloaded = reachedFrom(
    instance,
    leader,
    brokers.filter((b) => load[b]! > most[b]!),
  );
  const partitions: TopicPartition[] = [];
  for (let p = 0; p < leader.length; p++) {
    const { topic, partition } = instance.partitions[p]!;
    if (options.start[p] !== options.start[p + 1] && overloaded[leader[p]!] === 1) partitions.push({ topic, partition });
  }
  const ids = (isIn: (b: number) => boolean): number[] => [...brokers.filter(isIn)].map((b) => brokerIds[b]!).sort((a, b) => a - b);
  return {
    overloaded: ids((b) => overloaded[b] === 1),
    partitions,
    underloaded: ids((b) => load[b]! < least[b]!),
    fewestReplicaMoves: Math.max(above, below),
    replicaMoves: moveReplicas(cluster, instance, leader, load, most, least),
  };
}

/** Takes the last item that fits out of the list. */
function takeLast<Item>(list: Item[], fits: (item: Item) => boolean): Item | undefined {
  const index = list.findLastIndex(fits);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}

/** The brokers that could take a leader, directly or through others, from one of `sources`: their partitions stay among them. */
function reachedFrom({ options, size }: Instance, leader: Int16Array, sources: Int32Array): Uint8Array {
  const reached = new Uint8Array(size);
  for (const b of sources) reached[b] = 1;
  for (let grown = sources.length > 0; grown; ) {
    grown = false;
    for (let p = 0; p < leader.length; p++) {
      if (options.start[p] === options.start[p + 1] || reached[leader[p]!] === 0) continue;
      for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) {
        const b = options.node[slot]!;
        if (reached[b] === 1) continue;
        reached[b] = 1;
        grown = true;
      }
    }
  }
  return reached;
}

function moveReplicas(
  cluster: Cluster,
  instance: Instance,
  leader: Int16Array,
  evenLoad: Int32Array,
  most: Int32Array,
  least: Int32Array,
): readonly ReplicaMove[] {
  const { capacity, brokerIds, fixed, partitions } = instance;
  const load = evenLoad.slice();
  const movable: number[][] = Array.from(load, () => []);
  for (let p = leader.length - 1; p >= 0; p--)
    if (fixed[p] === 0 && leader[p]! >= 0 && leader[p]! < load.length) movable[leader[p]!]!.push(p);
  // The lightest last, to be taken first; among equals the first of its topic.
  for (const list of movable) list.sort((a, b) => weightOf(b) - weightOf(a));

  const rackOf = new Map(cluster.brokers.map(({ id, rack }) => [id, rack ?? null]));
  const moves: ReplicaMove[] = [];
  for (;;) {
    const brokers = [...load.keys()];
    const ratio = (b: number): number => load[b]! / capacity[b]!;
    const donors = brokers.filter((b) => movable[b]!.length > 0);
    const isAnyBelow = brokers.some((b) => load[b]! < least[b]!);
    // First what is above its share; when that is gone, what has a leader more than it needs.
    const giving = donors.filter((b) => load[b]! > most[b]!);
    const from = heaviest(giving.length > 0 ? giving : isAnyBelow ? donors.filter((b) => load[b]! > least[b]!) : []);
    const taking = brokers.filter((b) => load[b]! < (isAnyBelow ? least[b]! : most[b]!));
    if (from === undefined || taking.length === 0) return moves;
    const to = taking.reduce((found, b) => (ratio(b) < ratio(found) ? b : found));
    const p = takeLast(movable[from]!, (candidate) => !partitions[candidate]!.replicas.includes(brokerIds[to]!));
    // All have a replica there that is behind: once that is in sync, no replica needs to move.
    if (p === undefined) return moves;
    moves.push(replicaMove(p, from, to));
    load[from]!--;
    load[to]!++;

    function heaviest(among: readonly number[]): number | undefined {
      return among.reduce<number | undefined>((found, b) => (found === undefined || ratio(b) > ratio(found) ? b : found), undefined);
    }
  }

  function weightOf(p: number): number {
    return partitions[p]!.weight ?? 0;
  }

  function replicaMove(p: number, from: number, to: number): ReplicaMove {
    const { topic, partition, replicas } = partitions[p]!;
    const add = brokerIds[to]!;
    const rack = rackOf.get(add) ?? null;
    const remove = replicas.find((id) => rack !== null && rackOf.get(id) === rack) ?? brokerIds[from]!;
    return { topic, partition, add, remove, replicas: [add, ...replicas.filter((id) => id !== remove)] };
  }
}
