import type { Layout } from './layout.js';
import { negativeCycle } from './negative-cycle.js';
import { rankBrokers } from './rank-brokers.js';

/** What makes one layout better than another. Costs are integers, and those of loads are convex. */
export interface LayoutCosts {
  /** Of one copy. */
  readonly copy: number;
  /** Of one leader that loses its replica. */
  readonly leader: number;
  /** What it changes when a broker with that load gives one replica away, or gets one more. */
  readonly leave: (load: number) => number;
  readonly enter: (load: number) => number;
}

/** A replica of `partition` goes from one broker to another. */
interface Step {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** What to know of steps: whether one may be taken, and its cost but for that of loads. */
interface Rules {
  readonly isAllowed: (partition: number, from: number, to: number) => boolean;
  /** What it costs to have a replica of the partition there. A step costs that at `to` less that at `from`. */
  readonly costAt: (partition: number, broker: number) => number;
}

/**
 * Makes the layout cheaper until nothing makes it cheaper. Which broker could hand a replica to which, and at what cost, is a graph; a
 * set of steps that pays is a negative cycle in it, through one more node that stands for the loads. Without one the layout is a
 * minimum cost flow (Ahuja, Magnanti, Orlin, Network Flows, theorem 3.8).
 *
 * Single steps are taken first, since nearly all that pays is one. Each partition stays in as many racks as it is. Racks bind the steps of one
 * partition to each other, which a flow does not know: there the result is the best that single steps and cycles lead to.
 */
export function improveLayout(layout: Layout, costs: LayoutCosts): void {
  const { held, origin, isLeader, mayHold, racksAfter } = layout;
  const racks = Int32Array.from(layout.racks);
  const rules: Rules = {
    isAllowed: (partition, from, to) =>
      mayHold(partition, to) && racksAfter(partition, from, to) >= racks[partition]! && !held[partition]!.includes(to),
    costAt: (partition, broker) =>
      (origin[partition]!.includes(broker) ? 0 : costs.copy) - (isLeader(partition, broker) ? costs.leader : 0),
  };
  takeSingleSteps(layout, costs, rules);
  while (cancelCycles(layout, costs, rules));
}

function take({ add, remove }: Layout, { partition, from, to }: Step): void {
  remove(partition, from);
  add(partition, to);
}

/** Steps between the fullest broker and the emptiest, while one pays. What did not go from one to the other is not looked at again. */
function takeSingleSteps(layout: Layout, { copy, leader, leave, enter }: LayoutCosts, { isAllowed, costAt }: Rules): void {
  const { brokerCount, partitionCount, held, origin, load } = layout;
  /** What each broker holds, and some that it has given away: so that places do not change. Beside it `costAt` that broker. */
  const holdings: readonly Holdings[] = Array.from({ length: brokerCount }, () => ({ partitions: [], costs: [] }));
  const addHolding = (partition: number, broker: number): void => {
    holdings[broker]!.partitions.push(partition);
    holdings[broker]!.costs.push(costAt(partition, broker));
  };
  /** 1 where a partition could go back without a copy, and where a broker could take one back so: others need a copy for each. */
  const couldReturn = new Uint8Array(partitionCount);
  const couldTakeBack = new Uint8Array(brokerCount);
  for (let partition = 0; partition < partitionCount; partition++) {
    for (const broker of held[partition]!) addHolding(partition, broker);
    for (const broker of origin[partition]!) {
      if (held[partition]!.includes(broker)) continue;
      couldReturn[partition] = 1;
      couldTakeBack[broker] = 1;
    }
  }
  const givers = rankBrokers(brokerCount, (broker) => leave(load[broker]!));
  const takers = rankBrokers(brokerCount, (broker) => enter(load[broker]!));
  // Cheap steps first: those that copy nothing and leave the leader, and at last those that cost both.
  let above = Number.NEGATIVE_INFINITY;
  for (const most of [0, leader, copy, copy + leader]) {
    /** For each pair of brokers, how many of what the first holds have been looked at for the second. */
    const looked = new Int32Array(brokerCount * brokerCount);
    while (takeOne(above, most, looked));
    above = most;
  }

  function takeOne(above: number, most: number, looked: Int32Array): boolean {
    for (const from of givers.order) {
      for (const to of takers.order) {
        const gain = leave(load[from]!) + enter(load[to]!);
        if (gain >= 0) break;
        if (from === to) continue;
        const partition = findStep(from, to, { above, most: Math.min(most, -gain - 1) }, looked);
        if (partition < 0) continue;
        take(layout, { partition, from, to });
        addHolding(partition, to);
        couldReturn[partition] = 1;
        couldTakeBack[from] = 1;
        for (const broker of [from, to]) for (const brokers of [givers, takers]) brokers.update(broker);
        return true;
      }
    }
    return false;
  }

  /** The next partition that can go from one to the other at such a cost, -1 where there is none. */
  function findStep(from: number, to: number, { above, most }: { above: number; most: number }, looked: Int32Array): number {
    const { partitions, costs } = holdings[from]!;
    const pair = from * brokerCount + to;
    const mayTakeBack = couldTakeBack[to] === 1;
    for (let i = looked[pair]!; i < partitions.length; i++) {
      const partition = partitions[i]!;
      // With a copy, as mostly.
      let cost = copy - costs[i]!;
      if (mayTakeBack && couldReturn[partition] === 1) cost = costAt(partition, to) - costs[i]!;
      if (cost > most || cost <= above || !held[partition]!.includes(from) || !isAllowed(partition, from, to)) continue;
      looked[pair] = i + 1;
      return partition;
    }
    looked[pair] = partitions.length;
    return -1;
  }
}

interface Holdings {
  readonly partitions: number[];
  readonly costs: number[];
}

/** Takes what cycles pay, until one would touch a partition again; false where none pays. */
function cancelCycles(layout: Layout, { copy, leave, enter }: LayoutCosts, { isAllowed, costAt }: Rules): boolean {
  const { brokerCount, load } = layout;
  const size = brokerCount + 1;
  const loads = brokerCount;
  const { cost, best } = cheapestSteps(layout, copy, { isAllowed, costAt });
  let hasTaken = false;
  for (;;) {
    for (let broker = 0; broker < brokerCount; broker++) {
      cost[loads * size + broker] = leave(load[broker]!);
      cost[broker * size + loads] = enter(load[broker]!);
    }
    const cycle = negativeCycle(size, cost);
    if (cycle === null) return hasTaken;
    const steps = cycle.flatMap((from, index): readonly Step[] => {
      const to = cycle[(index + 1) % cycle.length]!;
      const partition = best[from * size + to]!;
      return partition < 0 ? [] : [{ partition, from, to }];
    });
    const taken: Step[] = [];
    for (const step of steps) {
      // Two steps of one partition that each keep its racks may together not.
      if (!isAllowed(step.partition, step.from, step.to)) break;
      take(layout, step);
      taken.push(step);
    }
    const isWhole = taken.length === steps.length;
    if (isWhole) hasTaken = true;
    else for (const { partition, from, to } of taken.reverse()) take(layout, { partition, from: to, to: from });
    const touched = new Set(steps.map(({ partition }) => partition));
    for (let arc = 0; arc < best.length; arc++) if (touched.has(best[arc]!)) cost[arc] = Number.POSITIVE_INFINITY;
  }
}

/**
 * For each pair of brokers the step that costs least: its cost, and its partition, -1 where there is none. They stand at `from` * size + `to`,
 * of one node more than there are brokers.
 */
function cheapestSteps({ brokerCount, partitionCount, held, origin }: Layout, copy: number, { isAllowed, costAt }: Rules) {
  const size = brokerCount + 1;
  const cost = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  const best = new Int32Array(size * size).fill(-1);
  const consider = (partition: number, from: number, to: number, price: number): void => {
    if (!isAllowed(partition, from, to)) return;
    cost[from * size + to] = price;
    best[from * size + to] = partition;
  };
  for (let partition = 0; partition < partitionCount; partition++) {
    for (const from of held[partition]!) {
      const saved = costAt(partition, from);
      for (const to of origin[partition]!) {
        const price = costAt(partition, to) - saved;
        if (price < cost[from * size + to]!) consider(partition, from, to, price);
      }
      // Whoever never held it needs a copy, which costs the same everywhere.
      const price = copy - saved;
      for (let arc = from * size, end = arc + brokerCount; arc < end; arc++) {
        if (price < cost[arc]!) consider(partition, from, arc - from * size, price);
      }
    }
  }
  return { cost, best };
}
