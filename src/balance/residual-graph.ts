import { type Arcs, arcBetween } from './arcs.js';
import type { Options } from './instance.js';

/** What a partition that goes from one node to another adds to the number of leader moves, plus 1. */
const HOMEWARD = 0;
const SIDEWAYS = 1;
const AWAY = 2;

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

  readonly #arcs: Arcs;
  readonly #options: Options;
  readonly #home: Int32Array | null;
  readonly #allowed: Uint8Array | null;
  readonly #head: Int32Array;
  /** See `Arcs.neighbours`: that of slot s after it stands at 2s, that before it at 2s + 1. */
  readonly #neighbours: Int32Array;

  /**
   * @param arcs - it takes their room for lists, so that an earlier graph on the same arcs can no longer be changed
   * @param at - per partition the slot of the option that leads it now; the graph keeps and changes it
   * @param home - per partition the slot where leading costs no move, -1 where every option is a move; null where moves do not count
   * @param allowed - per slot 1 where the option may lead, null where all may
   */
  constructor(arcs: Arcs, at: Int32Array, home: Int32Array | null, allowed: Uint8Array | null = null) {
    const { nodes, options } = arcs;
    this.nodes = nodes;
    this.arcStart = arcs.start;
    this.arcTarget = arcs.target;
    this.at = at;
    this.lists = home === null ? 1 : 3;
    this.load = new Int32Array(nodes);
    this.count = new Int32Array(arcs.target.length * this.lists);
    this.#arcs = arcs;
    this.#options = options;
    this.#home = home;
    this.#allowed = allowed;
    this.#head = new Int32Array(arcs.target.length * this.lists).fill(-1);
    this.#neighbours = arcs.neighbours;
    for (let p = 0; p < at.length; p++) {
      if (at[p]! < 0) continue;
      this.load[options.node[at[p]!]!]!++;
      this.#link(p);
    }
  }

  /** Moves one partition of a list of `arc` along it; the list must not be empty. */
  advance(arc: number, list: number): void {
    const slot = this.#head[arc * this.lists + list]!;
    const p = this.#arcs.owner[slot]!;
    this.#unlink(p);
    this.load[this.#options.node[this.at[p]!]!]!--;
    this.at[p] = slot;
    this.load[this.#options.node[slot]!]!++;
    this.#link(p);
  }

  #link(p: number): void {
    const { start } = this.#options;
    const here = this.at[p]!;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (slot === here || (this.#allowed !== null && this.#allowed[slot] === 0)) continue;
      const list = this.#listOf(p, here, slot);
      const head = this.#head[list]!;
      this.#neighbours[2 * slot] = head;
      this.#neighbours[2 * slot + 1] = -1;
      if (head >= 0) this.#neighbours[2 * head + 1] = slot;
      this.#head[list] = slot;
      this.count[list]!++;
    }
  }

  #unlink(p: number): void {
    const { start } = this.#options;
    const here = this.at[p]!;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (slot === here || (this.#allowed !== null && this.#allowed[slot] === 0)) continue;
      const list = this.#listOf(p, here, slot);
      const next = this.#neighbours[2 * slot]!;
      const previous = this.#neighbours[2 * slot + 1]!;
      if (previous >= 0) this.#neighbours[2 * previous] = next;
      else this.#head[list] = next;
      if (next >= 0) this.#neighbours[2 * next + 1] = previous;
      this.count[list]!--;
    }
  }

  #listOf(p: number, from: number, to: number): number {
    const { node } = this.#options;
    const arc = arcBetween(this.#arcs, node[from]!, node[to]!);
    if (this.#home === null) return arc;
    const home = this.#home[p]!;
    return arc * 3 + (to === home ? HOMEWARD : from === home ? AWAY : SIDEWAYS);
  }
}
