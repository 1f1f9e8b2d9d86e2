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
  /** Partition of each slot. */
  readonly owner: Int32Array;
  /** Every pair of nodes has an arc, and that between them is `from * nodes + to`. */
  readonly isComplete: boolean;
  /** `matrix[from * nodes + to]` is the arc between them; null where it is known without, or there are too many nodes for it. */
  readonly matrix: Int32Array | null;
  /** Room for the lists of one graph at a time: per slot the next one of its list, and the one before, side by side in memory. */
  readonly neighbours: Int32Array;
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

/** @param groups - of all nodes and partitions, in order; one, unless the nodes are of several topics */
export function createArcs(nodes: number, options: Options, groups?: readonly Group[]): Arcs {
  const partitions = options.start.length - 1;
  const isOne = groups === undefined;
  const all = groups ?? [{ nodes: { first: 0, end: nodes }, partitions: { first: 0, end: partitions } }];
  const start = new Int32Array(nodes + 1);
  let target = new Int32Array(0);
  let arcs = 0;
  const largest = all.reduce((most, group) => Math.max(most, group.nodes.end - group.nodes.first), 0);
  /** Which nodes of a group share a partition. */
  const isArc = new Uint8Array(largest * largest);
  for (const group of all) {
    const { first, end } = group.nodes;
    const width = end - first;
    isArc.fill(0, 0, width * width);
    let marked = markArcs(isArc, options, group);
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
    owner: ownersOf(options),
    neighbours: new Int32Array(2 * options.node.length),
    isComplete,
    matrix: !isComplete && nodes * nodes <= MOST_CELLS ? matrixOf(nodes, start, target) : null,
  };
}

/** Returns how many arcs there are. */
function markArcs(isArc: Uint8Array, { start, node }: Options, { nodes: { first, end }, partitions }: Group): number {
  const width = end - first;
  let arcs = 0;
  for (let p = partitions.first; p < partitions.end; p++) {
    for (let i = start[p]!; i < start[p + 1]!; i++) {
      const u = node[i]! - first;
      for (let j = i + 1; j < start[p + 1]!; j++) {
        const v = node[j]! - first;
        if (isArc[u * width + v] === 1) continue;
        isArc[u * width + v] = 1;
        isArc[v * width + u] = 1;
        arcs += 2;
      }
    }
  }
  return arcs;
}

function ownersOf({ start, node }: Options): Int32Array {
  const owner = new Int32Array(node.length);
  for (let p = 0; p + 1 < start.length; p++) for (let slot = start[p]!; slot < start[p + 1]!; slot++) owner[slot] = p;
  return owner;
}

function matrixOf(nodes: number, start: Int32Array, target: Int32Array): Int32Array {
  const matrix = new Int32Array(nodes * nodes).fill(-1);
  for (let u = 0; u < nodes; u++) for (let arc = start[u]!; arc < start[u + 1]!; arc++) matrix[u * nodes + target[arc]!] = arc;
  return matrix;
}
