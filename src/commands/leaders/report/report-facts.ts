import type { LeadershipChange } from '../../../admin/execute/leadership-change.js';
import { topicPartitionName } from '../../../model/topic-partition.js';
import type { ClusterLeaders, LedPartition } from '../../read-leaders.js';

/** Something that leaders are counted by, before the plan and after. */
export interface CountedBefore {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

/** The busiest of the other brokers once one has failed. */
export interface FailureFacts {
  readonly failed: number;
  readonly before: Busiest;
  readonly after: Busiest;
}
export interface Busiest {
  readonly broker: number;
  readonly leaders: number;
}

export interface TopicFacts {
  readonly topic: string;
  readonly partitionCount: number;
  /** The most and the least that one of the brokers with replicas of the topic leads of it. */
  readonly before: Range;
  readonly after: Range;
}
export interface Range {
  readonly max: number;
  readonly min: number;
}

/** What a report shows beside the plan itself: who leads what, counted from the partitions before and after. */
export interface ReportFacts {
  readonly brokers: readonly CountedBefore[];
  readonly racks: readonly CountedBefore[];
  /** Of each live broker; none where no other would be left. */
  readonly failures: readonly FailureFacts[];
  /** The least even first. */
  readonly topics: readonly TopicFacts[];
}

export function reportFacts({ brokers, partitions }: ClusterLeaders, changes: readonly LeadershipChange[]): ReportFacts {
  const live = brokers.filter(({ alive }) => alive);
  const after = partitionsAfter(partitions, changes);
  const [loadBefore, loadAfter] = [countLeaders(partitions), countLeaders(after)];
  const rackNames = [...new Set(live.map(({ rack }) => rack ?? '(none)'))].sort();
  const inRack = (load: ReadonlyMap<number, number>, name: string) =>
    live.filter(({ rack }) => (rack ?? '(none)') === name).reduce((sum, { id }) => sum + (load.get(id) ?? 0), 0);
  const ids = live.map(({ id }) => id);
  const [failuresBefore, failuresAfter] = [busiestAfterFailures(ids, partitions), busiestAfterFailures(ids, after)];
  return {
    brokers: live.map(({ id }) => ({ label: String(id), before: loadBefore.get(id) ?? 0, after: loadAfter.get(id) ?? 0 })),
    racks: rackNames.map((label) => ({ label, before: inRack(loadBefore, label), after: inRack(loadAfter, label) })),
    failures: ids.flatMap((failed) => {
      const [was, shall] = [failuresBefore.get(failed), failuresAfter.get(failed)];
      return was === undefined || shall === undefined ? [] : [{ failed, before: was, after: shall }];
    }),
    topics: topicFacts(partitions, after),
  };
}

/** As the plan leaves them; replicas that have moved are taken to be in sync. */
function partitionsAfter(partitions: readonly LedPartition[], changes: readonly LeadershipChange[]): readonly LedPartition[] {
  const changeOf = new Map(changes.map((change) => [topicPartitionName(change), change]));
  return partitions.map((partition) => {
    const change = changeOf.get(topicPartitionName(partition));
    if (change === undefined) return partition;
    const { leaderAfter, replicasAfter } = change;
    const isr = replicasAfter.filter((id) => partition.isr.includes(id) || !partition.replicas.includes(id));
    return { ...partition, leader: leaderAfter === -1 ? partition.leader : leaderAfter, replicas: replicasAfter, isr };
  });
}

function countLeaders(partitions: readonly LedPartition[]): ReadonlyMap<number, number> {
  const load = new Map<number, number>();
  for (const { leader } of partitions) load.set(leader, (load.get(leader) ?? 0) + 1);
  return load;
}

/** By Kafka's rule: the first replica in the list that is in sync and alive takes over. */
function busiestAfterFailures(live: readonly number[], partitions: readonly LedPartition[]): ReadonlyMap<number, Busiest> {
  const load = countLeaders(partitions);
  const ledBy = new Map<number, LedPartition[]>(live.map((id) => [id, []]));
  for (const partition of partitions) ledBy.get(partition.leader)?.push(partition);
  const isLive = new Set(live);
  const found = new Map<number, Busiest>();
  for (const failed of live) {
    const now = new Map(load);
    for (const { replicas, isr } of ledBy.get(failed) ?? []) {
      const heir = replicas.find((id) => id !== failed && isLive.has(id) && isr.includes(id));
      if (heir !== undefined) now.set(heir, (now.get(heir) ?? 0) + 1);
    }
    const [first, ...others] = live.filter((id) => id !== failed).map((broker): Busiest => ({ broker, leaders: now.get(broker) ?? 0 }));
    if (first !== undefined)
      found.set(
        failed,
        others.reduce((most, each) => (each.leaders > most.leaders ? each : most), first),
      );
  }
  return found;
}

function topicFacts(before: readonly LedPartition[], after: readonly LedPartition[]): readonly TopicFacts[] {
  const byTopic = new Map<string, [LedPartition[], LedPartition[]]>();
  before.forEach((partition, index) => {
    const lists = byTopic.get(partition.topic) ?? [[], []];
    byTopic.set(partition.topic, lists);
    lists[0].push(partition);
    lists[1].push(after[index] ?? partition);
  });
  const topics = [...byTopic].map(([topic, [was, shall]]) => {
    const holders = [...new Set([...was, ...shall].flatMap(({ replicas }) => replicas))];
    return { topic, partitionCount: was.length, before: rangeOf(was, holders), after: rangeOf(shall, holders) };
  });
  const spread = ({ max, min }: Range) => max - min;
  return topics.sort((a, b) => spread(b.before) - spread(a.before) || spread(b.after) - spread(a.after) || (a.topic < b.topic ? -1 : 1));
}

function rangeOf(partitions: readonly LedPartition[], holders: readonly number[]): Range {
  const load = countLeaders(partitions);
  const counts = holders.map((id) => load.get(id) ?? 0);
  return { max: counts.reduce((a, b) => Math.max(a, b), 0), min: counts.reduce((a, b) => Math.min(a, b), partitions.length) };
}
