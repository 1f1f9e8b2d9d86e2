/**
 * A cycle of negative cost in a dense graph, by Bellman and Ford; null where there is none. `cost` holds `size` * `size` arcs, Infinity
 * where there is none. Gives the nodes in the order in which arcs lead from one to the next, and from the last to the first.
 */
export function negativeCycle(size: number, cost: Float64Array): readonly number[] | null {
  const distance = new Float64Array(size);
  const before = new Int32Array(size).fill(-1);
  let changed = -1;
  for (let round = 0; round < size; round++) {
    changed = -1;
    for (let from = 0; from < size; from++) {
      for (let to = 0; to < size; to++) {
        const through = distance[from]! + cost[from * size + to]!;
        if (through >= distance[to]!) continue;
        distance[to] = through;
        before[to] = from;
        changed = to;
      }
    }
    if (changed === -1) return null;
  }
  // What still changes in the last round is reached from a cycle, which so many steps back are sure to have entered.
  let node = changed;
  for (let step = 0; step < size; step++) node = before[node]!;
  const cycle = [node];
  for (let each = before[node]!; each !== node; each = before[each]!) cycle.push(each);
  return cycle.reverse();
}
