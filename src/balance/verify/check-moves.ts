import type { BalancePlan, MovesProof } from '../balance-plan.js';
import { hasLeastLevel, isAbove, isBelow, levelAt, membersOf, readLevels } from './broker-sets.js';
import type { PlanInEffect } from './plan-in-effect.js';

/** Adds up what the potentials prove (certificate.ts, b): no plan within the bounds moves fewer leaders than that. */
export function checkMoves(plan: BalancePlan, state: PlanInEffect, problems: string[]): void {
  const proof: MovesProof | null = plan.certificate.moves;
  if (proof === null) return;
  const { brokers, partitions, optionStart, option, before, after } = state;
  const { levels } = plan.certificate.evenness;
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  const potential = new Float64Array(brokers.ids.length).fill(Number.NaN);
  for (const set of proof.potentials) for (const broker of membersOf(set, brokers, problems)) potential[broker] = set.potential;

  // What the leaders are worth at least, wherever the bounds let them be: as few as may be above the threshold, as many below it.
  let proven = 0;
  let placed = 0;
  const bounded = new Set<number>();
  for (const { least, most, brokers: ids } of proof.bounds) {
    for (const broker of membersOf({ brokers: ids }, brokers, problems)) {
      const name = `broker ${brokers.ids[broker]}`;
      if (bounded.has(broker)) problems.push(`${name} has bounds twice`);
      bounded.add(broker);
      const leaders = after.load[broker]!;
      if (leaders < least || leaders > most) problems.push(`${name} leads ${leaders}, outside ${least} to ${most}`);
      const extreme = potential[broker]! > proof.threshold ? least : most;
      proven += potential[broker]! * extreme;
      placed += extreme;
      const level = levelOf === null ? null : levelAt(levelOf, broker);
      const capacity = brokers.capacity[broker]!;
      // Bounds narrower than the levels would leave plans out of the comparison.
      if (level !== null && ((least > 0 && !isBelow(least, capacity, level)) || !isAbove(most + 1, capacity, level))) {
        problems.push(`${name}: its bounds are narrower than its level`);
      }
    }
  }
  for (const [broker, id] of brokers.ids.entries()) {
    if (brokers.balanced[broker] === true && !bounded.has(broker)) problems.push(`broker ${id} has no bounds`);
  }

  let leaders = 0;
  for (let p = 0; p < partitions.length; p++) {
    if (optionStart[p] === optionStart[p + 1]) {
      const { isr, leader } = partitions[p]!;
      const mayStay = before.leader[p]! >= 0 && isr.includes(leader);
      if (after.leader[p] !== before.leader[p] && !mayStay) proven++;
      continue;
    }
    leaders++;
    let least = Number.POSITIVE_INFINITY;
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      const broker = option[slot]!;
      const worth = (broker === before.leader[p] ? 0 : 1) - potential[broker]!;
      if (!(worth >= least) && (levelOf === null || hasLeastLevel(broker, p, state, levelOf))) least = worth;
    }
    proven += least;
  }
  proven += proof.threshold * (leaders - placed);
  if (!(proof.fewest <= proven)) problems.push(`at least ${proof.fewest} moves are claimed, proven are ${proven}`);
  if (claimsFewest(plan) && proof.fewest !== plan.moves.length) problems.push(`${plan.moves.length} moves, proven are ${proof.fewest}`);
}

/** Other goals, and weights, may cost moves beyond those that evenness over the brokers takes. */
const claimsFewest = ({ options: { goals = ['cluster'], weights = false } }: BalancePlan): boolean => goals.length === 1 && !weights;
