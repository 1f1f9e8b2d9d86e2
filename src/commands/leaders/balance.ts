import { leadershipChanges, standingOf } from '../../admin/execute/leadership-change.js';
import { balanceLeaders as makePlan } from '../../balance/balance-leaders.js';
import type { BalanceGoal, BalanceOptions, BalancePlan } from '../../balance/balance-plan.js';
import type { Cluster } from '../../balance/cluster.js';
import { whatHoldsBack } from '../../balance/hold-back.js';
import { certificateSentences } from '../../balance/sentences.js';
import { verifyCertificate } from '../../balance/verify-certificate.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { change, type Plan, type Run } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import { parseBrokerIds, requireBrokers } from './broker-ids.js';
import { type ClusterConditions, conditionNotes, readConditions } from './cluster-conditions.js';
import { driftedRow } from './drifted-row.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import {
  applyLeaderRows,
  isReordering,
  type LeaderRow,
  leaderRowView,
  type Pace,
  paceOf,
  paceOptions,
  undoOfLeaderRow,
} from './leader-row.js';
import { leadersOf, type PlanDocument, type PlanFacts, planDocument, planFileSchema, planView } from './plan-document.js';
import { type ClusterLeaders, readLeaders } from './read-leaders.js';
import { allTopics, isPartial, parseScope, scopeOptions, type TopicScope } from './topic-scope.js';

interface Options {
  readonly scope: TopicScope;
  readonly excludedBrokers: readonly number[];
  readonly balance: BalanceOptions;
  readonly pace: Pace;
  readonly planOut: string | null;
  readonly planFile: string | null;
}

export const balanceLeaders = change({
  needs: 'cluster',
  summary: 'Spread leaders over brokers as evenly as their replicas allow',
  details: `The plan moves as few leaders as that takes and no data: replicas are put in another order, and Kafka elects the first. The order of the others is chosen so that leaders spread evenly after any one broker fails too. The plan is proven, and taken back by leaders rollback.

Only the topics that are chosen are balanced; all others are neither moved nor counted.`,
  arguments: [],
  options: {
    ...scopeOptions,
    excludeBroker: { type: 'list', value: 'ID', names: 'brokers', describe: 'a broker that shall lead only what nobody else can' },
    perTopic: { type: 'boolean', describe: "then also each topic's leaders, as far as that keeps the whole even" },
    perRack: { type: 'boolean', describe: 'then also the leaders of the racks, as far as that keeps the whole even' },
    tolerance: { type: 'integer', value: 'K', describe: 'let the spread be up to K above the least possible, where that saves moves' },
    maxMoves: { type: 'integer', value: 'N', min: 1, describe: 'move at most N leaders: those that help most' },
    ...paceOptions,
    planOut: { type: 'string', value: 'FILE', names: 'files', describe: 'write the plan there too' },
    plan: { type: 'string', value: 'FILE', names: 'files', describe: 'carry out the plan that --plan-out wrote' },
  },
  examples: [
    'kafka-ts leaders balance',
    'kafka-ts leaders balance --dry-run --detailed-exitcode -o json',
    "kafka-ts leaders balance --match 'orders-*' --exclude-broker 3 --yes",
    'kafka-ts leaders balance --per-topic --dry-run --plan-out plan.json',
    'kafka-ts leaders balance --plan plan.json --batch 50 --pause 10s --yes',
  ],
  parse: (
    _args,
    { topic, match, includeInternal, excludeBroker, perTopic, perRack, tolerance, maxMoves, batch, pause, planOut, plan },
  ): Options => {
    const options = {
      scope: parseScope({ topic, match, includeInternal }),
      excludedBrokers: parseBrokerIds(excludeBroker),
      balance: {
        ...((perTopic || perRack) && { goals: goalsOf(perTopic, perRack) }),
        ...(tolerance !== undefined && { tolerance }),
        ...(maxMoves !== undefined && { maxMoves }),
      },
      pace: paceOf({ batch, pause }),
      planOut: planOut ?? null,
      planFile: plan ?? null,
    };
    if (options.balance.goals !== undefined && (tolerance !== undefined || maxMoves !== undefined)) {
      throw new UsageError('--tolerance and --max-moves do not go with --per-topic or --per-rack');
    }
    const isForNewPlan =
      isPartial(options.scope) || excludeBroker.length > 0 || Object.keys(options.balance).length > 0 || planOut !== undefined;
    if (plan !== undefined && isForNewPlan) throw new UsageError('--plan says all about the plan; leave out the options that make one');
    return options;
  },
  plan: async (ports, options, run): Promise<Plan<LeaderRow, PlanFacts>> => {
    const plan = options.planFile === null ? await newPlan(ports, options, run) : await planOfFile(ports, options.planFile, run);
    if (options.planOut !== null) {
      writeJsonFile(options.planOut, planDocument(plan.rows, plan.facts, null));
      run.note(`plan file: ${options.planOut}`);
    }
    for (const note of conditionNotes(plan.facts.conditions)) run.note(`kafka-ts: ${note}`);
    if (plan.rows.length === 0) run.note('kafka-ts: nothing to do');
    return plan;
  },
  danger: () => 'moderate',
  apply: (ports, rows, { pace }, run) => applyLeaderRows(ports, rows, pace, run),
  undo: undoOfLeaderRow,
  view: leaderRowView,
  document: { of: planDocument, view: planView },
});

/** Evenness of the whole comes first. */
const goalsOf = (perTopic: boolean, perRack: boolean): readonly BalanceGoal[] => [
  'cluster',
  ...(perTopic ? (['topic'] as const) : []),
  ...(perRack ? (['rack'] as const) : []),
];

async function newPlan({ admin, now }: ClusterPorts, options: Options, run: Run): Promise<Plan<LeaderRow, PlanFacts>> {
  const found = await readLeaders(admin, options.scope, run);
  requireBrokers(options.excludedBrokers, found.brokers, '--exclude-broker');
  const conditions = await readConditions(admin, found, run);
  const cluster = inputOf(found, conditions, options);
  const plan = provenPlan(cluster, options.balance);
  const rows = leadershipChanges(found.partitions, plan).map((row) => ({ ...row, outcome: 'planned', error: null }) as const);
  const takenAt = new Date(now()).toISOString();
  return {
    rows,
    facts: {
      clusterId: found.clusterId,
      takenAt,
      conditions,
      brokers: brokersOf(cluster, plan),
      holdBack: holdBackOf(cluster, plan),
      proof: certificateSentences(plan),
      ...plan,
    },
  };
}

/** Partitions under reassignment stay as they are. */
function inputOf({ brokers, partitions }: ClusterLeaders, { reassigning }: ClusterConditions, { excludedBrokers }: Options): Cluster {
  const moving = new Set(reassigning.map(topicPartitionName));
  return {
    brokers: brokers.map((broker) => ({ ...broker, excluded: excludedBrokers.includes(broker.id) })),
    partitions: partitions.map((partition) => ({ ...partition, fixed: moving.has(topicPartitionName(partition)) })),
  };
}

/** Nothing is shown, let alone done, that the checker does not agree with. */
function provenPlan(cluster: Cluster, options: BalanceOptions): BalancePlan {
  const plan = makePlan(cluster, options);
  const { valid, problems } = verifyCertificate(cluster, plan);
  if (!valid) throw new Error(`the plan does not stand up to its proof: ${problems.join('; ')}`);
  return plan;
}

/** Of a plan that is as even as can be and yet not even: where its own options leave it uneven, nothing holds it back. */
function holdBackOf(cluster: Cluster, { options, after }: BalancePlan): PlanFacts['holdBack'] {
  if (after.spread <= 1 || options.tolerance !== undefined || options.maxMoves !== undefined) return null;
  const found = whatHoldsBack(cluster);
  if (found === null) return null;
  const { overloaded, underloaded, fewestReplicaMoves } = found;
  return { overloaded, underloaded, fewestReplicaMoves };
}

function brokersOf({ brokers }: Cluster, { before, after }: BalancePlan): PlanFacts['brokers'] {
  return brokers.map(({ id, rack = null, alive = true, excluded = false }) => ({
    broker: id,
    rack,
    alive,
    excluded,
    leadersBefore: leadersOf(before, id),
    leadersAfter: leadersOf(after, id),
  }));
}

/** What of a plan is still to do, and what no longer fits: a row that has drifted fails, and the others are planned. */
async function planOfFile({ admin }: ClusterPorts, path: string, run: Run): Promise<Plan<LeaderRow, PlanFacts>> {
  const file = readJsonFile(path, 'a balance plan', planFileSchema);
  const found = await readLeaders(admin, allTopics, run);
  if (file.clusterId !== found.clusterId)
    throw new UsageError(`${path} is a plan for the cluster ${file.clusterId}, and this one is ${found.clusterId}`);
  const stateOf = new Map(found.partitions.map((partition) => [topicPartitionName(partition), partition]));
  const rows = file.changes.map(({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }): Outcome<LeaderRow> => {
    const row = { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter };
    if (!isReordering(replicasBefore, replicasAfter))
      throw new UsageError(`${path} is not a balance plan: it moves replicas of ${topic}:${partition}`);
    const state = stateOf.get(topicPartitionName(row));
    const standing = state === undefined ? 'drifted' : standingOf(state, row);
    if (state === undefined || standing === 'drifted') return { ...row, outcome: 'failed', error: driftedRow(state) };
    if (standing === 'reached') return { ...row, outcome: 'not-needed', error: null };
    return { ...row, leaderBefore: state.leader, replicasBefore: state.replicas, outcome: 'planned', error: null };
  });
  const conditions = await readConditions(admin, found, run);
  // What the schema does not look into (the certificate) is passed on as it is.
  const { changes: _changes, formatVersion: _formatVersion, ...facts } = file as unknown as PlanDocument;
  return { rows, facts: { ...facts, conditions } };
}
