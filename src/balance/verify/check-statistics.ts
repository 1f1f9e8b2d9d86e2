import type { LeaderStatistics, WorstFailure } from '../balance-plan.js';
import type { Brokers, Lead, PlanInEffect } from './plan-in-effect.js';

export function statisticsOf({ brokers }: PlanInEffect, lead: Lead): LeaderStatistics {
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  let sumOfSquares = 0;
  lead.load.forEach((leaders, broker) => {
    if (brokers.balanced[broker] !== true) return;
    max = Math.max(max, leaders);
    min = Math.min(min, leaders);
    sumOfSquares += leaders * leaders;
  });
  if (min > max) min = 0;
  const leaders = brokers.ids.map((broker, index) => ({ broker, leaders: lead.load[index]! })).sort((a, b) => a.broker - b.broker);
  return { leaders, max, min, spread: max - min, sumOfSquares, worstFailure: worstFailure(brokers, lead) };
}

/** Of the brokers that inherit nothing only the two that lead most matter, so a failure costs what it hands over. */
function worstFailure({ ids, balanced }: Brokers, { leader, heir, load }: Lead): WorstFailure | null {
  const start = new Int32Array(ids.length + 1);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) start[leader[p]! + 1]!++;
  for (let broker = 0; broker < ids.length; broker++) start[broker + 1]! += start[broker]!;
  const at = start.slice();
  const handedOver = new Int16Array(leader.length);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) handedOver[at[leader[p]!]!++] = heir[p]!;

  const busiest = [...ids.keys()].filter((broker) => balanced[broker]).sort((a, b) => load[b]! - load[a]!);
  const now = load.slice();
  let worst: WorstFailure | null = null;
  const note = (failed: number, broker: number): void => {
    if (worst !== null && now[broker]! <= worst.leaders) return;
    worst = { failed: ids[failed]!, busiest: ids[broker]!, leaders: now[broker]! };
  };
  for (let failed = 0; failed < ids.length; failed++) {
    const other = busiest[0] === failed ? busiest[1] : busiest[0];
    if (other === undefined) continue;
    note(failed, other);
    for (let i = start[failed]!; i < start[failed + 1]!; i++) {
      const heir = handedOver[i]!;
      if (heir < 0 || balanced[heir] !== true) continue;
      now[heir]!++;
      note(failed, heir);
    }
    for (let i = start[failed]!; i < start[failed + 1]!; i++) if (handedOver[i]! >= 0) now[handedOver[i]!] = load[handedOver[i]!]!;
  }
  return worst;
}

export function compareStatistics(when: string, claimed: LeaderStatistics, found: LeaderStatistics, problems: string[]): void {
  for (const field of ['max', 'min', 'spread', 'sumOfSquares'] as const) {
    if (claimed[field] !== found[field]) problems.push(`${when}: ${field} is ${found[field]}, not ${claimed[field]}`);
  }
  const same =
    claimed.leaders.length === found.leaders.length &&
    found.leaders.every(({ broker, leaders }, i) => claimed.leaders[i]!.broker === broker && claimed.leaders[i]!.leaders === leaders);
  if (!same) problems.push(`${when}: the leaders per broker are others`);
  if (claimed.worstFailure?.leaders !== found.worstFailure?.leaders) {
    problems.push(
      `${when}: the worst failure leaves ${found.worstFailure?.leaders} leaders on a broker, not ${claimed.worstFailure?.leaders}`,
    );
  }
}
