import { isSameOrder, type LeadershipChange, leadershipChanges } from '../../admin/execute/leadership-change.js';
import { balanceLeaders } from '../../balance/balance-leaders.js';
import type { BalanceOptions, BalancePlan, BrokerWeight } from '../../balance/balance-plan.js';
import { balanceWithReplicaMoves, type ReplicaMovePlan } from '../../balance/balance-with-replica-moves.js';
import type { Cluster, ClusterPartition } from '../../balance/cluster.js';
import { whatHoldsBack } from '../../balance/hold-back.js';
import { certificateSentences } from '../../balance/sentences.js';
import { currentStatistics } from '../../balance/statistics.js';
import { verifyCertificate } from '../../balance/verify-certificate.js';
import { UsageError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { requireBrokers } from '../broker-ids.js';
import type { Plan, Run } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import { type ClusterLeaders, readLeaders } from '../read-leaders.js';
import type { TopicScope } from '../topic-scope.js';
import { type ClusterConditions, readConditions } from './cluster-conditions.js';
import { leadersOf } from './leaders-reached.js';
import { logSizes, type WeightChoice, weighPartitions } from './partition-weights.js';
import type { PlanFacts } from './plan-document.js';

export interface PlanOptions {
  readonly scope: TopicScope;
  readonly excludedBrokers: readonly number[];
  readonly balance: BalanceOptions;
  readonly weight: WeightChoice | null;
  readonly movesReplicas: boolean;
}

export interface PlanOfCluster extends Plan<LeadershipChange, PlanFacts> {
  /** What the plan is for. */
  readonly cluster: ClusterLeaders;
}

/** Reads the cluster and makes the plan, which is shown only after it was checked. */
export async function makePlan(ports: ClusterPorts, options: PlanOptions, run: Run): Promise<PlanOfCluster> {
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
    cluster: found,
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
      proof: [...ofMovedCluster(replicaMoves.length), ...certificateSentences(plan)],
      ...shown,
    },
  };
}

const ofMovedCluster = (replicaMoves: number): readonly string[] =>
  replicaMoves === 0 ? [] : [`Once ${replicaMoves === 1 ? 'the replica has' : `the ${replicaMoves} replicas have`} moved:`];

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
function inputOf({ brokers, partitions }: ClusterLeaders, { reassigning }: ClusterConditions, { excludedBrokers }: PlanOptions): Cluster {
  const moving = new Set(reassigning.map(topicPartitionName));
  return {
    brokers: brokers.map((broker) => ({ ...broker, excluded: excludedBrokers.includes(broker.id) })),
    partitions: partitions.map((partition) => ({ ...partition, fixed: moving.has(topicPartitionName(partition)) })),
  };
}

/** Nothing is shown, let alone done, that the checker does not agree with. */
function provenPlan(cluster: Cluster, { balance, movesReplicas }: PlanOptions): ReplicaMovePlan {
  const made = movesReplicas
    ? balanceWithReplicaMoves(cluster, balance)
    : { replicaMoves: [], moved: cluster, plan: balanceLeaders(cluster, balance) };
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
