import type { BalancePlan, FailureProof, WorstFailure } from '../balance-plan.js';
import { hasLeastLevel, isAbove, isBelow, levelAt, membersOf, readLevels } from './broker-sets.js';
import { nameOf, type PlanInEffect } from './plan-in-effect.js';

export function checkFailure(plan: BalancePlan, state: PlanInEffect, worst: WorstFailure | null, problems: string[]): void {
  const proof: FailureProof | null = plan.certificate.failure;
  if (proof === null || worst === null) return;
  const { brokers, partitions, fixed, optionStart, option, after } = state;
  const failed = brokers.indexOf(proof.failed);
  const levelOf = readLevels(proof.levels, brokers, problems);
  const confined = membersOf(proof.confined, brokers, problems);
  const leaders = after.load.slice();
  const chosen = new Int32Array(brokers.ids.length);
  let held = 0;
  for (let p = 0; p < partitions.length; p++) {
    const heir = after.heir[p]!;
    if (after.leader[p] !== failed || heir < 0 || brokers.balanced[heir] !== true) continue;
    leaders[heir]!++;
    let isHeld = confined.has(heir);
    if (fixed[p] === 0) {
      chosen[heir]!++;
      for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
        if (option[slot] !== failed && !confined.has(option[slot]!)) isHeld = false;
      }
      if (!hasLeastLevel(heir, p, state, levelOf, failed)) {
        problems.push(`${nameOf(partitions[p]!)} could go to a lower level when ${proof.failed} fails`);
      }
    }
    if (isHeld) held++;
  }
  if (held !== proof.confined.partitions)
    problems.push(`${held} partitions are confined when ${proof.failed} fails, not ${proof.confined.partitions}`);
  brokers.capacity.forEach((capacity, broker) => {
    const level = levelAt(levelOf, broker);
    if (level === null) return;
    const isTooHigh = chosen[broker]! > 0 && isAbove(leaders[broker]!, capacity, level);
    if (broker === failed || isTooHigh || isBelow(leaders[broker]! + 1, capacity, level)) {
      problems.push(`broker ${brokers.ids[broker]} has ${leaders[broker]} leaders when ${proof.failed} fails, which is not at its level`);
    }
  });
  if (confined.size === 0 || confined.has(failed)) problems.push('the failed broker cannot inherit from itself');
  if (brokers.capacity.every((capacity) => capacity === 1)) {
    let total = proof.confined.partitions;
    for (const broker of confined) total += after.load[broker]!;
    const least = Math.ceil(total / confined.size);
    if (least !== worst.leaders) problems.push(`the worst failure leaves ${worst.leaders} leaders on a broker, proven are ${least}`);
  }
}
