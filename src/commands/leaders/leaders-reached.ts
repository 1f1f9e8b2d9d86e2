import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { LeaderStatistics } from '../../balance/balance-plan.js';
import type { Outcome } from '../../model/outcome.js';

/** 0 of a broker that is not alive: it leads nothing. */
export const leadersOf = ({ leaders }: LeaderStatistics, id: number): number => leaders.find(({ broker }) => broker === id)?.leaders ?? 0;

/**
 * The brokers with what each leads in the end: as planned, but for partitions whose row failed or was skipped. Those stay with their leader,
 * and what is no longer there is led by nobody.
 */
export function leadersReached<Broker extends { readonly broker: number }>(
  brokers: readonly Broker[],
  planned: LeaderStatistics,
  changes: readonly Outcome<LeadershipChange>[],
): readonly (Broker & { readonly leadersAfter: number })[] {
  const more = new Map<number, number>();
  const add = (broker: number, leaders: number) => more.set(broker, (more.get(broker) ?? 0) + leaders);
  for (const { outcome, error, leaderBefore, leaderAfter } of changes) {
    if (outcome !== 'failed' && outcome !== 'skipped') continue;
    add(leaderAfter, -1);
    if (error?.code !== 'UNKNOWN_TOPIC_OR_PARTITION') add(leaderBefore, 1);
  }
  return brokers.map((row) => ({ ...row, leadersAfter: leadersOf(planned, row.broker) + (more.get(row.broker) ?? 0) }));
}
