import { groupByLeader, type LedPartitions } from './group-by-leader.js';
import { type Instance, longestList } from './instance.js';
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
  readonly heir: Int16Array;
  /**
   * Makes the heirs of the partitions that `failed` leads even, in `heir`.
   * @returns the level of every broker that one of them can go to, null for the other brokers; good until the next call
   */
  readonly evenOut: (failed: number) => readonly (Level | null)[];
}

const DONE = 0x7fffffff;

/** Today's heirs, given the new leaders: where the rest of the order stays as it is. */
export function createSuccession(instance: Instance, leader: Int16Array, load: Int32Array): Succession {
  const { size, capacity } = instance;
  const heir = heirsToday(instance, leader);
  const led = groupByLeader(leader, instance.brokerIds.length);
  const estate = createEstate(instance, led);
  const { option, optionStart, partition } = estate;

  // What each broker would inherit, as doubly linked lists.
  const head = new Int32Array(size).fill(-1);
  const next = new Int32Array(partition.length);
  const previous = new Int32Array(partition.length);
  /** Brokers that inherit something and are not done, and some that no longer are so. */
  const heirs = new Int32Array(size);
  const isHeir = new Uint8Array(size);
  let heirCount = 0;
  const now = new Int32Array(size);
  const levels: (Level | null)[] = new Array(size).fill(null);
  const busiest = new Int32Array(size);
  // Of the current search. Those that are done count as seen in all.
  let search = 0;
  const seen = new Int32Array(size);
  const depth = new Int32Array(size);
  const cursor = new Int32Array(size);
  const queue = new Int32Array(size);
  const path = new Int32Array(size + 1);
  const via = new Int32Array(size + 1);

  return { heir, evenOut };

  function evenOut(failed: number): readonly (Level | null)[] {
    levels.fill(null);
    seen.fill(0);
    search = 0;
    head.fill(-1);
    isHeir.fill(0);
    heirCount = 0;
    now.set(load.subarray(0, size));
    for (let i = led.start[failed]!; i < led.start[failed + 1]!; i++) {
      const broker = heir[led.partition[i]!]!;
      if (broker >= 0 && broker < size) now[broker]!++;
    }
    const items = estate.gather(failed, heir);
    for (let item = 0; item < items; item++) link(item, heir[partition[item]!]!);

    for (let sources = findBusiest(); sources > 0; sources = findBusiest()) {
      const top = { leaders: now[busiest[0]!]!, capacity: capacity[busiest[0]!]! };
      const { reached, goal } = explore(sources, top);
      if (goal < 0) {
        // Nothing that the busiest reach can take a leader from them, nor from one another, nor from who is less busy: they are done.
        for (let i = 0; i < reached; i++) {
          levels[queue[i]!] = top;
          seen[queue[i]!] = DONE;
        }
      } else {
        for (let i = 0; i < sources; i++) advance(busiest[i]!, goal, top);
      }
    }
    return levels;
  }

  /** Finds the brokers with the most leaders for their capacity among those that inherit and are not done. Returns how many. */
  function findBusiest(): number {
    let found = 0;
    let kept = 0;
    for (let i = 0; i < heirCount; i++) {
      const broker = heirs[i]!;
      if (seen[broker] === DONE) continue;
      heirs[kept++] = broker;
      if (head[broker]! < 0) continue;
      const difference = found === 0 ? 1 : now[broker]! * capacity[busiest[0]!]! - now[busiest[0]!]! * capacity[broker]!;
      if (difference > 0) found = 0;
      if (difference >= 0) busiest[found++] = broker;
    }
    heirCount = kept;
    return found;
  }

  /** Would the broker with one leader more still lie below this level? */
  function isLighter(broker: number, level: Level): boolean {
    return (now[broker]! + 1) * level.capacity < level.leaders * capacity[broker]!;
  }

  /** Breadth first from the busiest along what they inherit; `goal` is the depth of the first lighter ones, -1 for none. */
  function explore(sources: number, top: Level): { reached: number; goal: number } {
    search++;
    let reached = 0;
    let goal = -1;
    const reach = (broker: number, at: number): void => {
      seen[broker] = search;
      depth[broker] = at;
      cursor[broker] = head[broker]!;
      queue[reached++] = broker;
    };
    for (let i = 0; i < sources; i++) reach(busiest[i]!, 0);
    for (let i = 0; i < reached; i++) {
      const broker = queue[i]!;
      if (goal >= 0 && depth[broker]! >= goal) break;
      for (let item = head[broker]!; item >= 0; item = next[item]!) {
        for (let slot = optionStart[item]!; slot < optionStart[item + 1]!; slot++) {
          const other = option[slot]!;
          if (seen[other]! >= search) continue;
          reach(other, depth[broker]! + 1);
          if (goal < 0 && isLighter(other, top)) goal = depth[other]!;
        }
      }
    }
    return { reached, goal };
  }

  /** Takes one leader along a shortest path from `source` to a lighter broker, where the others left a path. */
  function advance(source: number, goal: number, top: Level): void {
    let length = 0;
    path[0] = source;
    for (;;) {
      const broker = path[length]!;
      if (length > 0 && isLighter(broker, top)) break;
      const other = depth[broker]! < goal ? nextOption(broker) : -1;
      if (other >= 0) {
        via[length] = cursor[broker]!;
        path[++length] = other;
        continue;
      }
      depth[broker] = -1;
      if (length-- === 0) return;
    }
    now[source]!--;
    now[path[length]!]!++;
    while (length-- > 0) {
      const item = via[length]!;
      cursor[path[length]!] = next[item]!;
      unlink(item, path[length]!);
      link(item, path[length + 1]!);
      heir[partition[item]!] = path[length + 1]!;
    }
  }

  /** The next broker one step deeper, for the item at the broker's cursor. */
  function nextOption(broker: number): number {
    for (; cursor[broker]! >= 0; cursor[broker] = next[cursor[broker]!]!) {
      const item = cursor[broker]!;
      for (let slot = optionStart[item]!; slot < optionStart[item + 1]!; slot++) {
        const other = option[slot]!;
        if (seen[other] === search && depth[other] === depth[broker]! + 1) return other;
      }
    }
    return -1;
  }

  function link(item: number, broker: number): void {
    const first = head[broker]!;
    next[item] = first;
    previous[item] = -1;
    if (first >= 0) previous[first] = item;
    head[broker] = item;
    if (isHeir[broker] === 1) return;
    isHeir[broker] = 1;
    heirs[heirCount++] = broker;
  }

  function unlink(item: number, broker: number): void {
    if (previous[item]! >= 0) next[previous[item]!] = next[item]!;
    else head[broker] = next[item]!;
    if (next[item]! >= 0) previous[next[item]!] = previous[item]!;
  }
}

/**
 * What a failed broker leaves and can be chosen of, in arrays of its own: a million partitions lie far apart in memory, those of one broker
 * all fit into a cache.
 */
interface Estate {
  /** Partition of each item. */
  readonly partition: Int32Array;
  /** The brokers that may inherit each item. */
  readonly optionStart: Int32Array;
  readonly option: Int32Array;
  /** Gathers the items of a broker, which are those with an heir among the brokers to balance, and says how many there are. */
  readonly gather: (failed: number, heir: Int16Array) => number;
}

function createEstate({ size, brokerIds, replicaStart, replica, electable, fixed }: Instance, led: LedPartitions): Estate {
  let most = 0;
  for (let b = 0; b < brokerIds.length; b++) most = Math.max(most, led.start[b + 1]! - led.start[b]!);
  const longest = longestList(replicaStart);
  const partition = new Int32Array(most);
  const optionStart = new Int32Array(most + 1);
  const option = new Int32Array(most * longest);
  const gather = (failed: number, heir: Int16Array): number => {
    let items = 0;
    let options = 0;
    for (let i = led.start[failed]!; i < led.start[failed + 1]!; i++) {
      const p = led.partition[i]!;
      if (fixed[p] === 1 || heir[p]! < 0 || heir[p]! >= size) continue;
      for (let slot = replicaStart[p]!; slot < replicaStart[p + 1]!; slot++) {
        const broker = replica[slot]!;
        if (electable[slot] === 1 && broker < size && broker !== failed) option[options++] = broker;
      }
      partition[items++] = p;
      optionStart[items] = options;
    }
    return items;
  };
  return { partition, optionStart, option, gather };
}

/** Per partition who takes over from this leader where the rest of the order stays as it is, -1 for none. */
export function heirsToday(instance: Instance, leader: Int16Array): Int16Array {
  const heir = new Int16Array(leader.length);
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
