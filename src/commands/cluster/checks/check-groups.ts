import type { GroupPartitionLag } from '../../../admin/group-lag.js';
import { groupBy } from '../../../model/group-by.js';
import type { KafkaFailure } from '../../../model/outcome.js';
import { durationText } from '../../../render/duration-text.js';
import { shellWord } from '../../shell-word.js';
import { type CheckReport, type Finding, skipped } from './finding.js';
import { count } from './wording.js';

export interface GroupFacts {
  readonly lags: readonly GroupPartitionLag[];
  /** Of brokers that did not tell their groups. */
  readonly failures: readonly { readonly subject: string; readonly error: KafkaFailure }[];
}

/** Groups of which a partition is behind by too many records, the furthest first. Null is no limit. */
export function checkGroupLag({ lags, failures }: GroupFacts, maxLag: number | null): CheckReport {
  if (maxLag === null) return skipped('group-lag', 'pass --max-lag N to measure groups');
  const measured = lags.flatMap((row) => (row.topic === null || row.lag === null ? [] : [{ ...row, measure: row.lag }]));
  const findings = worstByGroup(measured, BigInt(maxLag)).map(
    ({ group, topic, partition, measure }): Finding => ({
      severity: 'warning',
      subject: group,
      value: measure,
      message: `behind by ${count(measure, 'record')} in ${topic}:${partition}`,
      next: `kafka-ts groups lag ${shellWord(group)}`,
    }),
  );
  const worst = worstByGroup(measured, 0n)[0]?.measure ?? 0n;
  const unread = lags.flatMap(({ group, error }) => (error === null ? [] : [{ subject: group, error }]));
  const summary = `no group is behind by more than ${count(maxLag, 'record')}`;
  return { check: 'group-lag', findings, failures: [...failures, ...firstOfEach(unread)], worst, threshold: maxLag, summary };
}

/** Groups for which a record has waited too long. What groups could not be measured is told by the other check, where both are made. */
export function checkGroupLagTime({ lags, failures }: GroupFacts, nowMs: number, maxLagMs: number | null, isAlone: boolean): CheckReport {
  if (maxLagMs === null) return skipped('group-lag-time', 'pass --max-lag-time TIME to measure groups');
  const measured = lags.flatMap((row) =>
    row.topic === null || row.waitingSinceMs === null ? [] : [{ ...row, measure: Math.max(0, nowMs - row.waitingSinceMs) }],
  );
  const findings = worstByGroup(measured, maxLagMs).map(
    ({ group, topic, partition, measure }): Finding => ({
      severity: 'warning',
      subject: group,
      value: measure,
      message: `a record of ${topic}:${partition} has waited for ${durationText(measure)}`,
      next: `kafka-ts groups lag ${shellWord(group)}`,
    }),
  );
  const worst = Math.max(0, ...measured.map(({ measure }) => measure));
  const unread = lags.flatMap(({ group, error }) => (error === null ? [] : [{ subject: group, error }]));
  const summary = `no record has waited for a group for more than ${durationText(maxLagMs)}`;
  const told = isAlone ? [...failures, ...firstOfEach(unread)] : [];
  return { check: 'group-lag-time', findings, failures: told, worst, threshold: maxLagMs, summary };
}

/** Of each group that is above the limit the partition that is furthest behind; the worst group first. */
function worstByGroup<Row extends { readonly group: string; readonly measure: number | bigint }>(
  rows: readonly Row[],
  limit: number | bigint,
): readonly Row[] {
  const worst = new Map<string, Row>();
  for (const row of rows) {
    if (row.measure <= limit) continue;
    const known = worst.get(row.group);
    if (known === undefined || row.measure > known.measure) worst.set(row.group, row);
  }
  return [...worst.values()].sort((a, b) => (a.measure === b.measure ? 0 : a.measure > b.measure ? -1 : 1));
}

const firstOfEach = (failures: GroupFacts['failures']): GroupFacts['failures'] =>
  [...groupBy(failures, ({ subject }) => subject).values()].flatMap(([first]) => first ?? []);
