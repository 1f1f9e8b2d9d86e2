import type { BalancePlan } from '../balance-plan.js';
import type { Cluster, ClusterPartition } from '../cluster.js';
import { indexRows } from './rows-by-partition.js';

export interface Brokers {
  /** Live brokers; all arrays are by their position here. */
  readonly ids: readonly number[];
  /** -1 where there is no such broker alive. */
  readonly indexOf: (id: number) => number;
  readonly capacity: readonly number[];
  /** Not excluded: what the plan balances. */
  readonly balanced: readonly boolean[];
}

/** Leaders and heirs before or after, per partition a position in `Brokers`, -1 for none; and the leaders per broker. */
export interface Lead {
  readonly leader: Int16Array;
  readonly heir: Int16Array;
  readonly load: Int32Array;
}

export interface PlanInEffect {
  readonly brokers: Brokers;
  readonly partitions: readonly ClusterPartition[];
  readonly fixed: Uint8Array;
  /**
   * Brokers of which the plan may choose: in sync, alive, not excluded; those of partition p at optionStart[p] .. optionStart[p + 1] - 1.
   */
  readonly optionStart: Int32Array;
  readonly option: Int16Array;
  readonly before: Lead;
  readonly after: Lead;
}

/** Puts the plan into effect on paper; what does not fit the cluster is a problem. */
export function readPlan(cluster: Cluster, plan: BalancePlan, problems: string[]): PlanInEffect {
  const { partitions } = cluster;
  const live = cluster.brokers.filter(({ alive }) => alive !== false);
  const brokers: Brokers = {
    ids: live.map(({ id }) => id),
    indexOf: positionsOf(live.map(({ id }) => id)),
    capacity: live.map(({ capacity }) => capacity ?? 1),
    balanced: live.map(({ excluded }) => excluded !== true),
  };
  const { indexOf, balanced } = brokers;
  if (live.length > MOST_BROKERS) problems.push(`${live.length} brokers are more than ${MOST_BROKERS}`);
  const newLead = (): Lead => ({
    leader: new Int16Array(partitions.length),
    heir: new Int16Array(partitions.length),
    load: new Int32Array(live.length),
  });
  const before = newLead();
  const after = newLead();
  const fixed = new Uint8Array(partitions.length);
  const optionStart = new Int32Array(partitions.length + 1);
  let option: Int16Array = new Int16Array(3 * partitions.length);
  let options = 0;
  const note = (partition: ClusterPartition, what: string): unknown => problems.push(`${nameOf(partition)}: ${what}`);

  const excludedTopics = new Set(plan.options.excludedTopics);
  const moves = indexRows('move', plan.moves, problems);
  const orders = indexRows('order', plan.orders, problems);
  for (let p = 0; p < partitions.length; p++) {
    const partition = partitions[p]!;
    const { replicas, isr } = partition;
    const move = moves.take(partition);
    const order = orders.take(partition);
    const leader = move?.to ?? partition.leader;
    fixed[p] = partition.fixed === true || excludedTopics.has(partition.topic) ? 1 : 0;
    const to = indexOf(leader);
    const choice = options;
    if (options + replicas.length > option.length) option = longer(option, replicas.length);
    let isChosen = false;
    if (fixed[p] === 0) {
      // By index, here and below: iterators of a million lists are much garbage.
      for (let i = 0; i < replicas.length; i++) {
        const id = replicas[i]!;
        const broker = isMember(isr, id) ? indexOf(id) : -1;
        if (broker < 0 || balanced[broker] !== true) continue;
        option[options++] = broker;
        if (broker === to) isChosen = true;
      }
    }
    before.leader[p] = indexOf(partition.leader);
    after.leader[p] = to;
    if (before.leader[p]! >= 0) before.load[before.leader[p]!]!++;
    if (to >= 0) after.load[to]!++;
    before.heir[p] = heirIn(replicas, isr, partition.leader, fixed[p] === 1, brokers);
    after.heir[p] = heirIn(order?.replicas ?? replicas, isr, leader, fixed[p] === 1, brokers);
    const hasChoice = options > choice;
    const mayLead = hasChoice ? isChosen : to >= 0 && isMember(isr, leader);
    // A partition that nobody may lead counts where it is led.
    if (!hasChoice && to >= 0 && balanced[to] === true) option[options++] = to;
    optionStart[p + 1] = options;

    if (move !== undefined) {
      if (fixed[p] === 1) note(partition, 'it is fixed and is moved');
      if (move.from !== partition.leader) note(partition, `its leader is ${partition.leader}, not ${move.from}`);
      if (move.to === move.from) note(partition, 'it is moved to where it is');
    }
    // A plan that was cut short may leave partitions for later whose leader may not lead.
    if ((move !== undefined || (hasChoice && plan.options.maxMoves === undefined)) && !mayLead)
      note(partition, `${leader} may not lead it`);
    // Excluded brokers lead for want of others, which stand before them.
    const mustBeFirst = (move !== undefined || order !== undefined) && (to < 0 || balanced[to] === true);
    if (mustBeFirst && (order?.replicas ?? replicas)[0] !== leader) note(partition, `${leader} leads it but is not first in its order`);
    if (order !== undefined) {
      if (fixed[p] === 1) note(partition, 'it is fixed and gets another order');
      if (!isPermutation(order.replicas, replicas)) note(partition, 'it gets other replicas');
    }
  }
  moves.rest();
  orders.rest();
  return { brokers, partitions, fixed, optionStart, option, before, after };
}

function longer(array: Int16Array, more: number): Int16Array {
  const copy = new Int16Array(2 * array.length + more);
  copy.set(array);
  return copy;
}

/** Whom Kafka elects when the leader fails. Excluded brokers come last, but where the order may not be touched. */
function heirIn(
  order: readonly number[],
  isr: readonly number[],
  leader: number,
  isFixed: boolean,
  { indexOf, balanced }: Brokers,
): number {
  let excluded = -1;
  for (let i = 0; i < order.length; i++) {
    const id = order[i]!;
    if (id === leader || !isMember(isr, id)) continue;
    const broker = indexOf(id);
    if (broker < 0) continue;
    if (balanced[broker] === true || isFixed) return broker;
    if (excluded < 0) excluded = broker;
  }
  return excluded;
}

function isPermutation(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && b.every((id) => isMember(a, id));
}

/** `includes` looks for holes and NaN too, and is slower for it. */
function isMember(ids: readonly number[], id: number): boolean {
  for (let i = 0; i < ids.length; i++) if (ids[i] === id) return true;
  return false;
}

/** An array finds ids that are small, as they mostly are, much faster than a map does. */
function positionsOf(ids: readonly number[]): (id: number) => number {
  const smallIds = ids.reduce((most, id) => (id < MOST_SMALL_IDS ? Math.max(most, id + 1) : most), 0);
  const small = new Int32Array(smallIds).fill(-1);
  const large = new Map<number, number>();
  ids.forEach((id, position) => {
    if (id < smallIds) small[id] = position;
    else large.set(id, position);
  });
  return (id) => (id >= 0 && id < smallIds ? small[id]! : (large.get(id) ?? -1));
}

const MOST_SMALL_IDS = 65_536;
/** Their positions take two bytes. */
const MOST_BROKERS = 0x8000;

export const nameOf = ({ topic, partition }: ClusterPartition): string => `${topic}-${partition}`;
