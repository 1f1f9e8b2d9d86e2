import { array, boolean, integer, literal, looseObject, nullable, number, object, pipe, string } from 'valibot';
import type { BalancePlan, LeaderStatistics } from '../../balance/balance-plan.js';
import type { HoldBack } from '../../balance/hold-back.js';
import type { Outcome } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import type { ClusterConditions } from './cluster-conditions.js';
import { FORMAT_VERSION } from './json-file.js';
import type { LeaderRow } from './leader-row.js';

/** All of a balance plan but what becomes of its rows. */
export interface PlanFacts extends BalancePlan {
  readonly clusterId: string;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly conditions: ClusterConditions;
  /** By rising id; after counts what the plan's partitions come to. */
  readonly brokers: readonly PlanBroker[];
  /** Why leaders alone cannot be more even, and how many replicas would have to move; null where they can. */
  readonly holdBack: Pick<HoldBack, 'overloaded' | 'underloaded' | 'fewestReplicaMoves'> | null;
  /** The certificate in sentences. */
  readonly proof: readonly string[];
}
interface PlanBroker {
  readonly broker: number;
  readonly rack: string | null;
  readonly alive: boolean;
  readonly excluded: boolean;
  readonly leadersBefore: number;
  readonly leadersAfter: number;
}

/**
 * What `leaders balance` prints, and what `--plan-out` writes and `--plan` reads. It is a plan as `verifyCertificate` takes it, and
 * with each partition what was before, shall be, and became of it.
 */
export interface PlanDocument extends PlanFacts {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly changes: readonly Outcome<LeaderRow>[];
  readonly undoFile: string | null;
}

export const planDocument = (changes: readonly Outcome<LeaderRow>[], facts: PlanFacts, undoFile: string | null): PlanDocument => {
  const { clusterId, takenAt, conditions, brokers, holdBack, proof, ...plan } = facts;
  return { formatVersion: FORMAT_VERSION, clusterId, takenAt, conditions, brokers, ...plan, holdBack, proof, changes, undoFile };
};

const count = pipe(number(), integer());
const ids = array(count);
const statistics = looseObject({
  max: count,
  min: count,
  spread: count,
  worstFailure: nullable(object({ failed: count, busiest: count, leaders: count })),
});
/** Of a plan file what is used of it; its certificate is for `verifyCertificate`. */
export const planFileSchema = looseObject({
  formatVersion: literal(FORMAT_VERSION),
  clusterId: string(),
  takenAt: string(),
  brokers: array(
    object({ broker: count, rack: nullable(string()), alive: boolean(), excluded: boolean(), leadersBefore: count, leadersAfter: count }),
  ),
  moves: array(object({ topic: string(), partition: count, from: count, to: count })),
  orders: array(object({ topic: string(), partition: count, replicas: ids })),
  before: statistics,
  after: statistics,
  holdBack: nullable(object({ overloaded: ids, underloaded: ids, fewestReplicaMoves: count })),
  proof: array(string()),
  changes: array(
    looseObject({
      topic: string(),
      partition: count,
      leaderBefore: count,
      leaderAfter: count,
      replicasBefore: ids,
      replicasAfter: ids,
    }),
  ),
});

/** 0 of a broker that is not alive: it leads nothing. */
export const leadersOf = ({ leaders }: LeaderStatistics, id: number): number => leaders.find(({ broker }) => broker === id)?.leaders ?? 0;

interface BrokerLine extends PlanBroker {
  /** Of the longest bar. */
  readonly most: number;
}

export const planView: View<PlanDocument, BrokerLine> = {
  name: ({ clusterId }) => clusterId,
  heading: [
    { head: 'SPREAD', cell: ({ before, after }) => fromTo(String(before.spread), String(after.spread)) },
    {
      head: 'WORST FAILURE',
      cell: ({ before, after }) => fromTo(failureText(before.worstFailure), failureText(after.worstFailure)),
    },
    { head: 'LEADER MOVES', cell: ({ moves }) => String(moves.length) },
    { head: 'NEW ORDERS', cell: ({ orders }) => String(orders.length) },
    // A sentence on each line; empty ones are not shown.
    ...[0, 1, 2, 3].map((index) => ({ head: index === 0 ? 'PROOF' : '', cell: ({ proof }: PlanDocument) => proof[index] ?? '' })),
    { head: 'HELD BACK', cell: ({ holdBack }) => holdBackText(holdBack) },
    { head: 'OUTCOME', cell: ({ changes }) => outcomeText(changes) },
  ],
  lines: ({ brokers }) => {
    const most = Math.max(1, ...brokers.flatMap(({ leadersBefore, leadersAfter }) => [leadersBefore, leadersAfter]));
    return brokers.map((broker) => ({ ...broker, most }));
  },
  columns: [
    { head: 'BROKER', cell: ({ broker }) => String(broker), align: 'right' },
    { head: 'RACK', cell: ({ rack }) => rack ?? '' },
    {
      head: 'STATE',
      cell: ({ alive, excluded }) => (alive ? (excluded ? 'excluded' : 'alive') : 'down'),
      tone: ({ alive }) => (alive ? undefined : 'bad'),
    },
    {
      head: 'BEFORE',
      cell: ({ leadersBefore }) => String(leadersBefore),
      align: 'right',
      bar: ({ leadersBefore, most }) => leadersBefore / most,
    },
    {
      head: 'AFTER',
      cell: ({ leadersAfter }) => String(leadersAfter),
      align: 'right',
      bar: ({ leadersAfter, most }) => leadersAfter / most,
    },
  ],
};

const fromTo = (before: string, after: string): string => (before === after ? before : `${before} -> ${after}`);

/** The busiest broker after the worst single failure. */
const failureText = (worst: PlanDocument['before']['worstFailure']): string =>
  worst === null ? 'none' : `${worst.leaders} on broker ${worst.busiest} without ${worst.failed}`;

function outcomeText(changes: PlanDocument['changes']): string {
  const counts = new Map<string, number>();
  for (const { outcome } of changes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts.size === 0 ? 'nothing to do' : [...counts].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
}

function holdBackText(holdBack: PlanFacts['holdBack']): string {
  if (holdBack === null) return '';
  const { overloaded, underloaded, fewestReplicaMoves } = holdBack;
  const named = (ids: readonly number[]) => `${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`;
  const facts = [
    ...(overloaded.length > 0 ? [`${named(overloaded)} must lead more than an even share`] : []),
    ...(underloaded.length > 0 ? [`${named(underloaded)} cannot lead as much as that`] : []),
  ];
  const moves = `${fewestReplicaMoves} ${fewestReplicaMoves === 1 ? 'replica' : 'replicas'} would have to move`;
  return `${facts.join('; ')}; ${moves}`;
}
