import type { BalancePlan } from './balance-plan.js';
import type { Cluster } from './cluster.js';
import { checkEvenness } from './verify/check-evenness.js';
import { checkFailure } from './verify/check-failure.js';
import { checkMoves } from './verify/check-moves.js';
import { compareStatistics, statisticsOf } from './verify/check-statistics.js';
import { checkWeights } from './verify/check-weights.js';
import { readPlan } from './verify/plan-in-effect.js';

export interface Verification {
  readonly valid: boolean;
  /** What does not hold, in words; empty where all does. */
  readonly problems: readonly string[];
}

/**
 * Checks that a plan fits the cluster, does what it says, and is as good as its certificate claims (certificate.ts has the argument).
 * Shares no code with what makes plans. Takes time linear in the number of replicas.
 *
 * @param cluster - what the plan was made for
 */
export function verifyCertificate(cluster: Cluster, plan: BalancePlan): Verification {
  const problems: string[] = [];
  const state = readPlan(cluster, plan, problems);
  if (problems.length > 0) return { valid: false, problems };

  compareStatistics('before', plan.before, statisticsOf(state, state.before), problems);
  const after = statisticsOf(state, state.after);
  compareStatistics('after', plan.after, after, problems);
  checkOptions(plan, problems);
  checkEvenness(plan, state, problems);
  checkMoves(plan, state, problems);
  checkFailure(plan, state, after.worstFailure, problems);
  checkWeights(plan, state, problems);
  return { valid: problems.length === 0, problems };
}

/** A proof may be left out only where the options give up what it would prove. */
function checkOptions({ options, moves, after, certificate }: BalancePlan, problems: string[]): void {
  const { goals = ['cluster'], tolerance = 0, maxMoves = Number.POSITIVE_INFINITY, afterFailure = true } = options;
  const cut = maxMoves !== Number.POSITIVE_INFINITY;
  if (moves.length > maxMoves) problems.push(`${moves.length} moves are more than ${maxMoves}`);
  if (certificate.evenness.levels === null && tolerance === 0 && !cut && goals[0] === 'cluster')
    problems.push('least loads are not proven');
  if (certificate.moves === null && !cut && goals[0] === 'cluster') problems.push('fewest moves are not proven');
  if (certificate.failure === null && afterFailure && after.worstFailure !== null) problems.push('the worst failure is not proven');
}
