import type { Instance } from '../src/balance/instance.js';
import { xorshift } from './balance-clusters.js';

/** A way to choose leaders: a broker number per partition, -1 for none. Each is what the tool does when it may not move replicas. */
export type Peer = (instance: Instance) => Int16Array;

/** kafka-leader-election --election-type preferred: the first replica, where it can lead. */
export const kafkaPreferred: Peer = ({ leader, replicaStart, replica, electable }) =>
  leader.map((today, p) => (electable[replicaStart[p]!] === 1 ? replica[replicaStart[p]!]! : today));

/**
 * Cruise Control's LeaderReplicaDistributionGoal, leadership moves only: brokers outside a band of 9 % around the average (threshold 1.10,
 * margin 0.9) give or take leaders while neither side leaves the band.
 */
export const cruiseControl: Peer = (instance) => {
  const { size, options } = instance;
  const state = createState(instance);
  const total = state.load.reduce((sum, load) => sum + load, 0);
  const band = 0.1 * 0.9;
  const upper = Math.ceil((total / size) * (1 + band));
  const lower = Math.floor((total / size) * (1 - band));
  const canMove = (from: number, to: number): boolean => state.load[to]! + 1 <= upper && state.load[from]! - 1 >= lower;
  const held = heldBy(instance);
  for (let broker = 0; broker < size; broker++) {
    for (const p of held[broker]!) {
      if (state.load[broker]! > upper && state.leader[p] === broker) {
        for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) {
          const to = options.node[slot]!;
          if (to === broker || !canMove(broker, to)) continue;
          state.move(p, to);
          break;
        }
      } else if (state.load[broker]! < lower && state.leader[p] !== broker && canMove(state.leader[p]!, broker)) {
        state.move(p, broker);
      }
    }
  }
  return state.leader;
};

/** Redpanda's random hill climbing: single moves in random order while any of them lowers the sum of squares. */
export const redpanda: Peer = (instance) => {
  const { options } = instance;
  const state = createState(instance);
  const random = xorshift(7);
  const owner = new Int32Array(options.node.length);
  for (let p = 0; p + 1 < options.start.length; p++) owner.fill(p, options.start[p], options.start[p + 1]);
  const slots = Int32Array.from({ length: options.node.length }, (_, slot) => slot);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = slots.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const slot = slots[i]!;
      slots[i] = slots[j]!;
      slots[j] = slot;
    }
    for (const slot of slots) {
      const p = owner[slot]!;
      const to = options.node[slot]!;
      if (state.load[state.leader[p]!]! - state.load[to]! < 2) continue;
      state.move(p, to);
      changed = true;
    }
  }
  return state.leader;
};

/** topicctl's balanced leaders: within each topic whose partitions divide by the racks, every rack leads as many. Brokers do not count. */
export const topicctl: Peer = (instance) => {
  const { options, partitions, rack } = instance;
  const state = createState(instance);
  const racks = rack.reduce((most, r) => Math.max(most, r + 1), 0);
  for (let first = 0; first < partitions.length; ) {
    let end = first;
    while (end < partitions.length && partitions[end]!.topic === partitions[first]!.topic) end++;
    const even = (end - first) / racks;
    if (Number.isInteger(even)) {
      const led = new Int32Array(racks);
      for (let p = first; p < end; p++) if (state.leader[p]! >= 0) led[rack[state.leader[p]!]!]!++;
      for (let p = first; p < end; p++) {
        if (state.leader[p]! < 0 || led[rack[state.leader[p]!]!]! <= even) continue;
        for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) {
          const to = options.node[slot]!;
          if (led[rack[to]!]! >= even) continue;
          led[rack[state.leader[p]!]!]!--;
          led[rack[to]!]!++;
          state.move(p, to);
          break;
        }
      }
    }
    first = end;
  }
  return state.leader;
};

/** topicmappr's OptimizeLeaderFollower: sorts each partition's replicas by the ratio of leaders to followers so far, once per replica. */
export const topicmappr: Peer = (instance) => {
  const { options, leader, size } = instance;
  const leaders = new Int32Array(size);
  const followers = new Int32Array(size);
  const ratio = (b: number): number => (followers[b] === 0 ? Number.POSITIVE_INFINITY : leaders[b]! / followers[b]!);
  const byRatio = (a: number, b: number): number => (ratio(a) === ratio(b) ? leaders[a]! - leaders[b]! : ratio(a) - ratio(b));
  const lists = Array.from(leader, (today, p) => {
    const list = [...options.node.subarray(options.start[p], options.start[p + 1])];
    return list.sort((a, b) => Number(b === today) - Number(a === today));
  });
  let longest = 0;
  for (const list of lists) {
    longest = Math.max(longest, list.length);
    list.forEach((b, i) => {
      (i === 0 ? leaders : followers)[b]!++;
    });
  }
  for (let round = 0; round < longest; round++) {
    for (const list of lists) {
      const before = list[0];
      const after = list.sort(byRatio)[0];
      if (before === undefined || after === undefined || before === after) continue;
      leaders[before]!--;
      followers[before]!++;
      followers[after]!--;
      leaders[after]!++;
    }
  }
  return Int16Array.from(lists, (list, p) => list[0] ?? instance.settled[p]!);
};

function createState({ leader: today, size, options, settled }: Instance) {
  const load = new Int32Array(size);
  const leader = today.map((broker, p) => {
    const first = options.start[p]!;
    const end = options.start[p + 1]!;
    // Who may not lead is replaced by the first who may, as Kafka would.
    if (first === end) return settled[p]!;
    return options.node.subarray(first, end).includes(broker) ? broker : options.node[first]!;
  });
  for (let p = 0; p < leader.length; p++) if (options.start[p] !== options.start[p + 1]) load[leader[p]!]!++;
  const move = (p: number, to: number): void => {
    load[leader[p]!]!--;
    load[to]!++;
    leader[p] = to;
  };
  return { leader, load, move };
}

function heldBy({ size, options }: Instance): number[][] {
  const held: number[][] = Array.from({ length: size }, () => []);
  for (let p = 0; p + 1 < options.start.length; p++) {
    for (let slot = options.start[p]!; slot < options.start[p + 1]!; slot++) held[options.node[slot]!]!.push(p);
  }
  return held;
}
