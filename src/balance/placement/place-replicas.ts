import { improveLayout, type LayoutCosts } from './improve-layout.js';
import { createLayout, type Layout } from './layout.js';
import type { PartitionToPlace, PlacedPartition, PlacementBroker, PlacementGoal } from './placement.js';

/**
 * Where replicas go, with as little copied as the goal allows. Each partition is spread over as many racks as can be with the fewest copies
 * that give it its replicas: so never over fewer than before, while there are enough. The same input gives the same placement.
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitions: readonly PartitionToPlace[],
  goal: PlacementGoal,
): readonly PlacedPartition[] {
  const holdersOf = holderCounter(brokers);
  const fits = partitions.map((partition) => partition.replicaCount <= holdersOf(partition));
  const placeable = partitions.filter((_, index) => fits[index]);
  const layout = createLayout(brokers, placeable);
  for (const partition of placeable.keys()) takeAway(layout, partition, placeable[partition]!.replicaCount);
  for (const partition of placeable.keys()) addMissing(layout, partition, placeable[partition]!.replicaCount);
  improveLayout(layout, costsOf(goal, layout, brokers));
  const placed = placeable.map((partition, index) => ({
    topic: partition.topic,
    partition: partition.partition,
    replicas: inPlace(
      partition.replicas,
      layout.held[index]!.map((broker) => brokers[broker]!.id),
    ),
  }));
  let next = 0;
  return partitions.map(({ topic, partition }, index) => (fits[index] ? placed[next++]! : { topic, partition, replicas: null }));
}

/** Says of partitions how many of the brokers may hold them. */
export function holderCounter(brokers: readonly PlacementBroker[]): (partition: Pick<PartitionToPlace, 'replicas'>) => number {
  const takers = brokers.filter(({ mayTake }) => mayTake).length;
  const keepers = new Set(brokers.filter(({ mayTake, mayKeep }) => mayKeep && !mayTake).map(({ id }) => id));
  return ({ replicas }) => takers + replicas.filter((id) => keepers.has(id)).length;
}

/** Gives up replicas that share a rack before others, and of those on the fullest broker; the leader's only if it must. */
function takeAway(layout: Layout, partition: number, replicaCount: number): void {
  const { held, load, isLeader, isAloneInRack, remove } = layout;
  while (held[partition]!.length > replicaCount) {
    const [first = -1] = held[partition]!.toSorted(
      (a, b) =>
        Number(isAloneInRack(partition, a)) - Number(isAloneInRack(partition, b)) ||
        Number(isLeader(partition, a)) - Number(isLeader(partition, b)) ||
        load[b]! - load[a]!,
    );
    remove(partition, first);
  }
}

/** On brokers of racks that it is not in before others, and of those on the emptiest; what it gave up costs nothing to have back. */
function addMissing(layout: Layout, partition: number, replicaCount: number): void {
  const { brokerCount, held, load, mayHold, isAloneInRack, add } = layout;
  while (held[partition]!.length < replicaCount) {
    let best = -1;
    let isNewRack = false;
    for (let broker = 0; broker < brokerCount; broker++) {
      const isEmptier = best < 0 || load[broker]! < load[best]!;
      if (isNewRack && !isEmptier) continue;
      if (!mayHold(partition, broker) || held[partition]!.includes(broker)) continue;
      const addsRack = isAloneInRack(partition, broker);
      if (addsRack === isNewRack ? !isEmptier : isNewRack) continue;
      best = broker;
      isNewRack = addsRack;
    }
    add(partition, best);
  }
}

/** Each cost outweighs all that a cycle can save of those below it. */
function costsOf(goal: PlacementGoal, { brokerCount, load }: Layout, brokers: readonly PlacementBroker[]): LayoutCosts {
  const longest = brokerCount + 1;
  const total = load.reduce((sum, each) => sum + each, 0);
  if (goal === 'fewest') {
    const leader = 4 * (total + 1);
    return { copy: 2 * longest * leader, leader, leave: (of) => 1 - 2 * of, enter: (of) => 2 * of + 1 };
  }
  const copy = 2 * longest;
  const takers = brokers.filter(({ mayTake }) => mayTake).length;
  const low = Math.floor(total / takers);
  const high = Math.ceil(total / takers);
  const outside = (of: number): number => 2 * longest * copy * (Math.max(0, of - high) + Math.max(0, low - of));
  return { copy, leader: 1, leave: (of) => outside(of - 1) - outside(of), enter: (of) => outside(of + 1) - outside(of) };
}

/** What stays keeps its place, and what is new takes the place of what goes. */
function inPlace(before: readonly number[], after: readonly number[]): readonly number[] {
  const added = after.filter((id) => !before.includes(id));
  const replaced = before.flatMap((id) => (after.includes(id) ? [id] : (added.shift() ?? [])));
  return [...replaced, ...added];
}
