import type { BalancePlan, EvennessProof } from '../balance-plan.js';
import { hasLeastLevel, isAbove, isBelow, levelAt, membersOf, readLevels } from './broker-sets.js';
import { nameOf, type PlanInEffect } from './plan-in-effect.js';

export function checkEvenness(plan: BalancePlan, state: PlanInEffect, problems: string[]): void {
  const { brokers, partitions, optionStart, option, after } = state;
  const { levels, confined, reachable }: EvennessProof = plan.certificate.evenness;
  const top = membersOf(confined, brokers, problems);
  const bottom = membersOf(reachable, brokers, problems);
  const isTop = Uint8Array.from(brokers.ids, (_, broker) => (top.has(broker) ? 1 : 0));
  const isBottom = Uint8Array.from(brokers.ids, (_, broker) => (bottom.has(broker) ? 1 : 0));
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  let held = 0;
  let open = 0;
  for (let p = 0; p < partitions.length; p++) {
    if (optionStart[p] === optionStart[p + 1]) continue;
    let isHeld = true;
    let isOpen = false;
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      if (isTop[option[slot]!] === 0) isHeld = false;
      if (isBottom[option[slot]!] === 1) isOpen = true;
    }
    if (isHeld) held++;
    if (isOpen) open++;
    if (levelOf !== null && !hasLeastLevel(after.leader[p]!, p, state, levelOf)) {
      problems.push(`${nameOf(partitions[p]!)} could be led from a lower level`);
    }
  }
  if (held !== confined.partitions)
    problems.push(`${held} partitions have no option outside the highest brokers, not ${confined.partitions}`);
  if (open !== reachable.partitions)
    problems.push(`${open} partitions have an option among the lowest brokers, not ${reachable.partitions}`);

  const balanced = [...brokers.ids.keys()].filter((broker) => brokers.balanced[broker]);
  if (balanced.length > 0 && balanced.every((broker) => brokers.capacity[broker] === 1)) {
    const leastMax = Math.ceil(confined.partitions / top.size);
    const greatestMin = Math.floor(reachable.partitions / bottom.size);
    if (levels !== null && plan.after.max !== leastMax) problems.push(`the maximum is ${plan.after.max}, proven is ${leastMax}`);
    if (levels !== null && plan.after.min !== greatestMin) problems.push(`the minimum is ${plan.after.min}, proven is ${greatestMin}`);
    const { tolerance, maxMoves, goals = ['cluster'] } = plan.options;
    const isWhole = maxMoves === undefined && goals.length === 1 && goals[0] === 'cluster';
    if (isWhole && tolerance !== undefined && !(plan.after.spread <= leastMax - greatestMin + tolerance)) {
      problems.push(`the spread is more than ${tolerance} above the least`);
    }
  }
  if (levelOf === null) return;
  for (const broker of balanced) {
    const level = levelAt(levelOf, broker);
    const leaders = after.load[broker]!;
    const capacity = brokers.capacity[broker]!;
    if (level === null) problems.push(`broker ${brokers.ids[broker]} has no level`);
    else if (isAbove(leaders, capacity, level) || isBelow(leaders + 1, capacity, level)) {
      problems.push(`broker ${brokers.ids[broker]} leads ${leaders}, which is not at its level`);
    }
  }
}
