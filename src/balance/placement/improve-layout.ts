import type { Layout } from './layout.js';
import { negativeCycle } from './negative-cycle.js';

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

/**
 * Makes the layout cheaper until nothing makes it cheaper. Which broker could hand a replica to which, and at what cost, is a graph; a
 * set of steps that pays is a negative cycle in it, through one more node that stands for the loads. Without one the layout is a
 * minimum cost flow (Ahuja, Magnanti, Orlin, Network Flows, theorem 3.8).
 *
 * Single steps are taken first, since nearly all that pays is one. `racks`: in how many each partition must stay. Racks bind the steps of one
 * partition to each other, which a flow does not know: there the result is the best that single steps and cycles lead to.
 */
export function improveLayout(layout: Layout, racks: readonly number[], costs: LayoutCosts): void {
  const isAllowed = ({ partition, from, to }: Step): boolean =>
    layout.mayHold(partition, to) && !layout.held[partition]!.includes(to) && layout.racksWith(partition, from, to) >= racks[partition]!;
  const costOf = ({ partition, from, to }: Step): number =>
    costs.copy * (layout.copies(partition, to) - layout.copies(partition, from)) +
    costs.leader * (Number(layout.isLeader(partition, from)) - Number(layout.isLeader(partition, to)));
  takeSingleSteps(layout, costs, isAllowed, costOf);
  while (cancelCycles(layout, costs, isAllowed, costOf));
}

function take({ add, remove }: Layout, { partition, from, to }: Step): void {
  remove(partition, from);
  add(partition, to);
}

/** Steps between the fullest broker and the emptiest, while one pays. Which pays for no partition is not looked at again. */
function takeSingleSteps(
  layout: Layout,
  { copy, leader, leave, enter }: LayoutCosts,
  isAllowed: (step: Step) => boolean,
  costOf: (step: Step) => number,
): void {
  const { brokerCount, partitionCount, held, load } = layout;
  const holders: number[][] = Array.from({ length: brokerCount }, () => []);
  for (let partition = 0; partition < partitionCount; partition++) for (const broker of held[partition]!) holders[broker]!.push(partition);
  // Cheap steps first: those that copy nothing and leave the leader, and at last those that cost both.
  for (const most of [0, leader, copy, copy + leader]) {
    const isExhausted = new Uint8Array(brokerCount * brokerCount);
    while (takeOne(most, isExhausted));
  }

  function takeOne(most: number, isExhausted: Uint8Array): boolean {
    const brokers = [...load.keys()];
    const givers = brokers.toSorted((a, b) => leave(load[a]!) - leave(load[b]!));
    const takers = brokers.toSorted((a, b) => enter(load[a]!) - enter(load[b]!));
    for (const from of givers) {
      for (const to of takers) {
        const gain = leave(load[from]!) + enter(load[to]!);
        if (gain >= 0) break;
        if (from === to || isExhausted[from * brokerCount + to] === 1) continue;
        const index = holders[from]!.findIndex((partition) => {
          const step = { partition, from, to };
          const cost = costOf(step);
          return cost <= most && cost + gain < 0 && isAllowed(step);
        });
        if (index < 0) {
          isExhausted[from * brokerCount + to] = 1;
          continue;
        }
        const [partition = -1] = holders[from]!.splice(index, 1);
        holders[to]!.push(partition);
        take(layout, { partition, from, to });
        return true;
      }
    }
    return false;
  }
}

/** Takes what cycles pay, until one would touch a partition again; false where none pays. */
function cancelCycles(
  layout: Layout,
  { leave, enter }: LayoutCosts,
  isAllowed: (step: Step) => boolean,
  costOf: (step: Step) => number,
): boolean {
  const { brokerCount, load } = layout;
  const size = brokerCount + 1;
  const loads = brokerCount;
  const cost = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  const best = cheapestSteps(layout, isAllowed, costOf);
  for (const [arc, step] of best) cost[arc] = costOf(step);
  let hasTaken = false;
  for (;;) {
    for (let broker = 0; broker < brokerCount; broker++) {
      cost[loads * size + broker] = leave(load[broker]!);
      cost[broker * size + loads] = enter(load[broker]!);
    }
    const cycle = negativeCycle(size, cost);
    if (cycle === null) return hasTaken;
    const arcs = cycle.map((from, index) => from * size + cycle[(index + 1) % cycle.length]!);
    const steps = arcs.flatMap((arc) => best.get(arc) ?? []);
    const taken: Step[] = [];
    for (const step of steps) {
      // Two steps of one partition that each keep its racks may together not.
      if (!isAllowed(step)) break;
      take(layout, step);
      taken.push(step);
    }
    const isWhole = taken.length === steps.length;
    if (isWhole) hasTaken = true;
    else for (const { partition, from, to } of taken.reverse()) take(layout, { partition, from: to, to: from });
    const touched = new Set(steps.map(({ partition }) => partition));
    for (const [arc, { partition }] of best) if (touched.has(partition)) cost[arc] = Number.POSITIVE_INFINITY;
  }
}

/** For each pair of brokers the step that costs least, by its place in the graph. */
function cheapestSteps(
  { brokerCount, partitionCount, held }: Layout,
  isAllowed: (step: Step) => boolean,
  costOf: (step: Step) => number,
): ReadonlyMap<number, Step> {
  const size = brokerCount + 1;
  const best = new Map<number, Step>();
  const least = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  for (let partition = 0; partition < partitionCount; partition++) {
    for (const from of held[partition]!) {
      for (let to = 0; to < brokerCount; to++) {
        const step = { partition, from, to };
        const cost = costOf(step);
        const arc = from * size + to;
        if (cost >= least[arc]! || !isAllowed(step)) continue;
        least[arc] = cost;
        best.set(arc, step);
      }
    }
  }
  return best;
}
