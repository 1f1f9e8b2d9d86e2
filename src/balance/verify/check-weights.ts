import type { BalancePlan } from '../balance-plan.js';
import { hasLeastLevel, membersOf, readLevels } from './broker-sets.js';
import type { PlanInEffect } from './plan-in-effect.js';

/** Sums in another order differ in their last digits. */
const isAlmost = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

export function checkWeights({ weights: report, options, certificate }: BalancePlan, state: PlanInEffect, problems: string[]): void {
  if (report === null) {
    if (options.weights === true) problems.push('the weights are missing');
    return;
  }
  const { brokers, partitions, optionStart, option, before, after } = state;
  const confined = membersOf(report.confined, brokers, problems);
  const levelOf = readLevels(certificate.evenness.levels ?? [], brokers, problems);
  const weightBefore = new Float64Array(brokers.ids.length);
  const weightAfter = new Float64Array(brokers.ids.length);
  let held = 0;
  let heaviest = 0;
  for (let p = 0; p < partitions.length; p++) {
    const weight = partitions[p]!.weight ?? 0;
    if (before.leader[p]! >= 0) weightBefore[before.leader[p]!]! += weight;
    if (after.leader[p]! >= 0) weightAfter[after.leader[p]!]! += weight;
    if (optionStart[p] === optionStart[p + 1]) continue;
    heaviest = Math.max(heaviest, weight);
    let isHeld = true;
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      if (!confined.has(option[slot]!) && hasLeastLevel(option[slot]!, p, state, levelOf)) isHeld = false;
    }
    if (isHeld) held += weight;
  }
  if (!isAlmost(held, report.confined.weight)) problems.push(`a weight of ${held} is confined, not ${report.confined.weight}`);
  if (!isAlmost(heaviest, report.heaviestPartition)) problems.push(`the heaviest partition weighs ${heaviest}`);
  for (const [rows, weights] of [
    [report.before, weightBefore],
    [report.after, weightAfter],
  ] as const) {
    const balanced = brokers.ids.filter((_, broker) => brokers.balanced[broker]).sort((a, b) => a - b);
    if (rows.length !== balanced.length || rows.some(({ broker }, i) => broker !== balanced[i]))
      problems.push('the weights are of other brokers');
    for (const { broker, weight } of rows) {
      const found = weights[brokers.indexOf(broker)];
      if (found === undefined || !isAlmost(found, weight)) problems.push(`broker ${broker} leads a weight of ${found}, not ${weight}`);
    }
  }
  const max = report.after.reduce((most, { weight }) => Math.max(most, weight), 0);
  if (!isAlmost(max, report.max)) problems.push(`the heaviest broker leads ${max}`);
  const proven = report.isExhaustive ? max : Math.max(heaviest, confined.size > 0 ? held / confined.size : 0);
  if (!(isAlmost(report.lowerBound, proven) || report.lowerBound <= proven))
    problems.push(`${report.lowerBound} is more than the bound ${proven}`);
  const gap = report.lowerBound > 0 ? max / report.lowerBound - 1 : 0;
  if (!isAlmost(gap, report.gap)) problems.push(`the gap is ${gap}, not ${report.gap}`);
}
