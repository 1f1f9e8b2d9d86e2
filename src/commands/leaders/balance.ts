import { isSameOrder, type LeadershipChange, leadershipChanges, standingOf } from '../../admin/execute/leadership-change.js';
import { balanceLeaders as makePlan } from '../../balance/balance-leaders.js';
import type { BalanceGoal, BalanceOptions, BalancePlan, BrokerWeight } from '../../balance/balance-plan.js';
import { balanceWithReplicaMoves, type ReplicaMovePlan } from '../../balance/balance-with-replica-moves.js';
import type { Cluster, ClusterPartition } from '../../balance/cluster.js';
import { whatHoldsBack } from '../../balance/hold-back.js';
import { certificateSentences } from '../../balance/sentences.js';
import { currentStatistics } from '../../balance/statistics.js';
import { verifyCertificate } from '../../balance/verify-certificate.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
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
import { logSizes, parseWeight, type WeightChoice, weighPartitions, weightOptions } from './partition-weights.js';
import { leadersOf, type PlanDocument, type PlanFacts, planDocument, planFileSchema, planView } from './plan-document.js';
import { type ClusterLeaders, readLeaders } from './read-leaders.js';
import { allTopics, isPartial, parseScope, scopeOptions, type TopicScope } from './topic-scope.js';

interface Options {
  readonly scope: TopicScope;
  readonly excludedBrokers: readonly number[];
  readonly balance: BalanceOptions;
  readonly weight: WeightChoice | null;
  readonly movesReplicas: boolean;
  readonly pace: Pace;
  readonly planOut: string | null;
  readonly planFile: string | null;
}

export const balanceLeaders = change({
  needs: 'cluster',
  summary: 'Spread leaders over brokers as evenly as their replicas allow',
  details: `The plan moves as few leaders as that takes and no data: replicas are put in another order, and Kafka elects the first. (Only --move-replicas moves data.) The order of the others is chosen so that leaders spread evenly after any one broker fails too. The plan is proven, and taken back by leaders rollback.

Only the topics that are chosen are balanced; all others are neither moved nor counted.`,
  arguments: [],
  options: {
    ...scopeOptions,
    excludeBroker: { type: 'list', value: 'ID', names: 'brokers', describe: 'a broker that shall lead only what nobody else can' },
    perTopic: { type: 'boolean', describe: "then also each topic's leaders, as far as that keeps the whole even" },
    perRack: { type: 'boolean', describe: 'then also the leaders of the racks, as far as that keeps the whole even' },
    tolerance: { type: 'integer', value: 'K', describe: 'let the spread be up to K above the least possible, where that saves moves' },
    maxMoves: { type: 'integer', value: 'N', min: 1, describe: 'move at most N leaders: those that help most' },
    ...weightOptions,
    moveReplicas: {
      type: 'boolean',
      describe: 'move the fewest replicas, with their data, that let leaders be even where else they cannot',
    },
    ...paceOptions,
    planOut: { type: 'string', value: 'FILE', names: 'files', describe: 'write the plan there too' },
    plan: { type: 'string', value: 'FILE', names: 'files', describe: 'carry out the plan that --plan-out wrote' },
  },
  examples: [
    'kafka-ts leaders balance',
    'kafka-ts leaders balance --dry-run --detailed-exitcode -o json',
    "kafka-ts leaders balance --match 'orders-*' --exclude-broker 3 --yes",
    'kafka-ts leaders balance --per-topic --dry-run --plan-out plan.json',
    'kafka-ts leaders balance --weight rate --sample 5m --dry-run',
    'kafka-ts leaders balance --move-replicas --batch 5',
    'kafka-ts leaders balance --plan plan.json --batch 50 --pause 10s --yes',
  ],
  parse: (
    _args,
    {
      topic,
      match,
      includeInternal,
      excludeBroker,
      perTopic,
      perRack,
      tolerance,
      maxMoves,
      weight,
      sample,
      moveReplicas,
      batch,
      pause,
      planOut,
      plan,
    },
  ): Options => {
    const weighed = parseWeight({ weight, sample });
    const options = {
      scope: parseScope({ topic, match, includeInternal }),
      excludedBrokers: parseBrokerIds(excludeBroker),
      balance: {
        ...((perTopic || perRack) && { goals: goalsOf(perTopic, perRack) }),
        ...(tolerance !== undefined && { tolerance }),
        ...(maxMoves !== undefined && { maxMoves }),
        ...(weighed !== null && { weights: true }),
      },
      weight: weighed,
      movesReplicas: moveReplicas,
      pace: paceOf({ batch, pause }),
      planOut: planOut ?? null,
      planFile: plan ?? null,
    };
    if (options.balance.goals !== undefined && (tolerance !== undefined || maxMoves !== undefined)) {
      throw new UsageError('--tolerance and --max-moves do not go with --per-topic or --per-rack');
    }
    const isWhole = options.balance.goals === undefined && tolerance === undefined && maxMoves === undefined;
    if (weighed !== null && !isWhole) {
      throw new UsageError('--weight does not go with --per-topic, --per-rack, --tolerance or --max-moves');
    }
    if (moveReplicas && (weighed !== null || tolerance !== undefined || maxMoves !== undefined)) {
      throw new UsageError('--move-replicas does not go with --weight, --tolerance or --max-moves');
    }
    const isForNewPlan =
      moveReplicas ||
      isPartial(options.scope) ||
      excludeBroker.length > 0 ||
      Object.keys(options.balance).length > 0 ||
      planOut !== undefined;
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

async function newPlan(ports: ClusterPorts, options: Options, run: Run): Promise<Plan<LeaderRow, PlanFacts>> {
  const { admin, now } = ports;
  const found = await readLeaders(admin, options.scope, run);
  requireBrokers(options.excludedBrokers, found.brokers, '--exclude-broker');
  const conditions = await readConditions(admin, found, run);
  if (options.movesReplicas) requireWhole(conditions);
  const weighed = options.weight === null ? null : await weighPartitions(ports, found.partitions, options.weight, run);
  const cluster = inputOf({ ...found, partitions: weighed?.partitions ?? found.partitions }, conditions, options);
  const { replicaMoves, moved, plan } = provenPlan(cluster, options);
  const before = options.movesReplicas ? currentStatistics(cluster) : plan.before;
  const takenAt = new Date(now()).toISOString();
  const shown = { ...plan, before };
  return {
    rows: changesOf(found.partitions, moved.partitions, plan).map((row) => ({ ...row, outcome: 'planned', error: null }) as const),
    facts: {
      clusterId: found.clusterId,
      takenAt,
      conditions,
      weighing: weighed?.weighing ?? null,
      brokers: brokersOf(cluster, shown),
      holdBack: holdBackOf(cluster, plan),
      replicaMoves,
      replicaMoveBytes: replicaMoves.length === 0 ? null : await bytesOf(replicaMoves, found, ports, run),
      proof: certificateSentences(plan),
      ...shown,
    },
  };
}

/** Who leads and holds what in the end, where that is not what it is today. */
function changesOf(
  today: ClusterLeaders['partitions'],
  moved: readonly ClusterPartition[],
  plan: BalancePlan,
): readonly LeadershipChange[] {
  const changeOf = new Map(leadershipChanges(moved, plan).map((change) => [topicPartitionName(change), change]));
  return today.flatMap(({ topic, partition, leader, replicas }, index) => {
    const change = changeOf.get(topicPartitionName({ topic, partition }));
    const after = moved[index] ?? { leader, replicas };
    const leaderAfter = change?.leaderAfter ?? after.leader;
    const replicasAfter = change?.replicasAfter ?? after.replicas;
    if (leaderAfter === leader && isSameOrder(replicasAfter, replicas)) return [];
    return [{ topic, partition, leaderBefore: leader, leaderAfter, replicasBefore: replicas, replicasAfter }];
  });
}

/** A broker that is away, and a replica that is behind, would make data move that is in its place. */
function requireWhole({ downBrokers, underReplicatedCount }: ClusterConditions): void {
  const why =
    downBrokers.length > 0
      ? `brokers are down: ${downBrokers.join(', ')}`
      : underReplicatedCount > 0
        ? `under-replicated partitions: ${underReplicatedCount}`
        : null;
  if (why !== null)
    throw new UsageError(`--move-replicas wants a cluster that is whole; ${why}`, 'leave it out, or wait until all are back');
}

async function bytesOf(
  moves: readonly TopicPartition[],
  { partitions }: ClusterLeaders,
  { admin }: ClusterPorts,
  run: Run,
): Promise<number | null> {
  const sizes = await logSizes(admin, partitions, run);
  return sizes.size === 0 ? null : moves.reduce((sum, move) => sum + (sizes.get(topicPartitionName(move)) ?? 0), 0);
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
function provenPlan(cluster: Cluster, { balance, movesReplicas }: Options): ReplicaMovePlan {
  const made = movesReplicas
    ? balanceWithReplicaMoves(cluster, balance)
    : { replicaMoves: [], moved: cluster, plan: makePlan(cluster, balance) };
  const { valid, problems } = verifyCertificate(made.moved, made.plan);
  if (!valid) throw new Error(`the plan does not stand up to its proof: ${problems.join('; ')}`);
  return made;
}

/** Of a plan that is as even as can be and yet not even: where its own options leave it uneven, nothing holds it back. */
function holdBackOf(cluster: Cluster, { options, after }: BalancePlan): PlanFacts['holdBack'] {
  if (after.spread <= 1 || options.tolerance !== undefined || options.maxMoves !== undefined) return null;
  const found = whatHoldsBack(cluster);
  if (found === null) return null;
  const { overloaded, partitions, underloaded, fewestReplicaMoves } = found;
  return { overloaded, partitions, underloaded, fewestReplicaMoves };
}

function brokersOf({ brokers }: Cluster, { before, after, weights }: BalancePlan): PlanFacts['brokers'] {
  const weightOf = (rows: readonly BrokerWeight[] | undefined, id: number) => rows?.find(({ broker }) => broker === id)?.weight ?? null;
  return brokers.map(({ id, rack = null, alive = true, excluded = false }) => ({
    broker: id,
    rack,
    alive,
    excluded,
    leadersBefore: leadersOf(before, id),
    leadersAfter: leadersOf(after, id),
    weightBefore: weightOf(weights?.before, id),
    weightAfter: weightOf(weights?.after, id),
  }));
}

/** What of a plan is still to do, and what no longer fits: a row that has drifted fails, and the others are planned. */
async function planOfFile({ admin }: ClusterPorts, path: string, run: Run): Promise<Plan<LeaderRow, PlanFacts>> {
  const file = readJsonFile(path, 'a balance plan', planFileSchema);
  const found = await readLeaders(admin, allTopics, run);
  if (file.clusterId !== found.clusterId)
    throw new UsageError(`${path} is a plan for the cluster ${file.clusterId}, and this one is ${found.clusterId}`);
  const moving = new Map(file.replicaMoves.map((move) => [topicPartitionName(move), move.replicas]));
  const stateOf = new Map(found.partitions.map((partition) => [topicPartitionName(partition), partition]));
  const rows = file.changes.map(({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }): Outcome<LeaderRow> => {
    const row = { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter };
    if (!isReordering(moving.get(topicPartitionName(row)) ?? replicasBefore, replicasAfter))
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
