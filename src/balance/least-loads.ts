import { type Level, leastAt, levelOf, mostAt } from './levels.js';
import { pushExcess } from './max-flow.js';
import type { ResidualGraph } from './residual-graph.js';

/**
 * Goal 2: changes the leaders in `graph` so that the loads of the first `capacity.length` nodes are least in every convex cost at once
 * (decreasingly minimal, Frank and Murota), and gives each of them its level.
 *
 * Divide and conquer. Were it not for the replicas, a set of brokers would share its leaders so that each has the set's level or one less.
 * A maximum flow brings the loads there, or ends with a set of brokers that is above the level and whose partitions have no option outside
 * the set: then the set and the rest are two problems that do not touch each other. The same from below.
 *
 * The levels are the proof: every partition is led by an option of the least level, and every load is its level or one less. Both together
 * hold for the optimal plans and for no other (see certificate.ts).
 */
export function leastLoads(graph: ResidualGraph, capacity: Int32Array): readonly Level[] {
  const size = capacity.length;
  const levels: Level[] = new Array(size);
  const excess = new Int32Array(graph.nodes);
  const deficit = new Int32Array(graph.nodes);
  const open: Int32Array[] = size > 0 ? [Int32Array.from({ length: size }, (_, b) => b)] : [];
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    const members = set;
    const level = levelOf(
      members.reduce((sum, b) => sum + graph.load[b]!, 0),
      members,
      capacity,
    );
    const aim = (target: (level: Level, capacity: number) => number): void => {
      for (const b of members) {
        const surplus = graph.load[b]! - target(level, capacity[b]!);
        excess[b] = Math.max(0, surplus);
        deficit[b] = Math.max(0, -surplus);
      }
    };
    const divide = (inside: Uint8Array): void => {
      open.push(
        members.filter((b) => inside[b] === 0),
        members.filter((b) => inside[b] === 1),
      );
    };

    aim(mostAt);
    const above = pushExcess(graph, members, excess, deficit);
    if (above !== null) {
      divide(above);
      continue;
    }
    aim(leastAt);
    if (members.some((b) => deficit[b]! > 0)) {
      pushExcess(graph, members, excess, deficit);
      if (members.some((b) => deficit[b]! > 0)) {
        divide(reaching(graph, members, deficit));
        continue;
      }
    }
    for (const b of members) levels[b] = level;
  }
  return levels;
}

/** The members from which a deficit can still be reached. */
function reaching(graph: ResidualGraph, members: Int32Array, deficit: Int32Array): Uint8Array {
  const { arcStart, arcTarget, count } = graph;
  const reaches = new Uint8Array(graph.nodes);
  for (const b of members) reaches[b] = deficit[b]! > 0 ? 1 : 0;
  for (let grown = true; grown; ) {
    grown = false;
    for (const u of members) {
      if (reaches[u] === 1) continue;
      for (let arc = arcStart[u]!; arc < arcStart[u + 1]!; arc++) {
        if (count[arc] === 0 || reaches[arcTarget[arc]!] === 0) continue;
        reaches[u] = 1;
        grown = true;
        break;
      }
    }
  }
  return reaches;
}
