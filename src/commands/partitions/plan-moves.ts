import { isReordering, type LeadershipChange, leadershipChanges } from '../../admin/execute/leadership-change.js';
import { balanceLeaders } from '../../balance/balance-leaders.js';
import { holderCounter, placeReplicas } from '../../balance/placement/place-replicas.js';
import type { PlacementBroker } from '../../balance/placement/placement.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import type { ClusterLeaders, LedPartition } from '../read-leaders.js';
import { addedBy, type MoveRow, unmoved } from './move-row.js';
import { withMoveSizes } from './move-sizes.js';

export interface MoveGoal {
  /** The only brokers that may hold the partitions, which spread over them evenly; null for any. */
  readonly toBrokers: readonly number[] | null;
  /** Brokers that shall hold none of them. */
  readonly offBrokers: readonly number[];
  /** Null for as many replicas as each has. */
  readonly replicationFactor: number | null;
}

/** Rows for the partitions, of which those that are on the move already are left alone. Sends nothing that changes anything. */
export async function planMoves(
  { admin }: ClusterPorts,
  cluster: ClusterLeaders,
  chosen: readonly LedPartition[],
  goal: MoveGoal,
  run: Run,
): Promise<readonly Outcome<MoveRow>[]> {
  const ongoing = await admin.listPartitionReassignments(null, { signal: run.signal });
  const moving = new Set(ongoing.map(topicPartitionName));
  const free = chosen.filter((partition) => !moving.has(topicPartitionName(partition)));
  const { changes, unplaced } = placeAndLead(cluster, free, goal);
  const orphans = new Set(changes.filter(hasNoSource).map(topicPartitionName));
  const possible = changes.filter((change) => !hasNoSource(change));
  const planned = new Map((await withMoveSizes(admin, possible, run)).map((row) => [`${row.topic}-${row.partition}`, row]));
  return chosen.map((partition) => {
    const name = topicPartitionName(partition);
    if (moving.has(name)) return unmoved(partition, 'skipped', failure('REASSIGNMENT_IN_PROGRESS'));
    if (orphans.has(name)) return unmoved(partition, 'failed', noSource);
    const room = unplaced.get(name);
    if (room !== undefined) return unmoved(partition, 'failed', tooFewBrokers(room));
    return planned.get(name) ?? unmoved(partition, 'not-needed', null);
  });
}

/** Copies come from the leader: Kafka would wait for one for ever. */
export const hasNoSource = (change: LeadershipChange): boolean => change.leaderBefore === -1 && addedBy(change).length > 0;
export const noSource = failure('LEADER_NOT_AVAILABLE', 'Nobody leads it, so that there is nobody to copy from.');
/** How many brokers a partition needs, and how many may hold it. */
interface Room {
  readonly needed: number;
  readonly found: number;
}
function tooFewBrokers({ needed, found }: Room): KafkaFailure {
  const need = `It needs ${needed} ${needed === 1 ? 'broker' : 'brokers'}`;
  const way = `${found} may hold it: partitions reassign --replication-factor ${found} makes do with ${found === 1 ? 'that' : 'those'}`;
  return failure('INVALID_REPLICATION_FACTOR', `${need}, and ${found === 0 ? 'none may hold it' : way}.`);
}

interface Placed {
  readonly changes: readonly LeadershipChange[];
  /** By topicPartitionName, partitions that have no room. */
  readonly unplaced: ReadonlyMap<string, Room>;
}

/** Where replicas go, and who then leads the partitions whose leader loses its replica, or that are spread anew: as evenly as can be. */
export function placeAndLead(cluster: ClusterLeaders, chosen: readonly LedPartition[], goal: MoveGoal): Placed {
  const isEven = goal.toBrokers !== null;
  const holders = placementBrokers(cluster, chosen, goal);
  const toPlace = chosen.map((partition) => ({ ...partition, replicaCount: goal.replicationFactor ?? partition.replicas.length }));
  const placed = placeReplicas(holders, toPlace, isEven ? 'even' : 'fewest');
  const holdersOf = holderCounter(holders);
  const unplaced = new Map(
    placed.flatMap(({ replicas, ...key }, index) => {
      if (replicas !== null) return [];
      const partition = toPlace[index]!;
      const room: Room = { needed: partition.replicaCount, found: holdersOf(partition) };
      return [[topicPartitionName(key), room] as const];
    }),
  );
  const replicasOf = new Map<string, readonly number[]>();
  for (const [index, { replicas, ...key }] of placed.entries()) {
    if (replicas !== null && !isReordering(chosen[index]!.replicas, replicas)) replicasOf.set(topicPartitionName(key), replicas);
  }
  // What is spread anew is even by itself, whatever else there is; and a leader that must go goes where least is led.
  const scope = isEven ? chosen : cluster.partitions;
  const moved = scope.map((partition) => {
    const replicas = replicasOf.get(topicPartitionName(partition));
    if (replicas === undefined) return { ...partition, fixed: !isEven || unplaced.has(topicPartitionName(partition)) };
    const isLed = replicas.includes(partition.leader);
    const leader = isLed || partition.leader === -1 ? partition.leader : replicas[0]!;
    return { ...partition, replicas, isr: replicas, leader, fixed: isLed && !isEven };
  });
  const brokers = cluster.brokers.map((broker) => ({ ...broker, excluded: goal.offBrokers.includes(broker.id) }));
  const plan = balanceLeaders({ brokers, partitions: moved }, { afterFailure: false });
  const changeOf = new Map(leadershipChanges(moved, plan).map((change) => [topicPartitionName(change), change]));
  const changes = moved.flatMap((after, index): readonly LeadershipChange[] => {
    const { topic, partition, leader, replicas } = scope[index]!;
    const name = topicPartitionName({ topic, partition });
    const change = changeOf.get(name);
    // Where no replica moves, the order stays too, unless another is to lead.
    if (!replicasOf.has(name) && (change === undefined || change.leaderAfter === leader)) return [];
    return [
      {
        topic,
        partition,
        leaderBefore: leader,
        leaderAfter: change?.leaderAfter ?? after.leader,
        replicasBefore: replicas,
        replicasAfter: change?.replicasAfter ?? after.replicas,
      },
    ];
  });
  return { changes, unplaced };
}

/** A broker that is down keeps what it has, which it still has when it comes back, and gets nothing. */
function placementBrokers(
  { brokers, partitions }: ClusterLeaders,
  chosen: readonly LedPartition[],
  { toBrokers, offBrokers }: MoveGoal,
): readonly PlacementBroker[] {
  const counts = new Map<number, number>();
  if (toBrokers === null) {
    const names = new Set(chosen.map(topicPartitionName));
    for (const partition of partitions) {
      if (names.has(topicPartitionName(partition))) continue;
      for (const id of partition.replicas) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return brokers
    .filter(({ id }) => (toBrokers?.includes(id) ?? true) && !offBrokers.includes(id))
    .map(({ id, rack, alive }) => ({ id, rack, mayKeep: true, mayTake: alive, otherReplicas: counts.get(id) ?? 0 }));
}
