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
  /** From pairStart[p] on the arcs from the first option of partition p to each of the others, then those from the second, and so on. */
  readonly pairArc: Int32Array;
  readonly pairStart: Int32Array;
}

/** @param groups - of all nodes and partitions, in order; one, unless the nodes are of several topics */
export function createArcs(nodes: number, options: Options, groups?: readonly Group[]): Arcs {
  const { start, node } = options;
  const partitions = start.length - 1;
  const owner = new Int32Array(node.length);
  const pairStart = new Int32Array(partitions);
  let pairs = 0;
  for (let p = 0; p < partitions; p++) {
    pairStart[p] = pairs;
    const width = start[p + 1]! - start[p]!;
    pairs += width * (width - 1);
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) owner[slot] = p;
  }

  const all = groups ?? [{ nodes: { first: 0, end: nodes }, partitions: { first: 0, end: partitions } }];
  const pairArc = new Int32Array(pairs);
  const arcStart = new Int32Array(nodes + 1);
  const targets: number[][] = [];
  let arcs = 0;
  const largest = all.reduce((most, group) => Math.max(most, group.nodes.end - group.nodes.first), 0);
  /** From each node of a group to each: first whether there is an arc, then its number. */
  const table = new Int32Array(largest * largest);
  for (const group of all) {
    const { first, end } = group.nodes;
    const width = end - first;
    table.fill(0, 0, width * width);
    for (let p = group.partitions.first; p < group.partitions.end; p++) {
      for (let i = start[p]!; i < start[p + 1]!; i++) {
        const row = (node[i]! - first) * width - first;
        for (let j = start[p]!; j < start[p + 1]!; j++) table[row + node[j]!] = 1;
      }
    }
    const ofGroup: number[] = [];
    for (let u = 0; u < width; u++) {
      arcStart[first + u] = arcs;
      for (let v = 0; v < width; v++) {
        if (u === v || table[u * width + v] === 0) continue;
        table[u * width + v] = arcs++;
        ofGroup.push(first + v);
      }
    }
    targets.push(ofGroup);
    for (let p = group.partitions.first; p < group.partitions.end; p++) {
      let pair = pairStart[p]!;
      for (let i = start[p]!; i < start[p + 1]!; i++) {
        const row = (node[i]! - first) * width - first;
        for (let j = start[p]!; j < start[p + 1]!; j++) if (j !== i) pairArc[pair++] = table[row + node[j]!]!;
      }
    }
  }
  arcStart[nodes] = arcs;
  const target = new Int32Array(arcs);
  let at = 0;
  for (const ofGroup of targets) {
    target.set(ofGroup, at);
    at += ofGroup.length;
  }
  return { nodes, options, start: arcStart, target, owner, pairArc, pairStart };
}
