import { improveLayout, type LayoutCosts } from './improve-layout.js';
import { createLayout, type Layout } from './layout.js';
import type { PartitionToPlace, PlacedPartition, PlacementBroker, PlacementGoal } from './placement.js';

/**
 * Where replicas go, with as little copied as the goal allows. Each partition is spread over as many racks as can be with the fewest copies
 * that give it its replicas: so never over fewer than before, while there are enough. Of equally good placements one is taken that
 * leaves the most leaders where they are. The same input gives the same placement.
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitions: readonly PartitionToPlace[],
  goal: PlacementGoal,
): readonly PlacedPartition[] {
  const fits = partitions.map((partition) => partition.replicaCount <= holderCount(brokers, partition));
  const placeable = partitions.filter((_, index) => fits[index]);
  const layout = createLayout(brokers, placeable);
  for (const partition of placeable.keys()) takeAway(layout, partition, placeable[partition]!.replicaCount);
  for (const partition of placeable.keys()) addMissing(layout, partition, placeable[partition]!.replicaCount);
  const racks = placeable.map((_, partition) => layout.racksWith(partition, null, null));
  improveLayout(layout, racks, costsOf(goal, layout, brokers));
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

/** How many of the brokers may hold the partition. */
export const holderCount = (brokers: readonly PlacementBroker[], partition: Pick<PartitionToPlace, 'replicas'>): number =>
  brokers.filter((broker) => canHold(broker, partition)).length;

const canHold = ({ id, mayTake, mayKeep }: PlacementBroker, { replicas }: Pick<PartitionToPlace, 'replicas'>): boolean =>
  mayTake || (mayKeep && replicas.includes(id));

/** Gives up replicas that share a rack before others, and of those on the fullest broker; the leader's only if it must. */
function takeAway(layout: Layout, partition: number, replicaCount: number): void {
  const { held, load, isLeader, racksWith, remove } = layout;
  while (held[partition]!.length > replicaCount) {
    const [first = -1] = held[partition]!.toSorted(
      (a, b) =>
        racksWith(partition, b, null) - racksWith(partition, a, null) ||
        Number(isLeader(partition, a)) - Number(isLeader(partition, b)) ||
        load[b]! - load[a]!,
    );
    remove(partition, first);
  }
}

/** On brokers of racks that it is not in before others, and of those on the emptiest; what it gave up costs nothing to have back. */
function addMissing(layout: Layout, partition: number, replicaCount: number): void {
  const { brokerCount, held, load, mayHold, racksWith, add } = layout;
  while (held[partition]!.length < replicaCount) {
    const [first = -1] = Array.from({ length: brokerCount }, (_, broker) => broker)
      .filter((broker) => mayHold(partition, broker) && !held[partition]!.includes(broker))
      .sort((a, b) => racksWith(partition, null, b) - racksWith(partition, null, a) || load[a]! - load[b]!);
    add(partition, first);
  }
}

/** Each cost outweighs all that a cycle can save of those below it. */
function costsOf(goal: PlacementGoal, { brokerCount, load }: Layout, brokers: readonly PlacementBroker[]): LayoutCosts {
  const longest = brokerCount + 1;
  const even = 2 * longest;
  const total = load.reduce((sum, each) => sum + each, 0);
  const copy = even * 4 * (total + 1);
  if (goal === 'fewest') return { copy, leader: 1, leave: (of) => -even * (2 * of - 1), enter: (of) => even * (2 * of + 1) };
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
