import { createArcs } from './arcs.js';
import { type Bounds, type FewestMoves, fewestMoves } from './fewest-moves.js';
import type { Instance } from './instance.js';

export interface TolerantLeaders extends FewestMoves {
  readonly bounds: Bounds;
}

/**
 * The fewest moves where the spread may be up to `tolerance` above the least. The extra room can lie above the least maximum, below the
 * greatest minimum, or partly here and there. The fewest moves are convex in how it is parted, as minimum costs are in their bounds, so the
 * best part is found by bisection.
 *
 * @param load - leaders per broker in the most even plan
 */
export function withinTolerance(instance: Instance, home: Int32Array, load: Int32Array, tolerance: number): TolerantLeaders {
  const { capacity, options, size } = instance;
  const arcs = createArcs(size, options, null);
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let b = 0; b < size; b++) {
    most = Math.max(most, load[b]! / capacity[b]!);
    least = Math.min(least, load[b]! / capacity[b]!);
  }
  const tried = new Map<number, TolerantLeaders & { readonly moves: number }>();
  const part = (above: number): TolerantLeaders & { readonly moves: number } => {
    const known = tried.get(above);
    if (known !== undefined) return known;
    const bounds = {
      low: Int32Array.from(capacity, (c, b) => Math.min(load[b]!, Math.max(0, Math.ceil(least * c) - (tolerance - above)))),
      high: Int32Array.from(capacity, (c, b) => Math.max(load[b]!, Math.floor(most * c) + above)),
    };
    const chosen = fewestMoves(arcs, home, bounds);
    if (chosen === null) throw new Error('bounds that the most even plan does not meet');
    const found = { ...chosen, bounds, moves: countMoves(chosen.at, home) };
    tried.set(above, found);
    return found;
  };
  let first = 0;
  let last = tolerance;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (part(middle + 1).moves < part(middle).moves) first = middle + 1;
    else last = middle;
  }
  return part(first);
}

function countMoves(at: Int32Array, home: Int32Array): number {
  let moves = 0;
  for (let p = 0; p < at.length; p++) if (at[p] !== home[p]) moves++;
  return moves;
}
