import type { ResidualGraph } from './residual-graph.js';

/**
 * Links tie what a node leads to what is counted: broker -> hub, or topic on broker -> broker -> rack -> hub. A link carries `flow`, the
 * leaders below it, within its bounds.
 */
export interface Links {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly flow: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** The k-th leader on a link costs `weight * (2k - 1)`, so that flow f costs weight * f * f; 0 for a link that is only bounded. */
  readonly weight: Int32Array;
}

const UNREACHED = 0x3fffffff;

/**
 * Minimum cost flow by the primal-dual method: leaders go from nodes with more than their links carry to nodes with less, always along paths
 * of least cost. Costs are the moves (in a graph with homes) and the convex costs of the links.
 *
 * `potential` proves it: with c + potential[u] - potential[v] >= 0 on every residual arc no cycle lowers the cost. This must hold at the
 * start and holds at the end; the potentials are changed to match.
 *
 * @param nodes - those of the graph first, then those that only links touch
 * @param excess - per node: leaders that come in less leaders that its links carry away; all 0 at the end
 * @returns false where the bounds of the links cannot be met
 */
export function minCostFlow(graph: ResidualGraph, nodes: number, links: Links, excess: Int32Array, potential: Int32Array): boolean {
  const { arcStart, arcTarget, count, lists } = graph;
  const cheapestList = lists === 3 ? -1 : 0;
  const incident = incidentLinks(nodes, links);

  const distance = new Int32Array(nodes);
  const settled = new Uint8Array(nodes);
  const depth = new Int32Array(nodes);
  // A node's arcs first, then its links: one cursor runs over both.
  const cursor = new Int32Array(nodes);
  const queue = new Int32Array(nodes);
  const path = new Int32Array(nodes + 1);
  /** The residual arc by which the path leaves each of its nodes. */
  const step = new Int32Array(nodes + 1);

  const arcsOf = (u: number): number => (u < graph.nodes ? arcStart[u + 1]! - arcStart[u]! : 0);
  const degree = (u: number): number => arcsOf(u) + incident.start[u + 1]! - incident.start[u]!;
  const isForward = (link: number, u: number): boolean => links.from[link] === u;

  while (raisePotentials()) {
    for (let goal = layer(); goal >= 0; goal = layer()) {
      for (let source = 0; source < nodes; source++) while (excess[source]! > 0 && advance(source, goal)) {}
    }
  }
  return excess.every((e) => e === 0);

  function linkCost(link: number, forward: boolean): number {
    const flow = links.flow[link]!;
    const weight = links.weight[link]!;
    if (weight === 0) return 0;
    return forward ? weight * (2 * flow + 1) : -weight * (2 * flow - 1);
  }

  function linkRoom(link: number, forward: boolean): number {
    const room = forward ? links.high[link]! - links.flow[link]! : links.flow[link]! - links.low[link]!;
    return links.weight[link] === 0 ? room : Math.min(room, 1);
  }

  /** Dijkstra over reduced costs, which are small integers: buckets by distance (Dial). False where no excess is left or can go on. */
  function raisePotentials(): boolean {
    distance.fill(UNREACHED);
    settled.fill(0);
    const buckets: number[][] = [[]];
    for (let u = 0; u < nodes; u++) {
      if (excess[u]! <= 0) continue;
      distance[u] = 0;
      buckets[0]!.push(u);
    }
    let nearest = -1;
    for (let d = 0; d < buckets.length && nearest < 0; d++) {
      const bucket = buckets[d];
      if (bucket === undefined) continue;
      for (let i = 0; i < bucket.length; i++) {
        const u = bucket[i]!;
        if (settled[u] === 1 || distance[u] !== d) continue;
        settled[u] = 1;
        if (excess[u]! < 0) {
          nearest = d;
          break;
        }
        const ahead = d + potential[u]!;
        if (u < graph.nodes) {
          for (let arc = arcStart[u]!, end = arcStart[u + 1]!; arc < end; arc++) {
            const v = arcTarget[arc]!;
            if (distance[v]! <= d) continue;
            const cost = cheapest(arc);
            if (cost < UNREACHED) reach(v, ahead + cost - potential[v]!, buckets);
          }
        }
        for (let i = incident.start[u]!, end = incident.start[u + 1]!; i < end; i++) {
          const link = incident.link[i]!;
          const forward = isForward(link, u);
          if (linkRoom(link, forward) > 0) {
            const v = forward ? links.to[link]! : links.from[link]!;
            reach(v, ahead + linkCost(link, forward) - potential[v]!, buckets);
          }
        }
      }
    }
    if (nearest < 0) return false;
    for (let u = 0; u < nodes; u++) potential[u]! += Math.min(distance[u]!, nearest);
    return true;
  }

  function reach(v: number, d: number, buckets: number[][]): void {
    if (d >= distance[v]!) return;
    distance[v] = d;
    const bucket = buckets[d];
    if (bucket === undefined) buckets[d] = [v];
    else bucket.push(v);
  }

  function cheapest(arc: number): number {
    if (lists === 1) return count[arc]! > 0 ? 0 : UNREACHED;
    const first = arc * 3;
    if (count[first]! > 0) return -1;
    if (count[first + 1]! > 0) return 0;
    return count[first + 2]! > 0 ? 1 : UNREACHED;
  }

  /** Leaders that may go along the k-th residual arc of u without leaving the paths of least cost. */
  function roomAt(u: number, k: number): number {
    const arcs = arcsOf(u);
    if (k < arcs) {
      const arc = arcStart[u]! + k;
      const list = potential[arcTarget[arc]!]! - potential[u]! - cheapestList;
      return list >= 0 && list < lists ? count[arc * lists + list]! : 0;
    }
    const link = incident.link[incident.start[u]! + k - arcs]!;
    const forward = isForward(link, u);
    const v = forward ? links.to[link]! : links.from[link]!;
    return linkCost(link, forward) + potential[u]! - potential[v]! === 0 ? linkRoom(link, forward) : 0;
  }

  function targetAt(u: number, k: number): number {
    const arcs = arcsOf(u);
    if (k < arcs) return arcTarget[arcStart[u]! + k]!;
    const link = incident.link[incident.start[u]! + k - arcs]!;
    return isForward(link, u) ? links.to[link]! : links.from[link]!;
  }

  /** Breadth first over arcs of reduced cost 0; the depth of the nearest node with a negative excess, -1 where none is reached. */
  function layer(): number {
    depth.fill(-1);
    let reached = 0;
    let goal = -1;
    for (let u = 0; u < nodes; u++) {
      cursor[u] = 0;
      if (excess[u]! <= 0) continue;
      depth[u] = 0;
      queue[reached++] = u;
    }
    for (let i = 0; i < reached; i++) {
      const u = queue[i]!;
      if (goal >= 0 && depth[u]! >= goal) break;
      const arcs = arcsOf(u);
      // As targetAt and roomAt have it, for what takes the most time: there are far more arcs than links.
      for (let arc = arcs > 0 ? arcStart[u]! : 0, end = arc + arcs; arc < end; arc++) {
        const v = arcTarget[arc]!;
        if (depth[v]! >= 0) continue;
        const list = potential[v]! - potential[u]! - cheapestList;
        if (list >= 0 && list < lists && count[arc * lists + list]! > 0) visit(u, v);
      }
      for (let k = arcs, end = degree(u); k < end; k++) {
        const v = targetAt(u, k);
        if (depth[v]! < 0 && roomAt(u, k) > 0) visit(u, v);
      }
    }
    return goal;

    function visit(u: number, v: number): void {
      depth[v] = depth[u]! + 1;
      queue[reached++] = v;
      if (goal < 0 && excess[v]! < 0) goal = depth[v]!;
    }
  }

  function advance(source: number, goal: number): boolean {
    let length = 0;
    path[0] = source;
    for (;;) {
      const u = path[length]!;
      if (length > 0 && excess[u]! < 0) break;
      let found = false;
      if (depth[u]! < goal) {
        for (const end = degree(u); cursor[u]! < end; cursor[u]!++) {
          const v = targetAt(u, cursor[u]!);
          if (depth[v] !== depth[u]! + 1 || roomAt(u, cursor[u]!) <= 0) continue;
          step[length] = cursor[u]!;
          path[++length] = v;
          found = true;
          break;
        }
      }
      if (found) continue;
      if (length === 0) return false;
      depth[u] = -2;
      cursor[path[--length]!]!++;
    }
    let amount = Math.min(excess[source]!, -excess[path[length]!]!);
    for (let i = 0; i < length; i++) amount = Math.min(amount, roomAt(path[i]!, step[i]!));
    for (let i = length - 1; i >= 0; i--) send(path[i]!, step[i]!, amount);
    excess[source]! -= amount;
    excess[path[length]!]! += amount;
    return true;
  }

  function send(u: number, k: number, amount: number): void {
    const arcs = arcsOf(u);
    if (k < arcs) {
      const arc = arcStart[u]! + k;
      const list = potential[arcTarget[arc]!]! - potential[u]! - cheapestList;
      for (let i = 0; i < amount; i++) graph.advance(u, arc, list);
    } else {
      const link = incident.link[incident.start[u]! + k - arcs]!;
      links.flow[link]! += isForward(link, u) ? amount : -amount;
    }
  }

  function incidentLinks(size: number, { from, to }: Links): { readonly start: Int32Array; readonly link: Int32Array } {
    const start = new Int32Array(size + 1);
    for (let link = 0; link < from.length; link++) {
      start[from[link]! + 1]!++;
      start[to[link]! + 1]!++;
    }
    for (let u = 0; u < size; u++) start[u + 1]! += start[u]!;
    const at = start.slice();
    const link = new Int32Array(2 * from.length);
    for (let l = 0; l < from.length; l++) {
      link[at[from[l]!]!++] = l;
      link[at[to[l]!]!++] = l;
    }
    return { start, link };
  }
}
