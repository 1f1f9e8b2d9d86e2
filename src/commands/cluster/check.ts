import { UsageError } from '../../model/errors.js';
import type { View } from '../../render/view.js';
import { aliveIds, type BrokerState, readBrokers } from '../brokers/read-brokers.js';
import { query } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import type { LedPartition } from '../read-leaders.js';
import { checkBrokers, checkLeaderSkew } from './checks/check-brokers.js';
import { checkDiskSkew, checkDiskUsed, checkLogDirs, type Disks } from './checks/check-disks.js';
import { checkGroupLag, checkGroupLagTime } from './checks/check-groups.js';
import { checkAtMinIsr, checkOffline, checkUnderMinIsr, checkUnderReplicated } from './checks/check-partitions.js';
import { checkController, checkQuorum } from './checks/check-quorum.js';
import { checkReassignments } from './checks/check-reassignments.js';
import { checkThrottles } from './checks/check-throttles.js';
import { checkTransactions } from './checks/check-transactions.js';
import { type CheckName, type CheckReport, type CheckRow, checkNames, rowsOf, type Severity, skipped } from './checks/finding.js';
import { prometheusText } from './checks/prometheus.js';
import { readGroups, readLiveDisks, readMinIsr, readOngoing, watchArrivals } from './checks/read-facts.js';
import { doubted, unreachedIn, whyStale } from './checks/stale-metadata.js';
import { type Thresholds, thresholdOptions, thresholdsOf } from './checks/thresholds.js';
import { watchThrottles } from './checks/watch-throttles.js';
import { count } from './checks/wording.js';
import { readQuorum } from './read-quorum.js';

interface CheckOptions {
  readonly thresholds: Thresholds;
  readonly skip: ReadonlySet<CheckName>;
  readonly failOn: 'warning' | 'critical';
}

export const checkCluster = query({
  needs: 'cluster',
  summary: 'Check the health of the cluster: exit with 0 where all is well, 5 where not',
  details:
    'A row for each finding, the worst first, with what to type next, and a row for each check that found nothing. ' +
    'All brokers are asked at once. What could not be learned is a row with an error, and exits with 1, 3 or 4. ' +
    `The checks: ${checkNames.join(', ')}.`,
  arguments: [],
  options: {
    ...thresholdOptions,
    skip: { type: 'list', value: 'CHECK', describe: 'checks not to make; repeatable' },
    failOn: {
      type: 'choice',
      choices: ['warning', 'critical'],
      value: 'SEVERITY',
      describe: 'the least that exits with 5 (warning unless told)',
    },
  },
  examples: [
    'kafka-ts cluster check',
    'kafka-ts cluster check --max-lag 10000 --max-lag-time 5m --fail-on critical',
    'kafka-ts cluster check --skip leader-skew,disk-skew -o json',
    'kafka-ts cluster check -o prometheus',
  ],
  parse: (_args, { skip, failOn = 'warning', ...values }): CheckOptions => ({
    thresholds: thresholdsOf(values),
    skip: new Set(skip.map(checkName)),
    failOn,
  }),
  canWatch: true,
  run: async (ports, { thresholds, skip }, run): Promise<readonly CheckRow[]> => {
    const { admin, now } = ports;
    const { signal } = run;
    const isMade = (...checks: readonly CheckName[]) => checks.some((check) => !skip.has(check));
    // Where the brokers are not known nothing is: that failure alone ends the command.
    const { brokers, partitions, controller } = await readBrokers(admin, run);
    const sampleMs = thresholds.reassignmentSampleMs;
    const fromBrokers = Promise.all([
      isMade('under-min-isr', 'at-min-isr') ? readMinIsr(admin, partitions, signal) : noMinIsr,
      isMade('brokers', 'log-dirs', 'disk-used', 'disk-skew') ? readLiveDisks(admin, brokers, signal) : noDisks,
      isMade('transactions') ? readTransactions(ports, { brokers, partitions }, thresholds, signal) : null,
      thresholds.maxLag === null && thresholds.maxLagMs === null ? noGroups : readGroups(admin, run),
    ]);
    // A broker answers what comes over a connection in its order, and waits for the controller as long as it may: so that comes last.
    const fromController = ports.sleep(0, signal).then(() => {
      const moving = isMade('reassignments', 'under-replicated', 'at-min-isr', 'throttles') ? readOngoing(admin, signal) : nothingMoves;
      return Promise.all([
        isMade('controller', 'quorum') ? readQuorum(admin, signal) : null,
        moving,
        isMade('reassignments') ? watchArrivals(ports, moving, { brokers, partitions, sampleMs }, signal) : null,
        isMade('throttles')
          ? watchThrottles(ports, moving, { brokers: aliveIds(brokers), topics: topicsOf(partitions), sampleMs }, signal)
          : null,
      ]);
    });
    const [[minIsr, disks, transactions, groups], [quorum, { ongoing: reassignments }, arrivals, throttles]] = await Promise.all([
      fromBrokers,
      fromController,
    ]);
    const down = new Set(brokers.filter(({ alive }) => !alive).map(({ broker }) => broker));
    const unreached = unreachedIn(disks);
    const why = whyStale(quorum, unreached);
    const facts = { brokers, partitions, reassignments, ...minIsr };
    const reports: readonly CheckReport[] = [
      ...(quorum === null ? [] : [checkController(quorum, controller), checkQuorum(quorum, down, thresholds.maxQuorumLagMs)]),
      checkBrokers(brokers, unreached),
      checkOffline(facts),
      checkUnderMinIsr(facts),
      checkAtMinIsr(facts),
      checkUnderReplicated(facts),
      checkLogDirs(disks),
      checkDiskUsed(disks, thresholds.maxDiskUsedPercent),
      checkDiskSkew(disks, thresholds.maxDiskSkewPercent),
      checkLeaderSkew(brokers, thresholds.maxLeaderSkewPercent),
      ...(arrivals === null ? [] : [checkReassignments(arrivals, partitions, down)]),
      ...(throttles === null ? [] : [checkThrottles(throttles)]),
      ...(transactions === null ? [] : [checkTransactions(transactions, now(), thresholds.maxTransactionMs)]),
      checkGroupLag(groups, thresholds.maxLag),
      checkGroupLagTime(groups, now(), thresholds.maxLagMs, thresholds.maxLag === null),
    ];
    const made = reports.filter(({ check }) => !skip.has(check)).map((report) => doubted(report, why));
    return rowsOf([...made, ...[...skip].map((check) => skipped(check, 'left out by --skip'))]);
  },
  unmet: (rows, { failOn }) => {
    const found = (severity: Severity) => rows.filter((row) => row.severity === severity).length;
    const [critical, warnings] = [found('critical'), failOn === 'critical' ? 0 : found('warning')];
    if (critical + warnings === 0) return undefined;
    const kinds = [critical > 0 && `${critical} critical`, warnings > 0 && count(warnings, 'warning')].filter(Boolean);
    return `the cluster is not well: ${kinds.join(', ')}`;
  },
  metrics: prometheusText,
  view: {
    name: ({ check, subject }) => subject ?? check,
    columns: [
      { head: 'SEVERITY', cell: ({ severity }) => severity, tone: ({ severity }) => tones[severity] },
      { head: 'CHECK', cell: ({ check }) => check },
      { head: 'SUBJECT', cell: ({ subject }) => subject ?? '' },
      { head: 'VALUE', cell: ({ value }) => String(value ?? ''), align: 'right', wide: true },
      { head: 'THRESHOLD', cell: ({ threshold }) => String(threshold ?? ''), align: 'right', wide: true },
      { head: 'MESSAGE', cell: ({ message, error }) => message ?? error?.message ?? '' },
      { head: 'NEXT', cell: ({ next }) => next ?? '', optional: true },
    ],
  } satisfies View<CheckRow>,
});

const tones = { critical: 'bad', warning: 'warning', unknown: 'warning', skipped: undefined, ok: 'good' } as const;
const noMinIsr = { minIsr: new Map<string, number>(), minIsrFailures: [] };
const noDisks: Disks = new Map();
const nothingMoves = Promise.resolve({ ongoing: [], error: null });
const topicsOf = (partitions: readonly LedPartition[]) => [...new Set(partitions.map(({ topic }) => topic))];
const noGroups = { lags: [], failures: [] };

/** Throws UsageError. */
function checkName(name: string): CheckName {
  const known = checkNames.find((each) => each === name);
  if (known === undefined) throw new UsageError(`--skip: there is no check '${name}'`, `choose among ${checkNames.join(', ')}`);
  return known;
}

const readTransactions = (
  { admin, now }: ClusterPorts,
  { brokers, partitions }: { readonly brokers: readonly BrokerState[]; readonly partitions: readonly LedPartition[] },
  { maxTransactionMs }: Thresholds,
  signal: AbortSignal,
) =>
  admin.findHangingTransactions(
    partitions.filter(({ leader }) => leader !== -1),
    aliveIds(brokers),
    { nowMs: now(), olderThanMs: maxTransactionMs, signal },
  );
