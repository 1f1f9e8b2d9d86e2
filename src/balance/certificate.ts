import type { BrokerSet, EvennessProof, FailureProof, LevelSet, MovesProof } from './balance-plan.js';
import type { Bounds } from './fewest-moves.js';
import type { Instance } from './instance.js';
import { compareLevels, type Level } from './levels.js';

/**
 * Why the certificate proves the plan. Write C(p) for the options of partition p, x for the loads of the plan and x' for those of any other.
 *
 * (a) Evenness. Give every broker b a level L(b) such that every partition is led by an option of the least level in C(p), and
 * x(b) is L(b) or L(b) - 1. Let f be any convex cost of a load and g(k) = f(k) - f(k - 1), which rises with k. By convexity
 * f(x') - f(x) >= g(L(b)) * (x' - x) for each broker, for both values that x can have. Summed over the brokers, the right side is the sum
 * over the partitions of g(level of the new leader) - g(level of the old one), which is not negative. So no plan costs less, whatever f is.
 * (With capacities: k leaders on capacity c have the level k / c.)
 *
 * In one sentence of it: the brokers at or above the highest level have partitions that can be led nowhere else, and too many of them for
 * every broker to have less than the maximum; no partition beyond those that the lowest brokers hold can be led there.
 *
 * (b) Moves. Give every broker a potential P(b), and let m(p, b) be 0 where b leads p today and else 1. The moves of any plan are the sum
 * over the partitions of m(p, b) - P(b), b the leader, plus the sum over the brokers of P(b) x'(b). The first is at least the sum of the
 * least m - P in C(p). The second, as all x' together are the number of leaders, is least where brokers with a potential above a threshold
 * have as few leaders as the bounds allow, those below it as many, and the rest counts with the threshold. Both together are a number of
 * moves that nothing within the bounds goes below; the flow's own potentials make it the number of the plan. For an optimal plan C(p) is
 * only its options of the least level and the bounds are the levels', since by (a) every optimal plan keeps to both. So it holds too of
 * those that are even by topics, racks or weights besides, which may move more.
 *
 * (c) Failure. As (a), for the partitions that the broker of the worst failure leads, with the loads of the others as they are; a broker
 * that inherits nothing only must not be too light.
 */
export function proveEvenness(instance: Instance, load: Int32Array, levels: readonly Level[]): EvennessProof {
  const { brokerIds, size, capacity } = instance;
  const brokers = Array.from({ length: size }, (_, b) => b);
  const ratio = (b: number): number => load[b]! / capacity[b]!;
  const busiest = brokers.reduce((found, b) => (ratio(b) > ratio(found) ? b : found), 0);
  const idlest = brokers.reduce((found, b) => (ratio(b) < ratio(found) ? b : found), 0);
  const highest = { leaders: load[busiest]!, capacity: capacity[busiest]! };
  const lowest = { leaders: load[idlest]! + 1, capacity: capacity[idlest]! };
  const setOf = (members: readonly number[]): BrokerSet => ({
    brokers: idsOf(members, brokerIds),
    partitions: members.reduce((sum, b) => sum + load[b]!, 0),
  });
  return {
    levels: levelSets(brokers, levels, brokerIds),
    confined: setOf(brokers.filter((b) => compareLevels(levels[b]!, highest) >= 0)),
    reachable: setOf(brokers.filter((b) => compareLevels(levels[b]!, lowest) <= 0)),
  };
}

export function proveMoves(
  instance: Instance,
  fewest: number,
  bounds: Bounds,
  proof: { potential: Int32Array; threshold: number },
): MovesProof {
  const { brokerIds, size } = instance;
  const brokers = Array.from({ length: size }, (_, b) => b);
  const grouped = groupBy(brokers, (b) => `${bounds.low[b]} ${bounds.high[b]}`);
  return {
    fewest,
    bounds: grouped.map((set) => ({ least: bounds.low[set[0]!]!, most: bounds.high[set[0]!]!, brokers: idsOf(set, brokerIds) })),
    potentials: groupBy(brokers, (b) => proof.potential[b]!).map((set) => ({
      potential: proof.potential[set[0]!]!,
      brokers: idsOf(set, brokerIds),
    })),
    threshold: proof.threshold,
  };
}

/**
 * @param failed - the broker whose failure is the worst, a broker number
 * @param load - leaders per broker while it lives
 * @param levels - as `Succession.evenOut` gives them
 */
export function proveFailure(
  instance: Instance,
  failed: number,
  load: Int32Array,
  inherited: Int32Array,
  levels: readonly (Level | null)[],
): FailureProof {
  const { brokerIds, size, capacity } = instance;
  const brokers = Array.from({ length: size }, (_, b) => b).filter((b) => b !== failed);
  const total = (b: number): number => load[b]! + inherited[b]!;
  const busiest = brokers.reduce((found, b) => (total(b) > total(found) ? b : found));
  const highest = { leaders: total(busiest), capacity: capacity[busiest]! };
  const heirs = brokers.filter((b) => levels[b] !== null);
  const level = levels[busiest] ?? null;
  // Where the busiest broker inherits nothing, it has what it has, and that alone is the bound.
  const confined =
    level === null || compareLevels(level, highest) < 0 ? [busiest] : heirs.filter((b) => compareLevels(levels[b]!, highest) >= 0);
  return {
    failed: brokerIds[failed]!,
    levels: levelSets(heirs, levels as readonly Level[], brokerIds),
    confined: {
      brokers: idsOf(confined, brokerIds),
      partitions: confined.reduce((sum, b) => sum + inherited[b]!, 0),
    },
  };
}

function levelSets(brokers: readonly number[], levels: readonly Level[], brokerIds: readonly number[]): LevelSet[] {
  return groupBy(brokers, (b) => levels[b]!.leaders / levels[b]!.capacity)
    .sort((a, b) => compareLevels(levels[b[0]!]!, levels[a[0]!]!))
    .map((set) => ({ ...levels[set[0]!]!, brokers: idsOf(set, brokerIds) }));
}

function groupBy<Key>(brokers: readonly number[], key: (broker: number) => Key): number[][] {
  const groups = new Map<Key, number[]>();
  for (const b of brokers) {
    const group = groups.get(key(b));
    if (group === undefined) groups.set(key(b), [b]);
    else group.push(b);
  }
  return [...groups.values()];
}

const idsOf = (brokers: readonly number[], brokerIds: readonly number[]): number[] =>
  brokers.map((b) => brokerIds[b]!).sort((a, b) => a - b);
