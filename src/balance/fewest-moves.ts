import type { Arcs } from './arcs.js';
import type { Options } from './instance.js';
import { minCostFlow } from './min-cost-flow.js';
import { ResidualGraph } from './residual-graph.js';

/** How many leaders each node may have, both ends included. */
export interface Bounds {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export interface FewestMoves {
  /** Per partition the slot of the option that leads it, -1 for a partition without options. */
  readonly at: Int32Array;
  /** Per node what a leader there is worth in moves: see certificate.ts. */
  readonly potential: Int32Array;
  /** The potential that a node has whose load could rise as well as fall. */
  readonly threshold: number;
}

/**
 * Goal 4: leaders within `bounds`, with the fewest that differ from today's.
 *
 * A minimum cost flow in which only what must move does: it starts from today's leaders, where nothing costs anything, and evens out from
 * there. Loads that may be anything within their bounds meet in one more node, the hub.
 *
 * @param home - per partition the slot of today's leader, -1 where it is none of the options
 * @param allowed - per slot 1 where the option may lead, null where all may
 * @returns null where no choice of leaders lies within the bounds
 */
export function fewestMoves(arcs: Arcs, home: Int32Array, bounds: Bounds, allowed: Uint8Array | null = null): FewestMoves | null {
  const size = arcs.nodes;
  const graph = new ResidualGraph(arcs, leastLoadedWhereHomeless(size, arcs.options, home, allowed), home, allowed);
  const hub = size;
  const flow = new Int32Array(size);
  const excess = new Int32Array(size + 1);
  for (let b = 0; b < size; b++) {
    flow[b] = Math.min(bounds.high[b]!, Math.max(bounds.low[b]!, graph.load[b]!));
    excess[b] = graph.load[b]! - flow[b]!;
    excess[hub]! -= excess[b]!;
  }
  const links = {
    from: Int32Array.from({ length: size }, (_, b) => b),
    to: new Int32Array(size).fill(hub),
    flow,
    low: bounds.low,
    high: bounds.high,
    weight: new Int32Array(size),
  };
  const potential = new Int32Array(size + 1);
  if (!minCostFlow(graph, size + 1, links, excess, potential)) return null;
  return { at: graph.at, potential: potential.subarray(0, size), threshold: potential[hub]! };
}

/** Today's leaders where they are allowed; other partitions are led, to begin with, by the option that leads least. */
export function leastLoadedWhereHomeless(
  nodes: number,
  { start, node }: Options,
  home: Int32Array,
  allowed: Uint8Array | null = null,
): Int32Array {
  const at = allowed === null ? home.slice() : home.map((slot) => (slot >= 0 && allowed[slot] === 1 ? slot : -1));
  const load = new Int32Array(nodes);
  for (let p = 0; p < at.length; p++) if (at[p]! >= 0) load[node[at[p]!]!]!++;
  for (let p = 0; p < at.length; p++) {
    if (at[p]! >= 0) continue;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (allowed !== null && allowed[slot] === 0) continue;
      if (at[p]! < 0 || load[node[slot]!]! < load[node[at[p]!]!]!) at[p] = slot;
    }
    if (at[p]! >= 0) load[node[at[p]!]!]!++;
  }
  return at;
}
