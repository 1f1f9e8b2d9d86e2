import type { Options } from './instance.js';

/** Partitions whose options are all among these nodes. */
export interface Group {
  readonly nodes: { readonly first: number; readonly end: number };
  readonly partitions: { readonly first: number; readonly end: number };
}

/** Which nodes share partitions, and so could pass leaders on: what stays the same whoever leads. */
export interface Arcs {
  readonly nodes: number;
  readonly options: Options;
  /** The arcs of node u are start[u] .. start[u + 1] - 1, by rising target. */
  readonly start: Int32Array;
  readonly target: Int32Array;
  /** Every pair of nodes has an arc, and that between them is `from * nodes + to`. */
  readonly isComplete: boolean;
  /** `matrix[from * nodes + to]` is the arc between them; null where it is known without, or there are too many nodes for it. */
  readonly matrix: Int32Array | null;
  /** How many more options there are than partitions that have some: so often an arc could be taken, whoever leads. */
  readonly openings: number;
}

/** The most cells of a matrix: 16 MB, for 2,000 brokers. */
const MOST_CELLS = 4_000_000;
/** Where at least this part of all pairs of nodes shares a partition, all get an arc: empty ones cost less than looking arcs up. */
const NEARLY_ALL = 0.5;

/** The arc between two nodes that share a partition. */
export function arcBetween({ nodes, start, target, isComplete, matrix }: Arcs, from: number, to: number): number {
  if (isComplete) return from * nodes + to;
  if (matrix !== null) return matrix[from * nodes + to]!;
  let low = start[from]!;
  let high = start[from + 1]! - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (target[middle]! < to) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param allowed - per slot 1 where the option may lead, null where all may
 * @param groups - of all nodes and partitions, in order; one, unless the nodes are of several topics
 */
export function createArcs(nodes: number, options: Options, allowed: Uint8Array | null, groups?: readonly Group[]): Arcs {
  const partitions = options.start.length - 1;
  const isOne = groups === undefined;
  const all = groups ?? [{ nodes: { first: 0, end: nodes }, partitions: { first: 0, end: partitions } }];
  const start = new Int32Array(nodes + 1);
  let target = new Int32Array(0);
  let arcs = 0;
  let openings = 0;
  const largest = all.reduce((most, group) => Math.max(most, group.nodes.end - group.nodes.first), 0);
  /** Which nodes of a group share a partition. */
  const isArc = new Uint8Array(largest * largest);
  for (const group of all) {
    const { first, end } = group.nodes;
    const width = end - first;
    isArc.fill(0, 0, width * width);
    const found = markArcs(isArc, options, allowed, group);
    openings += found.openings;
    let marked = found.arcs;
    if (isOne && marked > NEARLY_ALL * width * width) {
      isArc.fill(1);
      marked = width * width;
    }
    const most = arcs + marked;
    if (most > target.length) {
      const longer = new Int32Array(Math.max(most, 2 * target.length));
      longer.set(target);
      target = longer;
    }
    for (let u = 0; u < width; u++) {
      start[first + u] = arcs;
      for (let v = 0; v < width; v++) if (isArc[u * width + v] === 1) target[arcs++] = first + v;
    }
  }
  start[nodes] = arcs;
  target = target.subarray(0, arcs);
  const isComplete = arcs === nodes * nodes;
  return {
    nodes,
    options,
    start,
    target,
    openings,
    isComplete,
    matrix: !isComplete && nodes * nodes <= MOST_CELLS ? matrixOf(nodes, start, target) : null,
  };
}

function markArcs(
  isArc: Uint8Array,
  { start, node }: Options,
  allowed: Uint8Array | null,
  { nodes: { first, end }, partitions }: Group,
): { readonly arcs: number; readonly openings: number } {
  const width = end - first;
  let arcs = 0;
  let openings = 0;
  for (let p = partitions.first; p < partitions.end; p++) {
    let options = 0;
    for (let i = start[p]!; i < start[p + 1]!; i++) {
      if (allowed !== null && allowed[i] === 0) continue;
      options++;
      const u = node[i]! - first;
      for (let j = i + 1; j < start[p + 1]!; j++) {
        const v = node[j]! - first;
        if (isArc[u * width + v] === 1 || (allowed !== null && allowed[j] === 0)) continue;
        isArc[u * width + v] = 1;
        isArc[v * width + u] = 1;
        arcs += 2;
      }
    }
    openings += Math.max(0, options - 1);
  }
  return { arcs, openings };
}

function matrixOf(nodes: number, start: Int32Array, target: Int32Array): Int32Array {
  const matrix = new Int32Array(nodes * nodes).fill(-1);
  for (let u = 0; u < nodes; u++) for (let arc = start[u]!; arc < start[u + 1]!; arc++) matrix[u * nodes + target[arc]!] = arc;
  return matrix;
}
