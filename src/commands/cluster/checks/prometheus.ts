import type { CheckName, CheckRow } from './finding.js';
import { checkNames } from './finding.js';

interface Metric {
  readonly name: string;
  readonly help: string;
  /** How the rows of a check make one value: of what it measured, or the number of findings. */
  readonly of: 'sum' | 'max' | 'count';
  /** From the unit of the check to Prometheus's base unit. */
  readonly per?: number;
}

const metrics: Readonly<Record<CheckName, Metric>> = {
  controller: { name: 'active_controllers', help: 'Controllers that are active: 1, or 0 where there is none.', of: 'max' },
  brokers: { name: 'brokers_down', help: 'Brokers that are down.', of: 'count' },
  'offline-partitions': { name: 'offline_partitions', help: 'Partitions without a leader.', of: 'sum' },
  'under-min-isr': {
    name: 'under_min_isr_partitions',
    help: 'Partitions with fewer in-sync replicas than min.insync.replicas.',
    of: 'sum',
  },
  'log-dirs': { name: 'failed_log_dirs', help: 'Log directories that have failed.', of: 'sum' },
  quorum: {
    name: 'quorum_lag_seconds',
    help: 'How long the voter or observer that is furthest behind has been so.',
    of: 'max',
    per: 1_000,
  },
  transactions: { name: 'hanging_transactions', help: 'Transactions in a partition that nobody will end.', of: 'count' },
  'at-min-isr': { name: 'at_min_isr_partitions', help: 'Partitions that lost replicas and can lose no other.', of: 'sum' },
  'under-replicated': { name: 'out_of_sync_replicas', help: 'Replicas that are out of sync.', of: 'sum' },
  'disk-used': { name: 'disk_used_ratio', help: 'How full the fullest volume of a log directory is.', of: 'max', per: 100 },
  reassignments: { name: 'stuck_reassignment_replicas', help: 'Replicas that are to move and do not.', of: 'sum' },
  throttles: { name: 'throttled_brokers', help: 'Brokers whose replication is throttled though nothing moves.', of: 'count' },
  'group-lag': { name: 'group_lag_records', help: 'Records by which the group that is furthest behind is so in one partition.', of: 'max' },
  'group-lag-time': { name: 'group_lag_seconds', help: 'How long a record has waited for a group.', of: 'max', per: 1_000 },
  'leader-skew': {
    name: 'leader_skew_ratio',
    help: 'How far above the even share the broker with the most leaders is.',
    of: 'max',
    per: 100,
  },
  'disk-skew': { name: 'disk_skew_ratio', help: 'How far above the even share the broker with the most bytes is.', of: 'max', per: 100 },
};

/**
 * The rows of a check as Prometheus reads them (text format 0.0.4), all gauges. What was not learned or not checked has no sample, as
 * Prometheus wants of what is unknown; `kafka_cluster_check_failures` says so.
 */
export function prometheusText(rows: readonly CheckRow[]): string {
  const isBad = ({ severity }: CheckRow) => severity === 'critical' || severity === 'warning';
  const made = checkNames.filter((check) => rows.some((row) => row.check === check && row.severity !== 'skipped'));
  const of = (check: CheckName) => rows.filter((row) => row.check === check);
  const lines = [
    ...family('healthy', 'Whether no check found anything and none failed.', [
      ['', rows.every(({ severity }) => severity === 'ok' || severity === 'skipped') ? 1 : 0],
    ]),
    ...family(
      'check_findings',
      'What a check found, by its severity.',
      made.flatMap((check) =>
        (['critical', 'warning'] as const).map(
          (severity): Sample => [`{check="${check}",severity="${severity}"}`, of(check).filter((row) => row.severity === severity).length],
        ),
      ),
    ),
    ...family(
      'check_failures',
      'What a check could not learn.',
      made.map((check): Sample => [`{check="${check}"}`, of(check).filter(({ error }) => error !== null).length]),
    ),
  ];
  for (const check of made) {
    const { name, help, of: how, per = 1 } = metrics[check];
    const values = of(check).flatMap(({ value }) => (value === null ? [] : [Number(value)]));
    if (values.length === 0) continue;
    const value =
      how === 'max' ? Math.max(...values) : how === 'sum' ? values.reduce((sum, each) => sum + each, 0) : of(check).filter(isBad).length;
    lines.push(...family(name, help, [['', value / per]]));
  }
  return lines.map((line) => `${line}\n`).join('');
}

type Sample = readonly [labels: string, value: number];

function family(suffix: string, help: string, samples: readonly Sample[]): readonly string[] {
  const name = `kafka_cluster_${suffix}`;
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map(([labels, value]) => `${name}${labels} ${value}`)];
}
