import type { ResidualGraph } from './residual-graph.js';

/**
 * Takes leaders from the nodes with an excess to those with a deficit, as many as arcs among `members` allow (Dinic's blocking flows).
 * `excess` and `deficit`, per node, fall as leaders move.
 *
 * @returns null where no excess is left, else the nodes that those with an excess still reach: none of them has a deficit, and no
 * partition that they lead has an option among the other members.
 */
export function pushExcess(graph: ResidualGraph, members: Int32Array, excess: Int32Array, deficit: Int32Array): Uint8Array | null {
  const { nodes, arcStart, arcTarget, count } = graph;
  const isMember = new Uint8Array(nodes);
  for (const u of members) isMember[u] = 1;
  const depth = new Int32Array(nodes);
  const arcAt = new Int32Array(nodes);
  const queue = new Int32Array(members.length);
  const path = new Int32Array(nodes + 1);

  for (;;) {
    if (!members.some((u) => excess[u]! > 0)) return null;
    const { reached, goal } = search();
    if (goal < 0) {
      const set = new Uint8Array(nodes);
      for (let i = 0; i < reached; i++) set[queue[i]!] = 1;
      return set;
    }
    for (const source of members) while (excess[source]! > 0 && advance(source, goal)) {}
  }

  /** Breadth first from all excesses; `goal` is the depth of the nearest deficit, -1 where none is reached. */
  function search(): { reached: number; goal: number } {
    depth.fill(-1);
    let reached = 0;
    let goal = -1;
    for (const u of members) {
      arcAt[u] = arcStart[u]!;
      if (excess[u]! <= 0) continue;
      depth[u] = 0;
      queue[reached++] = u;
    }
    for (let i = 0; i < reached; i++) {
      const u = queue[i]!;
      if (goal >= 0 && depth[u]! >= goal) break;
      for (let arc = arcStart[u]!; arc < arcStart[u + 1]!; arc++) {
        const v = arcTarget[arc]!;
        if (depth[v]! >= 0 || isMember[v] === 0 || count[arc] === 0) continue;
        depth[v] = depth[u]! + 1;
        queue[reached++] = v;
        if (goal < 0 && deficit[v]! > 0) goal = depth[v]!;
      }
    }
    return { reached, goal };
  }

  /** One path, depth first along rising depths, with as many leaders as it carries. */
  function advance(source: number, goal: number): boolean {
    let length = 0;
    path[0] = source;
    for (;;) {
      const u = path[length]!;
      if (length > 0 && deficit[u]! > 0) break;
      let found = false;
      if (depth[u]! < goal) {
        for (; arcAt[u]! < arcStart[u + 1]!; arcAt[u]!++) {
          const v = arcTarget[arcAt[u]!]!;
          if (depth[v] !== depth[u]! + 1 || count[arcAt[u]!] === 0) continue;
          path[++length] = v;
          found = true;
          break;
        }
      }
      if (found) continue;
      if (length === 0) return false;
      depth[u] = -2;
      arcAt[path[--length]!]!++;
    }
    let amount = Math.min(excess[source]!, deficit[path[length]!]!);
    for (let i = 0; i < length; i++) amount = Math.min(amount, count[arcAt[path[i]!]!]!);
    // From the end backwards, so that no partition is moved twice in a step.
    for (let i = length - 1; i >= 0; i--) for (let k = 0; k < amount; k++) graph.advance(path[i]!, arcAt[path[i]!]!, 0);
    excess[source]! -= amount;
    deficit[path[length]!]! -= amount;
    return true;
  }
}
