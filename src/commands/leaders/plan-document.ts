import { array, boolean, integer, literal, looseObject, nullable, number, object, optional, picklist, pipe, string } from 'valibot';
import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { BalancePlan } from '../../balance/balance-plan.js';
import type { HoldBack, ReplicaMove } from '../../balance/hold-back.js';
import { brokersOf } from '../../balance/sentences.js';
import type { Outcome } from '../../model/outcome.js';
import { sizeText } from '../../render/size-text.js';
import type { View } from '../../render/view.js';
import { FORMAT_VERSION } from '../json-file.js';
import type { ClusterConditions } from './cluster-conditions.js';
import { leadersOf, leadersReached } from './leaders-reached.js';
import { type Weighing, weightKinds } from './partition-weights.js';

/** All of a balance plan but what becomes of its rows. */
export interface PlanFacts extends BalancePlan {
  readonly clusterId: string;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly conditions: ClusterConditions;
  /** By rising id; after is what they come to with what was done: what failed or was skipped stays where it is. */
  readonly brokers: readonly PlanBroker[];
  /** What the partitions weigh; null without --weight. */
  readonly weighing: Weighing | null;
  /** Why leaders alone cannot be more even, and how many replicas would have to move; null where they can. */
  readonly holdBack: Pick<HoldBack, 'overloaded' | 'partitions' | 'underloaded' | 'fewestReplicaMoves'> | null;
  /**
   * Of --move-replicas; empty without. The certificate, `moves` and `orders` are of the cluster with these replicas moved
   * (`balanceWithReplicaMoves`), `before` and `changes` are of the cluster as it is.
   */
  readonly replicaMoves: readonly ReplicaMove[];
  /** To be copied between brokers; null where no broker tells. */
  readonly replicaMoveBytes: number | null;
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
  /** What its leaders weigh; null without --weight, and of a broker that is not balanced. */
  readonly weightBefore: number | null;
  readonly weightAfter: number | null;
}

/**
 * What `leaders balance` prints, and what `--plan-out` writes and `--plan` reads. It is a plan as `verifyCertificate` takes it, and
 * with each partition what was before, shall be, and became of it.
 */
export interface PlanDocument extends PlanFacts {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly changes: readonly Outcome<LeadershipChange>[];
  readonly undoFile: string | null;
}

export const planDocument = (changes: readonly Outcome<LeadershipChange>[], facts: PlanFacts, undoFile: string | null): PlanDocument => {
  const { clusterId, takenAt, conditions, weighing, brokers, holdBack, replicaMoves, replicaMoveBytes, proof, ...plan } = facts;
  const beside = { holdBack, replicaMoves, replicaMoveBytes, proof };
  const reached = { brokers: leadersReached(brokers, plan.after, changes) };
  return { formatVersion: FORMAT_VERSION, clusterId, takenAt, conditions, weighing, ...reached, ...plan, ...beside, changes, undoFile };
};

const count = pipe(number(), integer());
const ids = array(count);
const partition = { topic: string(), partition: count };
const statistics = looseObject({
  leaders: array(looseObject({ broker: count, leaders: count })),
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
    object({
      broker: count,
      rack: nullable(string()),
      alive: boolean(),
      excluded: boolean(),
      leadersBefore: count,
      leadersAfter: count,
      weightBefore: optional(nullable(number()), null),
      weightAfter: optional(nullable(number()), null),
    }),
  ),
  moves: array(object({ ...partition, from: count, to: count })),
  orders: array(object({ ...partition, replicas: ids })),
  before: statistics,
  after: statistics,
  weights: nullable(looseObject({ max: number(), lowerBound: number(), gap: number() })),
  weighing: optional(nullable(object({ by: picklist(weightKinds), sampleMs: nullable(number()), unknownCount: count })), null),
  holdBack: nullable(
    object({ overloaded: ids, partitions: optional(array(object(partition)), []), underloaded: ids, fewestReplicaMoves: count }),
  ),
  replicaMoves: optional(array(object({ ...partition, add: count, remove: count, replicas: ids })), []),
  replicaMoveBytes: optional(nullable(number()), null),
  proof: array(string()),
  changes: array(
    looseObject({
      ...partition,
      leaderBefore: count,
      leaderAfter: count,
      replicasBefore: ids,
      replicasAfter: ids,
    }),
  ),
});

interface BrokerLine extends PlanBroker {
  /** Of the longest bar. */
  readonly most: number;
  readonly weighing: Weighing | null;
}

export const planView: View<PlanDocument, BrokerLine> = {
  name: ({ clusterId }) => clusterId,
  heading: [
    { head: 'SPREAD', cell: spreadText },
    {
      head: 'WORST FAILURE',
      cell: (plan) => fromTo(failureText(plan.before.worstFailure), `${failureText(plan.after.worstFailure)}${plannedOnly(plan)}`),
    },
    { head: 'HEAVIEST BROKER', cell: heaviestText },
    { head: 'REPLICA MOVES', cell: replicaMovesText },
    { head: 'LEADER MOVES', cell: ({ moves }) => String(moves.length) },
    { head: 'NEW ORDERS', cell: ({ orders }) => String(orders.length) },
    // A sentence on each line; empty ones are not shown.
    ...[0, 1, 2, 3, 4].map((index) => ({ head: index === 0 ? 'PROOF' : '', cell: ({ proof }: PlanDocument) => proof[index] ?? '' })),
    { head: 'HELD BACK', cell: ({ holdBack }) => holdBackText(holdBack) },
    { head: 'OUTCOME', cell: ({ changes }) => outcomeText(changes) },
  ],
  lines: ({ brokers, weighing }) => {
    const most = Math.max(1, ...brokers.flatMap(({ leadersBefore, leadersAfter }) => [leadersBefore, leadersAfter]));
    return brokers.map((broker) => ({ ...broker, most, weighing }));
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
    { head: 'WEIGHT', cell: ({ weightBefore, weighing }) => weightText(weightBefore, weighing), align: 'right', optional: true },
    { head: 'WEIGHT AFTER', cell: ({ weightAfter, weighing }) => weightText(weightAfter, weighing), align: 'right', optional: true },
  ],
};

const fromTo = (before: string, after: string): string => (before === after ? before : `${before} -> ${after}`);

/** Whether less was reached than planned: the proof and what follows from it are then of the plan. */
const isShort = ({ brokers, after }: PlanDocument): boolean =>
  brokers.some(({ broker, leadersAfter }) => leadersAfter !== leadersOf(after, broker));

const plannedOnly = (plan: PlanDocument): string => (isShort(plan) ? ' as planned' : '');

function spreadText(plan: PlanDocument): string {
  const { before, after, brokers } = plan;
  if (!isShort(plan)) return fromTo(String(before.spread), String(after.spread));
  const loads = brokers.filter(({ alive, excluded }) => alive && !excluded).map(({ leadersAfter }) => leadersAfter);
  const spread = loads.length === 0 ? 0 : Math.max(...loads) - Math.min(...loads);
  return `${before.spread} -> ${spread}, planned ${after.spread}`;
}

/** The busiest broker after the worst single failure. */
const failureText = (worst: PlanDocument['before']['worstFailure']): string =>
  worst === null ? 'none' : `${worst.leaders} on broker ${worst.busiest} without ${worst.failed}`;

function outcomeText(changes: PlanDocument['changes']): string {
  const counts = new Map<string, number>();
  for (const { outcome } of changes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts.size === 0 ? 'nothing to do' : [...counts].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
}

export function holdBackText(holdBack: PlanFacts['holdBack']): string {
  if (holdBack === null) return '';
  const { overloaded, partitions, underloaded, fewestReplicaMoves } = holdBack;
  const held = `which alone can lead ${partitions.length} ${partitions.length === 1 ? 'partition' : 'partitions'}`;
  const facts = [
    ...(overloaded.length > 0 ? [`${brokersOf({ brokers: overloaded })}, ${held}, must lead more than an even share`] : []),
    ...(underloaded.length > 0 ? [`${brokersOf({ brokers: underloaded })} cannot lead as much as that`] : []),
  ];
  const moves = `${fewestReplicaMoves} ${fewestReplicaMoves === 1 ? 'replica' : 'replicas'} would have to move (--move-replicas)`;
  return `${facts.join('; ')}; ${moves}`;
}

export function heaviestText({ weights, weighing, brokers }: PlanDocument): string {
  if (weights === null || weighing === null) return '';
  const before = Math.max(0, ...brokers.map(({ weightBefore }) => weightBefore ?? 0));
  const text = fromTo(weightText(before, weighing), weightText(weights.max, weighing));
  if (weights.gap === 0) return `${text}, the least that can be`;
  return `${text}, at most ${(100 * weights.gap).toFixed(1)} % above the least (at least ${weightText(weights.lowerBound, weighing)})`;
}

function weightText(weight: number | null, weighing: Weighing | null): string {
  if (weight === null || weighing === null) return '';
  return weighing.by === 'bytes' ? sizeText(weight) : `${weight.toFixed(1)} records/s`;
}

export function replicaMovesText({ replicaMoves, replicaMoveBytes }: PlanDocument): string {
  if (replicaMoves.length === 0) return '';
  return replicaMoveBytes === null ? String(replicaMoves.length) : `${replicaMoves.length}, ${sizeText(replicaMoveBytes)} to copy`;
}
