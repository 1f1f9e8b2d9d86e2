import type { Options } from './instance.js';

const MOST_SWEEPS = 10;
/** Flows do the rest better when a sweep moves fewer than one partition in so many. */
const WORTHWHILE = 200;

/**
 * Leaders that are even but for what single steps cannot mend, at a fraction of what flows cost: each partition goes to the option with
 * the least load, and then again to one with at least two leaders fewer, as long as many do.
 *
 * @returns per partition the slot of the option that leads it, -1 for a partition without options
 */
export function nearlyEven({ start, node }: Options, capacity: Int32Array): Int32Array {
  const partitions = start.length - 1;
  const at = new Int32Array(partitions).fill(-1);
  /** For its capacity, as are all loads here. */
  const load = new Float64Array(capacity.length);
  const step = Float64Array.from(capacity, (c) => 1 / c);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let changed = 0;
    for (let p = 0; p < partitions; p++) {
      const own = at[p]!;
      // The load of each option with this partition.
      let best = own;
      let least = own < 0 ? Number.POSITIVE_INFINITY : load[node[own]!]!;
      for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
        const broker = node[slot]!;
        const there = load[broker]! + step[broker]!;
        if (slot === own || there >= least) continue;
        best = slot;
        least = there;
      }
      if (best === own) continue;
      if (own >= 0) load[node[own]!]! -= step[node[own]!]!;
      load[node[best]!]! += step[node[best]!]!;
      at[p] = best;
      changed++;
    }
    if (changed * WORTHWHILE < partitions) break;
  }
  return at;
}
