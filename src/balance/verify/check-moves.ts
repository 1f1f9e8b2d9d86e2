import type { BalancePlan, MovesProof } from '../balance-plan.js';
import { hasLeastLevel, isAbove, isBelow, membersOf, readLevels } from './broker-sets.js';
import { nameOf, type PlanInEffect } from './plan-in-effect.js';

export function checkMoves(plan: BalancePlan, state: PlanInEffect, problems: string[]): void {
  const proof: MovesProof | null = plan.certificate.moves;
  if (proof === null) return;
  const { brokers, partitions, optionStart, option, before, after } = state;
  if (proof.fewest !== plan.moves.length) problems.push(`${plan.moves.length} moves, proven are ${proof.fewest}`);
  const { levels } = plan.certificate.evenness;
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  const potential = new Float64Array(brokers.ids.length).fill(Number.NaN);
  for (const set of proof.potentials) for (const broker of membersOf(set, brokers, problems)) potential[broker] = set.potential;

  const bounded = new Set<number>();
  for (const { least, most, brokers: ids } of proof.bounds) {
    for (const broker of membersOf({ brokers: ids }, brokers, problems)) {
      const name = `broker ${brokers.ids[broker]}`;
      if (bounded.has(broker)) problems.push(`${name} has bounds twice`);
      bounded.add(broker);
      const leaders = after.load[broker]!;
      const value = potential[broker]!;
      if (leaders < least || leaders > most) problems.push(`${name} leads ${leaders}, outside ${least} to ${most}`);
      if (!(leaders === least || value <= proof.threshold)) problems.push(`${name} could lead fewer, which might save moves`);
      if (!(leaders === most || value >= proof.threshold)) problems.push(`${name} could lead more, which might save moves`);
      const level = levelOf?.[broker];
      const capacity = brokers.capacity[broker]!;
      // Bounds narrower than the levels would leave plans out of the comparison.
      if (level !== undefined && ((least > 0 && !isBelow(least, capacity, level)) || !isAbove(most + 1, capacity, level))) {
        problems.push(`${name}: its bounds are narrower than its level`);
      }
    }
  }
  for (const [broker, id] of brokers.ids.entries()) {
    if (brokers.balanced[broker] === true && !bounded.has(broker)) problems.push(`broker ${id} has no bounds`);
  }

  for (let p = 0; p < partitions.length; p++) {
    if (optionStart[p] === optionStart[p + 1]) continue;
    const worth = (broker: number): number => (broker === before.leader[p] ? 0 : 1) - potential[broker]!;
    const own = worth(after.leader[p]!);
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      const broker = option[slot]!;
      if (own <= worth(broker) || (levelOf !== null && !hasLeastLevel(broker, p, state, levelOf))) continue;
      problems.push(`${nameOf(partitions[p]!)} might be led elsewhere with fewer moves`);
      break;
    }
  }
}
