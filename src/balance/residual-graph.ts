import type { Options } from './instance.js';

/** What a partition that goes from one node to another adds to the number of leader moves, plus 1. */
const HOMEWARD = 0;
const SIDEWAYS = 1;
const AWAY = 2;

/** Partitions whose options are all among these nodes. */
export interface Group {
  readonly nodes: { readonly first: number; readonly end: number };
  readonly partitions: { readonly first: number; readonly end: number };
}

/**
 * Which node leads each partition, and what could change: an arc from u to v holds the partitions that u leads and v could lead, so a path
 * of arcs takes one leader from its first node to its last and leaves the loads between them as they are.
 *
 * A million partitions make only as many arcs as there are pairs of brokers that share one, which is why searching is cheap. Each arc keeps
 * its partitions in doubly linked lists, threaded through the slots of the partitions' options: moving a partition costs one step per
 * option. With homes (today's leaders) an arc has three lists, by what a move costs.
 */
export class ResidualGraph {
  readonly nodes: number;
  /** The arcs of node u are arcStart[u] .. arcStart[u + 1] - 1. */
  readonly arcStart: Int32Array;
  readonly arcTarget: Int32Array;
  /** Lists per arc: 3 with homes (cost -1, 0, 1), else 1. */
  readonly lists: 1 | 3;
  /** Length of each list: `count[arc * lists + list]`. */
  readonly count: Int32Array;
  /** Partitions that each node leads. */
  readonly load: Int32Array;
  /** Slot of the node that leads each partition, -1 for a partition without options. */
  readonly at: Int32Array;

  readonly #options: Options;
  readonly #home: Int32Array | null;
  readonly #head: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Partition of each slot. */
  readonly #owner: Int32Array;
  /** The arc from the i-th to the j-th option of partition p, at pairStart[p] + i * options of p + j. */
  readonly #pairArc: Int32Array;
  readonly #pairStart: Int32Array;

  /**
   * @param at - per partition the slot of the option that leads it now; the graph keeps and changes it
   * @param groups - of all nodes and partitions, in order; one, unless the nodes are of several topics
   * @param home - per partition the slot where leading costs no move, -1 where every option is a move; null where moves do not count
   */
  constructor(nodes: number, options: Options, at: Int32Array, home: Int32Array | null, groups?: readonly Group[]) {
    const partitions = at.length;
    const slots = options.node.length;
    this.nodes = nodes;
    this.at = at;
    this.lists = home === null ? 1 : 3;
    this.#options = options;
    this.#home = home;

    this.#owner = new Int32Array(slots);
    this.#pairStart = new Int32Array(partitions);
    let pairs = 0;
    for (let p = 0; p < partitions; p++) {
      this.#pairStart[p] = pairs;
      const width = options.start[p + 1]! - options.start[p]!;
      if (width > 1) pairs += width * width;
      for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) this.#owner[slot] = p;
    }
    this.#pairArc = new Int32Array(pairs);
    this.arcStart = new Int32Array(nodes + 1);
    this.arcTarget = this.#numberArcs(groups ?? [{ nodes: { first: 0, end: nodes }, partitions: { first: 0, end: partitions } }]);

    this.load = new Int32Array(nodes);
    this.count = new Int32Array(this.arcTarget.length * this.lists);
    this.#head = new Int32Array(this.arcTarget.length * this.lists).fill(-1);
    this.#next = new Int32Array(slots).fill(-1);
    this.#previous = new Int32Array(slots).fill(-1);
    for (let p = 0; p < partitions; p++) {
      if (at[p]! < 0) continue;
      this.load[options.node[at[p]!]!]!++;
      this.#link(p);
    }
  }

  /** Moves one partition of a list of `arc` along it; the list must not be empty. */
  advance(arc: number, list: number): void {
    const slot = this.#head[arc * this.lists + list]!;
    const p = this.#owner[slot]!;
    this.#unlink(p);
    this.load[this.#options.node[this.at[p]!]!]!--;
    this.at[p] = slot;
    this.load[this.#options.node[slot]!]!++;
    this.#link(p);
  }

  /** Numbers the arcs, node by node, and notes the arc of every pair of options. */
  #numberArcs(groups: readonly Group[]): Int32Array {
    const { start, node } = this.#options;
    const chunks: number[][] = [];
    let arcs = 0;
    const largest = groups.reduce((most, { nodes }) => Math.max(most, nodes.end - nodes.first), 0);
    const table = new Int32Array(largest * largest);
    for (const { nodes, partitions } of groups) {
      const width = nodes.end - nodes.first;
      table.fill(0, 0, width * width);
      for (let p = partitions.first; p < partitions.end; p++) {
        for (let i = start[p]!; i < start[p + 1]!; i++) {
          const row = (node[i]! - nodes.first) * width - nodes.first;
          for (let j = start[p]!; j < start[p + 1]!; j++) table[row + node[j]!] = 1;
        }
      }
      const targets: number[] = [];
      for (let u = 0; u < width; u++) {
        this.arcStart[nodes.first + u] = arcs;
        for (let v = 0; v < width; v++) {
          if (u === v || table[u * width + v] === 0) continue;
          table[u * width + v] = arcs++;
          targets.push(nodes.first + v);
        }
      }
      chunks.push(targets);
      for (let p = partitions.first; p < partitions.end; p++) {
        let pair = this.#pairStart[p]!;
        if (start[p + 1]! - start[p]! < 2) continue;
        for (let i = start[p]!; i < start[p + 1]!; i++) {
          const row = (node[i]! - nodes.first) * width - nodes.first;
          for (let j = start[p]!; j < start[p + 1]!; j++) this.#pairArc[pair++] = table[row + node[j]!]!;
        }
      }
    }
    this.arcStart[this.nodes] = arcs;
    const targets = new Int32Array(arcs);
    let at = 0;
    for (const chunk of chunks) {
      targets.set(chunk, at);
      at += chunk.length;
    }
    return targets;
  }

  #link(p: number): void {
    const first = this.#options.start[p]!;
    const width = this.#options.start[p + 1]! - first;
    if (width < 2) return;
    const here = this.at[p]!;
    const row = this.#pairStart[p]! + (here - first) * width - first;
    for (let slot = first; slot < first + width; slot++) {
      if (slot === here) continue;
      const list = this.#listOf(p, row + slot, here, slot);
      const head = this.#head[list]!;
      this.#next[slot] = head;
      this.#previous[slot] = -1;
      if (head >= 0) this.#previous[head] = slot;
      this.#head[list] = slot;
      this.count[list]!++;
    }
  }

  #unlink(p: number): void {
    const first = this.#options.start[p]!;
    const width = this.#options.start[p + 1]! - first;
    const here = this.at[p]!;
    const row = this.#pairStart[p]! + (here - first) * width - first;
    for (let slot = first; slot < first + width; slot++) {
      if (slot === here) continue;
      const list = this.#listOf(p, row + slot, here, slot);
      const next = this.#next[slot]!;
      const previous = this.#previous[slot]!;
      if (previous >= 0) this.#next[previous] = next;
      else this.#head[list] = next;
      if (next >= 0) this.#previous[next] = previous;
      this.count[list]!--;
    }
  }

  #listOf(p: number, pair: number, from: number, to: number): number {
    const arc = this.#pairArc[pair]!;
    if (this.#home === null) return arc;
    const home = this.#home[p]!;
    return arc * 3 + (to === home ? HOMEWARD : from === home ? AWAY : SIDEWAYS);
  }
}
