import { type Arcs, arcBetween } from './arcs.js';
import type { Options } from './instance.js';

/** What a partition that goes from one node to another adds to the number of leader moves, plus 1. */
const HOMEWARD = 0;
const SIDEWAYS = 1;
const AWAY = 2;

/** Room for as many moves as one of so many partitions makes; when they are more the lists grow. */
const SPARE_PARTITIONS = 8;

/**
 * Which node leads each partition, and what could change: an arc from u to v holds the partitions that u leads and v could lead, so a path
 * of arcs takes one leader from its first node to its last and leaves the loads between them as they are.
 *
 * A million partitions make only as many arcs as there are pairs of brokers that share one, which is why searching is cheap. Each arc keeps
 * its partitions in linked lists. A partition that is led elsewhere now is no longer counted, and is dropped from a list when it is met
 * there: so moving a partition touches nothing but the first entries of lists. With homes (today's leaders) an arc has three lists, by what
 * a move costs.
 */
export class ResidualGraph {
  readonly nodes: number;
  /** The arcs of node u are arcStart[u] .. arcStart[u + 1] - 1. */
  readonly arcStart: Int32Array;
  readonly arcTarget: Int32Array;
  /** Lists per arc: 3 with homes (cost -1, 0, 1), else 1. */
  readonly lists: 1 | 3;
  /** Partitions of each list: `count[arc * lists + list]`. */
  readonly count: Int32Array;
  /** Partitions that each node leads. */
  readonly load: Int32Array;
  /** Slot of the node that leads each partition, -1 for a partition without options. */
  readonly at: Int32Array;

  readonly #arcs: Arcs;
  readonly #options: Options;
  readonly #home: Int32Array | null;
  readonly #allowed: Uint8Array | null;
  /** The first entry of each list, -1 for none. */
  readonly #head: Int32Array;
  /** Entry i is a partition at 2i and the next entry of its list at 2i + 1, -1 for none. */
  #entries: Int32Array;
  #used = 0;
  /** The first of the entries that can be used again, which are a list too. */
  #free = -1;

  /**
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
    this.#entries = new Int32Array(2 * (arcs.openings + Math.ceil(at.length / SPARE_PARTITIONS)));
    for (let p = 0; p < at.length; p++) {
      if (at[p]! < 0) continue;
      this.load[options.node[at[p]!]!]!++;
      this.#enter(p);
    }
  }

  /** Moves one partition of a list of `arc`, which leaves `from`, along it; the list must not be empty. */
  advance(from: number, arc: number, list: number): void {
    const p = this.#take(from, arc * this.lists + list);
    const to = this.arcTarget[arc]!;
    this.#leave(p);
    this.load[from]!--;
    this.at[p] = this.#slotOf(p, to);
    this.load[to]!++;
    this.#enter(p);
  }

  /** The first partition of a list that `from` still leads; frees its entry and those before it. */
  #take(from: number, list: number): number {
    const { node } = this.#options;
    const entries = this.#entries;
    for (let entry = this.#head[list]!; ; ) {
      const p = entries[2 * entry]!;
      const next = entries[2 * entry + 1]!;
      entries[2 * entry + 1] = this.#free;
      this.#free = entry;
      if (node[this.at[p]!] === from) {
        this.#head[list] = next;
        return p;
      }
      entry = next;
    }
  }

  #slotOf(p: number, to: number): number {
    const { start, node } = this.#options;
    let slot = start[p]!;
    while (node[slot] !== to) slot++;
    return slot;
  }

  #enter(p: number): void {
    const { start } = this.#options;
    const here = this.at[p]!;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (slot === here || (this.#allowed !== null && this.#allowed[slot] === 0)) continue;
      const list = this.#listOf(p, here, slot);
      const entry = this.#newEntry();
      this.#entries[2 * entry] = p;
      this.#entries[2 * entry + 1] = this.#head[list]!;
      this.#head[list] = entry;
      this.count[list]!++;
    }
  }

  /** Its entries stay where they are: `#take` passes over them. */
  #leave(p: number): void {
    const { start } = this.#options;
    const here = this.at[p]!;
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (slot === here || (this.#allowed !== null && this.#allowed[slot] === 0)) continue;
      this.count[this.#listOf(p, here, slot)]!--;
    }
  }

  #newEntry(): number {
    const entry = this.#free;
    if (entry >= 0) {
      this.#free = this.#entries[2 * entry + 1]!;
      return entry;
    }
    if (2 * this.#used === this.#entries.length) {
      const longer = new Int32Array(this.#entries.length + (this.#entries.length >> 2) + 64);
      longer.set(this.#entries);
      this.#entries = longer;
    }
    return this.#used++;
  }

  #listOf(p: number, from: number, to: number): number {
    const { node } = this.#options;
    const arc = arcBetween(this.#arcs, node[from]!, node[to]!);
    if (this.#home === null) return arc;
    const home = this.#home[p]!;
    return arc * 3 + (to === home ? HOMEWARD : from === home ? AWAY : SIDEWAYS);
  }
}
