import { createArcs } from './arcs.js';
import { type Bounds, type FewestMoves, fewestMoves } from './fewest-moves.js';
import type { Instance, Options } from './instance.js';
import { leastLoads } from './least-loads.js';
import { compareLevels, type Level, leastAt, levelOf, mostAt } from './levels.js';
import { nearlyEven } from './nearly-even.js';
import { ResidualGraph } from './residual-graph.js';

/** Leaders that meet goals 2 and 4, with what proves it. */
export interface ChosenLeaders extends FewestMoves {
  readonly levels: readonly Level[];
  readonly bounds: Bounds;
}

/** Per partition the slot of today's leader, -1 where it is none of the options. */
export function homes({ options: { start, node }, leader }: Pick<Instance, 'options' | 'leader'>): Int32Array {
  const home = new Int32Array(leader.length).fill(-1);
  for (let p = 0; p < leader.length; p++) {
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) if (node[slot] === leader[p]) home[p] = slot;
  }
  return home;
}

/** Per partition the broker that leads it: the option at its slot, or what is settled where there are no options. */
export function leadersAt({ options, settled }: Instance, at: Int32Array): Int16Array {
  return settled.map((broker, p) => (at[p]! >= 0 ? options.node[at[p]!]! : broker));
}

/** @param home - as `homes` gives it */
export function chooseLeaders(instance: Instance, home: Int32Array): ChosenLeaders {
  const { options, capacity, size } = instance;

  // Mostly one level fits all brokers. Then it is proven by being possible, and the loads need not be found first.
  const everyone = Int32Array.from({ length: size }, (_, b) => b);
  const together = levelOf(partitionsWithOptions(options), everyone, capacity);
  const shared: readonly Level[] = new Array(size).fill(together);
  const sharedBounds = boundsOf(shared, capacity);
  const arcs = createArcs(size, options, null);
  const even = mayFit(options, sharedBounds) ? fewestMoves(arcs, home, sharedBounds) : null;
  if (even !== null) return { ...even, levels: shared, bounds: sharedBounds };

  // Only the levels are wanted, so it does not matter who leads today.
  const graph = new ResidualGraph(arcs, nearlyEven(options, capacity), null);
  const levels = leastLoads(graph, capacity);
  const bounds = boundsOf(levels, capacity);
  const allowed = leastLevels(options, levels);
  // Brokers of one level share far fewer partitions than all do.
  const chosen = fewestMoves(createArcs(size, options, allowed), home, bounds, allowed);
  if (chosen === null) throw new Error('least loads that no choice of leaders has');
  return { ...chosen, levels, bounds };
}

/** Could each broker by itself have so many leaders? A quick no for new brokers that hold little. */
function mayFit({ start, node }: Options, { low, high }: Bounds): boolean {
  const most = new Int32Array(low.length);
  const least = new Int32Array(low.length);
  for (let p = 0; p + 1 < start.length; p++) {
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) most[node[slot]!]!++;
    if (start[p + 1]! - start[p]! === 1) least[node[start[p]!]!]!++;
  }
  return most.every((leaders, b) => leaders >= low[b]! && least[b]! <= high[b]!);
}

/** Every optimal plan has loads within these. */
function boundsOf(levels: readonly Level[], capacity: Int32Array): Bounds {
  return {
    low: Int32Array.from(capacity, (c, b) => Math.max(0, leastAt(levels[b]!, c))),
    high: Int32Array.from(capacity, (c, b) => mostAt(levels[b]!, c)),
  };
}

/** Per slot 1 where the option is of the least level of its partition: only these lead in an optimal plan. */
export function leastLevels({ start, node }: Options, levels: readonly Level[]): Uint8Array {
  const isLeast = new Uint8Array(node.length);
  const rank = ranksOf(levels);
  for (let p = 0; p + 1 < start.length; p++) {
    let least = levels.length;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) least = Math.min(least, rank[node[slot]!]!);
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) isLeast[slot] = rank[node[slot]!] === least ? 1 : 0;
  }
  return isLeast;
}

/** A number per level that rises with it. */
function ranksOf(levels: readonly Level[]): Int32Array {
  const rising = [...levels.keys()].sort((a, b) => compareLevels(levels[a]!, levels[b]!));
  const rank = new Int32Array(levels.length);
  for (let i = 1; i < rising.length; i++) {
    const [below, here] = [rising[i - 1]!, rising[i]!];
    rank[here] = rank[below]! + (compareLevels(levels[here]!, levels[below]!) > 0 ? 1 : 0);
  }
  return rank;
}

function partitionsWithOptions({ start }: Options): number {
  let count = 0;
  for (let p = 0; p + 1 < start.length; p++) if (start[p + 1]! > start[p]!) count++;
  return count;
}
