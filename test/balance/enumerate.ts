import type { Cluster } from '../../src/balance/cluster.js';

/** What the goals ask for, found by trying everything. Loads are sorted from the largest down. */
export interface Enumerated {
  readonly loads: readonly number[];
  readonly moves: number;
}

/** Goals 2 and 4 over all choices of leaders. */
export function enumerateLeaders({ brokers, partitions }: Cluster): Enumerated {
  const balanced = brokers.filter(({ alive, excluded }) => alive !== false && excluded !== true).map(({ id }) => id);
  const load = new Map(balanced.map((id) => [id, 0]));
  let best: Enumerated | null = null;
  const choose = (p: number, moves: number): void => {
    const partition = partitions[p];
    if (partition === undefined) {
      const loads = [...load.values()].sort((a, b) => b - a);
      const order = best === null ? -1 : compareLoads(loads, best.loads);
      if (order < 0 || (order === 0 && moves < best!.moves)) best = { loads, moves };
      return;
    }
    const isFixed = partition.fixed === true;
    const options = isFixed ? [] : partition.isr.filter((id) => load.has(id));
    if (options.length > 0) {
      for (const id of options) {
        load.set(id, load.get(id)! + 1);
        choose(p + 1, moves + (id === partition.leader ? 0 : 1));
        load.set(id, load.get(id)! - 1);
      }
      return;
    }
    // Only excluded brokers can lead it, or nobody can.
    const excluded = partition.isr.filter((id) => brokers.some((broker) => broker.id === id && broker.alive !== false));
    const stays = isFixed || excluded.length === 0 || excluded.includes(partition.leader);
    const counted = load.has(partition.leader);
    if (counted) load.set(partition.leader, load.get(partition.leader)! + 1);
    choose(p + 1, moves + (stays ? 0 : 1));
    if (counted) load.set(partition.leader, load.get(partition.leader)! - 1);
  };
  choose(0, 0);
  return best!;
}

export function compareLoads(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/**
 * Goal 5 for one failed broker, over all choices of heirs: the loads of the other balanced brokers.
 * @param leaderOf - the leader of each partition, by its index
 */
export function enumerateHeirs({ brokers, partitions }: Cluster, leaderOf: readonly number[], failed: number): readonly number[] {
  const alive = new Set(brokers.filter((broker) => broker.alive !== false).map(({ id }) => id));
  const load = new Map(brokers.filter(({ id, excluded }) => alive.has(id) && excluded !== true && id !== failed).map(({ id }) => [id, 0]));
  for (const leader of leaderOf) if (load.has(leader)) load.set(leader, load.get(leader)! + 1);
  let best: readonly number[] | null = null;
  const choose = (p: number): void => {
    const partition = partitions[p];
    if (partition === undefined) {
      const loads = [...load.values()].sort((a, b) => b - a);
      if (best === null || compareLoads(loads, best) < 0) best = loads;
      return;
    }
    const heirs = partition.isr.filter((id) => id !== failed && alive.has(id));
    const first = partition.replicas.find((id) => heirs.includes(id));
    const options = partition.fixed ? heirs.filter((id) => id === first) : heirs;
    const counted = leaderOf[p] === failed ? options.filter((id) => load.has(id)) : [];
    if (counted.length === 0) choose(p + 1);
    for (const id of counted) {
      load.set(id, load.get(id)! + 1);
      choose(p + 1);
      load.set(id, load.get(id)! - 1);
    }
  };
  choose(0);
  return best!;
}
