import type { Instance } from './instance.js';
import type { Level } from './levels.js';

/**
 * Goal 5. When broker f fails, Kafka elects for each partition that it led the first replica of the list that is in the ISR and alive: its
 * heir. Only partitions that f leads have a say in what happens when f fails, so the choices for different f do not touch each other, and
 * each is goal 2 again: partitions of f, options without f, and the loads of the others as a base that is there already.
 *
 * Each of these problems is small, so it is solved by cost-reducing paths (Harvey, Ladner, Lovász, Tamir): while a leader can go from a
 * broker along a path to one that has at least two fewer, it goes. The busiest brokers go first, all together (blocking flows, as in
 * max-flow.ts). They start from today's heirs, so orders change only where it helps.
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
  const heir = heirsToday(instance, leader);

  const led = groupByLeader(leader, instance.brokerIds.length);
  // The partitions that each broker would inherit, as doubly linked lists.
  const head = new Int32Array(size).fill(-1);
  const next = new Int32Array(partitions);
  const previous = new Int32Array(partitions);
  const now = new Int32Array(size);
  // Of the current search.
  let search = 0;
  const seen = new Int32Array(size);
  const depth = new Int32Array(size);
  const cursor = new Int32Array(size);
  const queue = new Int32Array(size);
  const path = new Int32Array(size + 1);
  const via = new Int32Array(size + 1);

  return { heir, evenOut };

  function evenOut(failed: number): readonly (Level | null)[] {
    const levels: (Level | null)[] = new Array(size).fill(null);
    now.set(load.subarray(0, size));
    const heirs = new Set<number>();
    for (let i = led.start[failed]!; i < led.start[failed + 1]!; i++) {
      const p = led.partition[i]!;
      const broker = heir[p]!;
      if (broker < 0 || broker >= size) continue;
      now[broker]!++;
      if (fixed[p] === 1) continue;
      link(p, broker);
      heirs.add(broker);
    }
    for (let busiest = findBusiest(heirs, levels); busiest.length > 0; busiest = findBusiest(heirs, levels)) {
      const top = { leaders: now[busiest[0]!]!, capacity: capacity[busiest[0]!]! };
      const { reached, goal } = explore(busiest, top, failed);
      if (goal < 0) {
        // Nothing that the busiest reach can take a leader from them, nor from one another: they are done.
        for (let i = 0; i < reached; i++) levels[queue[i]!] ??= top;
      } else {
        for (const source of busiest) {
          const target = advance(source, goal, top, failed);
          if (target >= 0) heirs.add(target);
        }
      }
    }
    for (const broker of heirs) head[broker] = -1;
    return levels;
  }

  /** The brokers with the most leaders for their capacity among those that inherit and are not done. */
  function findBusiest(heirs: Iterable<number>, levels: readonly (Level | null)[]): number[] {
    let found: number[] = [];
    for (const broker of heirs) {
      if (levels[broker] !== null || head[broker]! < 0) continue;
      const difference = found.length === 0 ? 1 : now[broker]! * capacity[found[0]!]! - now[found[0]!]! * capacity[broker]!;
      if (difference > 0) found = [broker];
      else if (difference === 0) found.push(broker);
    }
    return found;
  }

  /** Would the broker with one leader more still lie below this level? */
  function isLighter(broker: number, level: Level): boolean {
    return (now[broker]! + 1) * level.capacity < level.leaders * capacity[broker]!;
  }

  /** Breadth first from brokers along the partitions that they inherit; `goal` is the depth of the first lighter ones, -1 for none. */
  function explore(sources: readonly number[], top: Level, failed: number): { reached: number; goal: number } {
    search++;
    let reached = 0;
    let goal = -1;
    const reach = (broker: number, at: number): void => {
      seen[broker] = search;
      depth[broker] = at;
      cursor[broker] = head[broker]!;
      queue[reached++] = broker;
    };
    for (const source of sources) reach(source, 0);
    for (let i = 0; i < reached; i++) {
      const broker = queue[i]!;
      if (goal >= 0 && depth[broker]! >= goal) break;
      for (let p = head[broker]!; p >= 0; p = next[p]!) {
        for (let slot = replicaStart[p]!; slot < replicaStart[p + 1]!; slot++) {
          const option = replica[slot]!;
          if (electable[slot] === 0 || option >= size || option === failed || seen[option] === search) continue;
          reach(option, depth[broker]! + 1);
          if (goal < 0 && isLighter(option, top)) goal = depth[option]!;
        }
      }
    }
    return { reached, goal };
  }

  /** Takes one leader along a shortest path from `source` to a lighter broker, and gives that one; -1 where the others left no path. */
  function advance(source: number, goal: number, top: Level, failed: number): number {
    let length = 0;
    path[0] = source;
    for (;;) {
      const broker = path[length]!;
      if (length > 0 && isLighter(broker, top)) break;
      const option = depth[broker]! < goal ? nextOption(broker, failed) : -1;
      if (option >= 0) {
        via[length] = cursor[broker]!;
        path[++length] = option;
        continue;
      }
      depth[broker] = -1;
      if (length-- === 0) return -1;
    }
    const target = path[length]!;
    now[source]!--;
    now[target]!++;
    while (length-- > 0) {
      const p = via[length]!;
      cursor[path[length]!] = next[p]!;
      unlink(p, path[length]!);
      link(p, path[length + 1]!);
      heir[p] = path[length + 1]!;
    }
    return target;
  }

  /** The next broker one step deeper, for the partition at the broker's cursor. */
  function nextOption(broker: number, failed: number): number {
    for (; cursor[broker]! >= 0; cursor[broker] = next[cursor[broker]!]!) {
      const p = cursor[broker]!;
      for (let slot = replicaStart[p]!; slot < replicaStart[p + 1]!; slot++) {
        const option = replica[slot]!;
        if (electable[slot] === 0 || option >= size || option === failed) continue;
        if (seen[option] === search && depth[option] === depth[broker]! + 1) return option;
      }
    }
    return -1;
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

/** Per partition who takes over from this leader where the rest of the order stays as it is, -1 for none. */
export function heirsToday(instance: Instance, leader: Int32Array): Int32Array {
  const heir = new Int32Array(leader.length);
  for (let p = 0; p < leader.length; p++) heir[p] = heirToday(instance, p, leader[p]!);
  return heir;
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
