import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';

/** Who shall lead a partition, and in what order its replicas shall stand. Their set stays the same: no data moves. */
export interface LeadershipChange extends TopicPartition {
  /** -1 where there is none. */
  readonly leaderBefore: number;
  /** -1 where it does not matter who leads. */
  readonly leaderAfter: number;
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicasBefore: readonly number[];
  readonly replicasAfter: readonly number[];
}

/** A partition as it is now. */
export interface Leadership {
  readonly leader: number;
  readonly replicas: readonly number[];
}

/** What a balance plan comes to: a change for each partition whose leader moves or whose replicas get another order, in their order. */
export function leadershipChanges(
  partitions: readonly (TopicPartition & Leadership)[],
  plan: {
    readonly moves: readonly (TopicPartition & { readonly to: number })[];
    readonly orders: readonly (TopicPartition & { readonly replicas: readonly number[] })[];
  },
): readonly LeadershipChange[] {
  const leaderOf = new Map(plan.moves.map((move) => [topicPartitionName(move), move.to]));
  const orderOf = new Map(plan.orders.map((order) => [topicPartitionName(order), order.replicas]));
  return partitions.flatMap(({ topic, partition, leader, replicas }) => {
    const name = topicPartitionName({ topic, partition });
    if (!leaderOf.has(name) && !orderOf.has(name)) return [];
    const leaderAfter = leaderOf.get(name) ?? leader;
    const replicasAfter = orderOf.get(name) ?? replicas;
    return [{ topic, partition, leaderBefore: leader, leaderAfter, replicasBefore: replicas, replicasAfter }];
  });
}

/** `open`: as planned, or between that and the goal, where an interrupted run left it. `drifted`: someone else has changed it since. */
export type Standing = 'reached' | 'open' | 'drifted';

export function standingOf({ leader, replicas }: Leadership, change: LeadershipChange): Standing {
  const { leaderBefore, leaderAfter, replicasBefore, replicasAfter } = change;
  const isLed = leaderAfter === -1 || leader === leaderAfter;
  if (isLed && isSameOrder(replicas, replicasAfter)) return 'reached';
  if (!isLed && leader !== leaderBefore) return 'drifted';
  return [replicasBefore, replicasAfter, electionOrder(change)].some((order) => isSameOrder(replicas, order)) ? 'open' : 'drifted';
}

/** The order in which Kafka's preferred election makes `leaderAfter` the leader. */
export function electionOrder({ leaderAfter, replicasAfter }: Pick<LeadershipChange, 'leaderAfter' | 'replicasAfter'>): readonly number[] {
  return replicasAfter.includes(leaderAfter) ? [leaderAfter, ...replicasAfter.filter((id) => id !== leaderAfter)] : replicasAfter;
}

export const needsElection = ({ leader }: Pick<Leadership, 'leader'>, { leaderAfter }: Pick<LeadershipChange, 'leaderAfter'>): boolean =>
  leaderAfter !== -1 && leader !== leaderAfter;

export const isSameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

/** Whether both lists name the same brokers, each once: then no data moves. */
export const isReordering = (before: readonly number[], after: readonly number[]): boolean =>
  before.length === after.length && new Set(after).size === after.length && after.every((id) => before.includes(id));
