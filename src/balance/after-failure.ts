import type { Instance } from './instance.js';
import type { Level } from './levels.js';

/**
 * Goal 5. When broker f fails, Kafka elects for each partition that it led the first replica of the list that is in the ISR and alive: its
 * heir. Only partitions that f leads have a say in what happens when f fails, so the choices for different f do not touch each other, and
 * each is goal 2 again: partitions of f, options without f, and the loads of the others as a base that is there already.
 *
 * Each of these problems is small, so it is solved by cost-reducing paths (Harvey, Ladner, Lovász, Tamir): while a leader can go from a
 * broker along a path to one that has at least two fewer, it goes. They start from today's heirs, so orders change only where it helps.
 */
export interface Succession {
  /** Per partition the broker that leads it after its leader failed, -1 for none. */
  readonly heir: Int32Array;
  /**
   * Makes the heirs of the partitions that `failed` leads even, in `heir`.
   * @returns the level of every broker that one of them can go to, null for the other brokers
   */
  readonly evenOut: (failed: number) => readonly (Level | null)[];
}

/** Today's heirs, given the new leaders: where the rest of the order stays as it is. */
export function createSuccession(instance: Instance, leader: Int32Array, load: Int32Array): Succession {
  const { size, capacity, replicaStart, replica, electable, fixed } = instance;
  const partitions = leader.length;
  const heir = new Int32Array(partitions);
  for (let p = 0; p < partitions; p++) heir[p] = heirToday(instance, p, leader[p]!);

  const led = groupByLeader(leader, instance.brokerIds.length);
  // The partitions that each broker would inherit, as doubly linked lists.
  const head = new Int32Array(size).fill(-1);
  const next = new Int32Array(partitions);
  const previous = new Int32Array(partitions);
  const now = new Int32Array(size);
  const seen = new Int32Array(size);
  let search = 0;
  const reachedBy = new Int32Array(size);
  const reachedFrom = new Int32Array(size);
  const queue = new Int32Array(size);

  return { heir, evenOut };

  function evenOut(failed: number): readonly (Level | null)[] {
    const levels: (Level | null)[] = new Array(size).fill(null);
    now.set(load.subarray(0, size));
    const heirs: number[] = [];
    const isHeir = new Uint8Array(size);
    const note = (broker: number): void => {
      if (isHeir[broker] === 1) return;
      isHeir[broker] = 1;
      heirs.push(broker);
    };
    for (let i = led.start[failed]!; i < led.start[failed + 1]!; i++) {
      const p = led.partition[i]!;
      const broker = heir[p]!;
      if (broker < 0 || broker >= size) continue;
      now[broker]!++;
      if (fixed[p] === 1) continue;
      link(p, broker);
      note(broker);
    }
    for (let from = busiest(heirs, levels); from >= 0; from = busiest(heirs, levels)) {
      const reached = explore(from, failed);
      const to = queue[reached - 1]!;
      if (isLighter(to, from)) {
        shift(from, to);
        note(to);
      } else {
        // Nothing that `from` reaches can take a leader from it, nor, as it is the busiest, from one another: they are done.
        const level = { leaders: now[from]!, capacity: capacity[from]! };
        for (let i = 0; i < reached; i++) levels[queue[i]!] ??= level;
      }
    }
    for (const broker of heirs) head[broker] = -1;
    return levels;
  }

  /** The broker with the most leaders for its capacity among those that inherit and are not done. */
  function busiest(heirs: readonly number[], levels: readonly (Level | null)[]): number {
    let found = -1;
    for (const broker of heirs) {
      if (levels[broker] !== null || head[broker]! < 0) continue;
      if (found < 0 || now[broker]! * capacity[found]! > now[found]! * capacity[broker]!) found = broker;
    }
    return found;
  }

  /** Would `to` with one leader more still have less for its capacity than `from` now? */
  function isLighter(to: number, from: number): boolean {
    return (now[to]! + 1) * capacity[from]! < now[from]! * capacity[to]!;
  }

  /** Breadth first from a broker along the partitions it inherits, into `queue`, up to the first lighter broker. Gives the number reached. */
  function explore(from: number, failed: number): number {
    search++;
    seen[from] = search;
    queue[0] = from;
    let reached = 1;
    for (let i = 0; i < reached; i++) {
      const broker = queue[i]!;
      for (let p = head[broker]!; p >= 0; p = next[p]!) {
        for (let slot = replicaStart[p]!; slot < replicaStart[p + 1]!; slot++) {
          const option = replica[slot]!;
          if (electable[slot] === 0 || option >= size || option === failed || seen[option] === search) continue;
          seen[option] = search;
          reachedBy[option] = p;
          reachedFrom[option] = broker;
          queue[reached++] = option;
          if (isLighter(option, from)) return reached;
        }
      }
    }
    return reached;
  }

  function shift(from: number, to: number): void {
    now[from]!--;
    now[to]!++;
    for (let broker = to; broker !== from; broker = reachedFrom[broker]!) {
      const p = reachedBy[broker]!;
      unlink(p, reachedFrom[broker]!);
      link(p, broker);
      heir[p] = broker;
    }
  }

  function link(p: number, broker: number): void {
    const first = head[broker]!;
    next[p] = first;
    previous[p] = -1;
    if (first >= 0) previous[first] = p;
    head[broker] = p;
  }

  function unlink(p: number, broker: number): void {
    if (previous[p]! >= 0) next[previous[p]!] = next[p]!;
    else head[broker] = next[p]!;
    if (next[p]! >= 0) previous[next[p]!] = previous[p]!;
  }
}

/** The first electable replica beside the leader; excluded brokers stand last but in fixed partitions, whose order is what it is. */
export function heirToday({ size, replicaStart, replica, electable, fixed }: Instance, p: number, leader: number): number {
  let excluded = -1;
  for (let slot = replicaStart[p]!; slot < replicaStart[p + 1]!; slot++) {
    const broker = replica[slot]!;
    if (electable[slot] === 0 || broker === leader) continue;
    if (broker < size || fixed[p] === 1) return broker;
    if (excluded < 0) excluded = broker;
  }
  return excluded;
}

export interface LedPartitions {
  readonly start: Int32Array;
  readonly partition: Int32Array;
}

/** The partitions of each leader, in order. */
export function groupByLeader(leader: Int32Array, brokers: number): LedPartitions {
  const start = new Int32Array(brokers + 1);
  for (const broker of leader) if (broker >= 0) start[broker + 1]!++;
  for (let b = 0; b < brokers; b++) start[b + 1]! += start[b]!;
  const at = start.slice();
  const partition = new Int32Array(start[brokers]!);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) partition[at[leader[p]!]!++] = p;
  return { start, partition };
}
