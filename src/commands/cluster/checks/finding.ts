import type { KafkaFailure } from '../../../model/outcome.js';
import type { TopicPartition } from '../../../model/topic-partition.js';

/** In the order of the table, which is that of what to look at first. */
export const checkNames = [
  'controller',
  'brokers',
  'offline-partitions',
  'under-min-isr',
  'log-dirs',
  'quorum',
  'transactions',
  'at-min-isr',
  'under-replicated',
  'disk-used',
  'reassignments',
  'throttles',
  'group-lag',
  'group-lag-time',
  'leader-skew',
  'disk-skew',
] as const;
export type CheckName = (typeof checkNames)[number];

/** Something that is not as it should be. */
export interface Finding {
  readonly severity: 'critical' | 'warning';
  /** A topic, a broker, a group. */
  readonly subject: string;
  /** What was measured, in the unit of the check; null where that is not known. */
  readonly value: number | bigint | null;
  readonly message: string;
  /** What to type next; null where nothing helps but to bring back what is gone. */
  readonly next: string | null;
  /** Of which the subject has too few replicas, leaders and so on. */
  readonly partitions?: readonly TopicPartition[];
}

/** What one check says. */
export interface CheckReport {
  readonly check: CheckName;
  readonly findings: readonly Finding[];
  /** What it could not learn. */
  readonly failures: readonly { readonly subject: string; readonly error: KafkaFailure }[];
  /** What was measured where it is nothing to worry about: the worst of all; null where nothing was. */
  readonly worst: number | bigint | null;
  /** The most that is no finding; null where that is no number. */
  readonly threshold: number | null;
  /** Said where there is no finding. */
  readonly summary: string;
  /** It was not made, for the reason in `summary`. */
  readonly isSkipped?: true;
}

const severities = ['critical', 'warning', 'unknown', 'skipped', 'ok'] as const;
export type Severity = (typeof severities)[number];

/** Of a check that found something one row for each, of others one row that says so. */
export interface CheckRow {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly subject: string | null;
  readonly value: number | bigint | null;
  readonly threshold: number | null;
  readonly message: string | null;
  readonly next: string | null;
  readonly partitions: readonly TopicPartition[];
  readonly error: KafkaFailure | null;
}

/** The worst first; what is equally bad in the order of the checks. */
export function rowsOf(reports: readonly CheckReport[]): readonly CheckRow[] {
  return reports
    .flatMap(rowsOfReport)
    .map((row, index) => ({ row, index }))
    .sort(
      (a, b) => severities.indexOf(a.row.severity) - severities.indexOf(b.row.severity) || place(a.row) - place(b.row) || a.index - b.index,
    )
    .map(({ row }) => row);
}
const place = ({ check }: CheckRow): number => checkNames.indexOf(check);

function rowsOfReport({ check, findings, failures, worst, threshold, summary, isSkipped }: CheckReport): readonly CheckRow[] {
  const row = (severity: Severity, facts: Partial<CheckRow>): CheckRow => ({
    check,
    severity,
    subject: null,
    value: null,
    threshold,
    message: null,
    next: null,
    partitions: [],
    error: null,
    ...facts,
  });
  const rows = [
    ...findings.map((finding) => row(finding.severity, finding)),
    ...failures.map(({ subject, error }) => row('unknown', { subject, error })),
  ];
  return rows.length > 0 ? rows : [row(isSkipped ? 'skipped' : 'ok', { value: worst, message: summary })];
}

export const skipped = (check: CheckName, summary: string): CheckReport => ({
  check,
  findings: [],
  failures: [],
  worst: null,
  threshold: null,
  summary,
  isSkipped: true,
});
