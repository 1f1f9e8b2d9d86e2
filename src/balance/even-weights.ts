import type { WeightReport } from './balance-plan.js';
import type { Bounds } from './fewest-moves.js';
import type { Instance, Options } from './instance.js';

export interface EvenWeights {
  /** Per partition the slot of the option that leads it. */
  readonly at: Int32Array;
  readonly report: WeightReport;
}

/**
 * Goal 6: among the plans with least loads one whose brokers also lead an even weight of bytes or messages.
 *
 * To find the best is NP-hard (two brokers that share everything are PARTITION), so this searches: two brokers swap leaders, or one that may
 * have one leader less gives it to one that may have one more, where that lowers the sum of squares of the weights, the heaviest broker
 * first. Swaps keep the numbers of leaders, so goal 2 stays optimal. Small clusters are then finished by branch and bound.
 *
 * The lower bound: any set of brokers must carry the weight that can be led nowhere else, and somebody the heaviest partition.
 * @param allowed - per slot 1 for options of the least level: every choice of these within `bounds` has least loads
 * @param start - per partition the slot of the option that leads it to begin with
 */
export function evenWeights(instance: Instance, allowed: Uint8Array, bounds: Bounds, start: Int32Array): EvenWeights {
  const { options, slotOf, kept } = keepAllowed(instance.options, allowed);
  const { at, report } = search(
    instance,
    options,
    bounds,
    start.map((slot) => (slot < 0 ? -1 : kept[slot]!)),
  );
  return { at: at.map((slot) => (slot < 0 ? -1 : slotOf[slot]!)), report };
}

function keepAllowed({ start, node }: Options, allowed: Uint8Array) {
  const slotOf = Int32Array.from(node.keys()).filter((slot) => allowed[slot] === 1);
  const kept = new Int32Array(node.length).fill(-1);
  slotOf.forEach((slot, index) => {
    kept[slot] = index;
  });
  const keptStart = new Int32Array(start.length);
  for (let p = 0; p + 1 < start.length; p++) {
    keptStart[p + 1] = keptStart[p]!;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) keptStart[p + 1]! += allowed[slot]!;
  }
  return { options: { start: keptStart, node: slotOf.map((slot) => node[slot]!) }, slotOf, kept };
}

function search(instance: Instance, options: Options, bounds: Bounds, start: Int32Array): EvenWeights {
  const { size, partitions } = instance;
  const weight = Float64Array.from(partitions, (partition) => partition.weight ?? 0);
  const state = createState(size, options, weight, start);
  const isDone = new Uint8Array(size);
  for (let heavy = heaviest(state.total, isDone); heavy >= 0; heavy = heaviest(state.total, isDone)) {
    const exchange = bestExchange(heavy);
    if (exchange === null) {
      isDone[heavy] = 1;
      continue;
    }
    const { give, take, to } = exchange;
    state.move(give, to);
    if (take >= 0) state.move(take, heavy);
    // What changed may make others improvable again.
    isDone.fill(0);
  }
  const bound = lowerBound(size, options, weight, state.total);
  const found = branchAndBound(size, options, bounds, weight, state.at, Math.max(0, ...state.total), bound.weight);
  const at = found.at ?? state.at;
  const after = totals(size, options, weight, at);
  const before = new Float64Array(size);
  for (let p = 0; p < weight.length; p++) {
    const leader = instance.leader[p]!;
    if (leader >= 0 && leader < size) before[leader]! += weight[p]!;
  }
  const max = Math.max(0, ...after);
  const proven = found.isComplete ? max : bound.weight;
  return {
    at,
    report: {
      before: rowsOf(instance, before),
      after: rowsOf(instance, after),
      max,
      lowerBound: proven,
      gap: proven > 0 ? max / proven - 1 : 0,
      confined: { brokers: bound.brokers.map((b) => instance.brokerIds[b]!).sort((a, b) => a - b), weight: bound.confined },
      heaviestPartition: bound.heaviestPartition,
      isExhaustive: found.isComplete && max > bound.weight,
    },
  };

  /** The exchange with a lighter broker that lowers the sum of squares most; `take` is -1 where nothing comes back. */
  function bestExchange(heavy: number): { give: number; take: number; to: number } | null {
    const given = new Map<number, number[]>();
    for (const p of state.ledBy[heavy]!) {
      for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) {
        const to = options.node[slot]!;
        if (to === heavy || state.total[to]! >= state.total[heavy]!) continue;
        const list = given.get(to);
        if (list === undefined) given.set(to, [p]);
        else list.push(p);
      }
    }
    let best: { give: number; take: number; to: number } | null = null;
    let bestGain = 1e-9 * state.total[heavy]! * state.total[heavy]!;
    // The lightest partners first; when one of them helps, the rest need not be tried.
    for (const [to, gives] of [...given].sort(([a], [b]) => state.total[a]! - state.total[b]! || a - b)) {
      if (best !== null) break;
      const difference = state.total[heavy]! - state.total[to]!;
      const consider = (give: number, take: number): void => {
        const shifted = weight[give]! - (take < 0 ? 0 : weight[take]!);
        const gain = 2 * shifted * (difference - shifted);
        if (gain <= bestGain) return;
        bestGain = gain;
        best = { give, take, to };
      };
      const mayShift = state.count[heavy]! > bounds.low[heavy]! && state.count[to]! < bounds.high[to]!;
      const takes = [...state.ledBy[to]!].filter((q) => state.canLead(q, heavy)).sort((a, b) => weight[a]! - weight[b]! || a - b);
      for (const give of gives) {
        if (mayShift) consider(give, -1);
        // Half the difference is what best goes over.
        const aim = weight[give]! - difference / 2;
        let low = 0;
        let high = takes.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (weight[takes[middle]!]! < aim) low = middle + 1;
          else high = middle;
        }
        if (low > 0) consider(give, takes[low - 1]!);
        if (low < takes.length) consider(give, takes[low]!);
      }
    }
    return best;
  }
}

function createState(size: number, options: Options, weight: Float64Array, start: Int32Array) {
  const at = start.slice();
  const total = totals(size, options, weight, at);
  const ledBy: Set<number>[] = Array.from({ length: size }, () => new Set());
  const count = new Int32Array(size);
  for (let p = 0; p < at.length; p++) {
    if (at[p]! < 0) continue;
    ledBy[options.node[at[p]!]!]!.add(p);
    count[options.node[at[p]!]!]!++;
  }
  const slotOf = (p: number, broker: number): number => {
    for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) if (options.node[slot] === broker) return slot;
    return -1;
  };
  const move = (p: number, to: number): void => {
    const from = options.node[at[p]!]!;
    ledBy[from]!.delete(p);
    count[from]!--;
    total[from]! -= weight[p]!;
    at[p] = slotOf(p, to);
    ledBy[to]!.add(p);
    count[to]!++;
    total[to]! += weight[p]!;
  };
  return { at, total, ledBy, count, move, canLead: (p: number, broker: number): boolean => slotOf(p, broker) >= 0 };
}

function totals(size: number, options: Options, weight: Float64Array, at: Int32Array): Float64Array {
  const total = new Float64Array(size);
  for (let p = 0; p < at.length; p++) if (at[p]! >= 0) total[options.node[at[p]!]!]! += weight[p]!;
  return total;
}

function heaviest(total: Float64Array, isDone: Uint8Array): number {
  let found = -1;
  for (let b = 0; b < total.length; b++) if (isDone[b] === 0 && (found < 0 || total[b]! > total[found]!)) found = b;
  return found;
}

/** The best of the bounds from the heaviest 1, 2, 3, ... brokers and from the heaviest partition. */
function lowerBound(size: number, options: Options, weight: Float64Array, total: Float64Array) {
  const order = [...total.keys()].sort((a, b) => total[b]! - total[a]! || a - b);
  const rank = new Int32Array(size);
  order.forEach((b, i) => {
    rank[b] = i;
  });
  const confinedTo = new Float64Array(size);
  let heaviestPartition = 0;
  for (let p = 0; p < weight.length; p++) {
    let last = -1;
    for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) last = Math.max(last, rank[options.node[slot]!]!);
    if (last < 0) continue;
    confinedTo[last]! += weight[p]!;
    heaviestPartition = Math.max(heaviestPartition, weight[p]!);
  }
  let best = { weight: 0, brokers: 0, confined: 0 };
  let confined = 0;
  for (let i = 0; i < size; i++) {
    confined += confinedTo[i]!;
    if (confined / (i + 1) > best.weight) best = { weight: confined / (i + 1), brokers: i + 1, confined };
  }
  return {
    weight: Math.max(best.weight, heaviestPartition),
    brokers: order.slice(0, best.brokers),
    confined: best.confined,
    heaviestPartition,
  };
}

/** Steps that finish clusters of some 20 partitions with a choice; beyond that the search ends where it is. */
const MOST_STEPS = 300_000;

/**
 * Depth first over the partitions with a choice, the heaviest first, for a smaller maximum.
 * `isComplete`: nothing is better than what was found.
 */
function branchAndBound(
  size: number,
  options: Options,
  bounds: Bounds,
  weight: Float64Array,
  start: Int32Array,
  startMax: number,
  bound: number,
): { at: Int32Array | null; isComplete: boolean } {
  const total = new Float64Array(size);
  const count = new Int32Array(size);
  const open: number[] = [];
  const at = start.slice();
  for (let p = 0; p < at.length; p++) {
    if (at[p]! < 0) continue;
    if (options.start[p + 1]! - options.start[p]! > 1) open.push(p);
    else {
      total[options.node[at[p]!]!]! += weight[p]!;
      count[options.node[at[p]!]!]!++;
    }
  }
  open.sort((a, b) => weight[b]! - weight[a]! || a - b);
  let best = startMax;
  let found: Int32Array | null = null;
  let steps = 0;
  // A sum in another order differs in its last digits; that is no better plan.
  const isBelowBest = (value: number): boolean => value < best * (1 - 1e-12);
  // Deeper than this it could not end within the steps anyway.
  if (open.length > 200) return { at: null, isComplete: !isBelowBest(bound) };
  descend(0);
  return { at: found, isComplete: steps < MOST_STEPS || !isBelowBest(bound) };

  function descend(index: number): void {
    if (++steps >= MOST_STEPS || !isBelowBest(bound)) return;
    let missing = 0;
    for (let b = 0; b < size; b++) missing += Math.max(0, bounds.low[b]! - count[b]!);
    if (missing > open.length - index) return;
    if (index === open.length) {
      const max = Math.max(...total);
      if (!isBelowBest(max)) return;
      best = max;
      found = at.slice();
      return;
    }
    const p = open[index]!;
    const slots: number[] = [];
    for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) slots.push(slot);
    slots.sort((a, b) => total[options.node[a]!]! - total[options.node[b]!]! || a - b);
    for (const slot of slots) {
      const b = options.node[slot]!;
      if (count[b]! >= bounds.high[b]! || !isBelowBest(total[b]! + weight[p]!)) continue;
      const before = total[b]!;
      total[b]! += weight[p]!;
      count[b]!++;
      at[p] = slot;
      descend(index + 1);
      total[b] = before;
      count[b]!--;
    }
  }
}

const rowsOf = ({ brokerIds }: Instance, total: Float64Array) =>
  [...total].map((weight, b) => ({ broker: brokerIds[b]!, weight })).sort((a, b) => a.broker - b.broker);
