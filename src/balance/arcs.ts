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
}

/** The arc between two nodes that share a partition. */
export function arcBetween({ start, target }: Arcs, from: number, to: number): number {
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
  const { start, node } = options;
  const partitions = start.length - 1;
  const owner = new Int32Array(node.length);
  for (let p = 0; p < partitions; p++) owner.fill(p, start[p]!, start[p + 1]!);

  const all = groups ?? [{ nodes: { first: 0, end: nodes }, partitions: { first: 0, end: partitions } }];
  const arcStart = new Int32Array(nodes + 1);
  const targets: number[][] = [];
  let arcs = 0;
  const largest = all.reduce((most, group) => Math.max(most, group.nodes.end - group.nodes.first), 0);
  /** Which nodes of a group share a partition. */
  const isArc = new Uint8Array(largest * largest);
  for (const group of all) {
    const { first, end } = group.nodes;
    const width = end - first;
    isArc.fill(0, 0, width * width);
    for (let p = group.partitions.first; p < group.partitions.end; p++) {
      for (let i = start[p]!; i < start[p + 1]!; i++) {
        const row = (node[i]! - first) * width - first;
        for (let j = start[p]!; j < start[p + 1]!; j++) isArc[row + node[j]!] = 1;
      }
    }
    const ofGroup: number[] = [];
    for (let u = 0; u < width; u++) {
      arcStart[first + u] = arcs;
      for (let v = 0; v < width; v++) {
        if (u === v || isArc[u * width + v] === 0) continue;
        ofGroup.push(first + v);
        arcs++;
      }
    }
    targets.push(ofGroup);
  }
  arcStart[nodes] = arcs;
  const target = new Int32Array(arcs);
  let at = 0;
  for (const ofGroup of targets) {
    target.set(ofGroup, at);
    at += ofGroup.length;
  }
  return { nodes, options, start: arcStart, target, owner };
}
