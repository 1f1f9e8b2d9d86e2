/**
 * The part of a plan that helps most within so many moves.
 *
 * Where today's leaders and the plan's differ, leaders go along paths of brokers: a broker that is to lead fewer passes one on to the next,
 * up to one that is to lead more. Each whole path is a step: it makes its first broker lighter, its last one heavier, which has at least
 * two leaders fewer, and nothing else. The broker with the most leaders goes first, along its shortest path. Partitions without a leader
 * come from a place that is heavier than any broker.
 *
 * What is left out is the fewest moves that the rest needs: plans cut to a limit, one after the other, move no more in all than one plan.
 *
 * @param today, planned - leaders per partition, broker numbers, -1 for none
 * @param canLead - whether today's leader is one that may stay
 * @returns leaders per partition
 */
export function limitMoves(
  today: Int16Array,
  planned: Int16Array,
  load: Int32Array,
  canLead: (partition: number) => boolean,
  maxMoves: number,
): Int16Array {
  const brokers = load.length;
  const nowhere = brokers;
  const leaders = today.slice();
  const now = [...load, Number.POSITIVE_INFINITY];
  /** Partitions that go from one broker to another. */
  const ways: Map<number, number[]>[] = Array.from({ length: brokers + 1 }, () => new Map());
  const surplus = new Int32Array(brokers + 1);
  for (let p = 0; p < today.length; p++) {
    const to = planned[p]!;
    if (to === today[p]) continue;
    const from = canLead(p) ? today[p]! : nowhere;
    const way = ways[from]!.get(to);
    if (way === undefined) ways[from]!.set(to, [p]);
    else way.push(p);
    surplus[from]!++;
    surplus[to]!--;
  }
  let left = maxMoves;
  const tooFar = new Uint8Array(brokers + 1);
  for (let source = heaviest(); source >= 0 && left > 0; source = heaviest()) {
    const path = shortestPath(source);
    if (path.length - 1 > left) {
      tooFar[source] = 1;
      continue;
    }
    for (let i = 0; i + 1 < path.length; i++) {
      const way = ways[path[i]!]!.get(path[i + 1]!)!;
      leaders[way.pop()!] = path[i + 1]!;
      if (way.length === 0) ways[path[i]!]!.delete(path[i + 1]!);
    }
    left -= path.length - 1;
    surplus[source]!--;
    surplus[path.at(-1)!]!++;
    now[source]!--;
    now[path.at(-1)!]!++;
  }
  return leaders;

  function heaviest(): number {
    let found = -1;
    for (let b = 0; b <= brokers; b++) if (surplus[b]! > 0 && tooFar[b] === 0 && (found < 0 || now[b]! > now[found]!)) found = b;
    return found;
  }

  /** To the nearest broker that is to lead more; of several equally near ones, to the lightest. */
  function shortestPath(source: number): readonly number[] {
    const previous = new Map([[source, -1]]);
    for (let layer = [source]; layer.length > 0; ) {
      const next: number[] = [];
      let found = -1;
      for (const u of layer) {
        for (const v of ways[u]!.keys()) {
          if (previous.has(v)) continue;
          previous.set(v, u);
          next.push(v);
          if (surplus[v]! < 0 && (found < 0 || now[v]! < now[found]!)) found = v;
        }
      }
      if (found >= 0) {
        const path = [found];
        for (let u = previous.get(found)!; u >= 0; u = previous.get(u)!) path.unshift(u);
        return path;
      }
      layer = next;
    }
    throw new Error('a broker is to lead fewer and no other is to lead more');
  }
}
