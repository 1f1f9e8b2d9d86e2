import type { AdminClient } from '../../../admin/admin-client.js';
import type { OngoingReassignment } from '../../../admin/reassignments.js';
import { groupBy } from '../../../model/group-by.js';
import type { KafkaFailure } from '../../../model/outcome.js';
import { topicPartitionName } from '../../../model/topic-partition.js';
import { attempt } from '../../attempt.js';
import { readDisks } from '../../brokers/disk-usage.js';
import type { Run } from '../../command.js';
import type { ClusterPorts } from '../../ports.js';
import type { LedPartition } from '../../read-leaders.js';
import type { Disks } from './check-disks.js';
import type { GroupFacts } from './check-groups.js';
import type { PartitionFacts } from './check-partitions.js';
import { arrivalsOf, type ReassignmentFacts } from './check-reassignments.js';

type Failures = readonly { readonly subject: string; readonly error: KafkaFailure }[];

/** min.insync.replicas of topics, from one request for each 1,000. */
export async function readMinIsr(
  admin: AdminClient,
  partitions: readonly LedPartition[],
  signal: AbortSignal,
): Promise<Pick<PartitionFacts, 'minIsr' | 'minIsrFailures'>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  if (topics.length === 0) return { minIsr: new Map(), minIsrFailures: [] };
  const resources = topics.map((name) => ({ type: 'topic', name }) as const);
  const answer = await attempt(admin.describeConfigs(resources, { names: ['min.insync.replicas'], signal }));
  if (answer.error !== null) return { minIsr: new Map(), minIsrFailures: [{ subject: 'the topics', error: answer.error }] };
  const minIsr = new Map<string, number>();
  const failures: { subject: string; error: KafkaFailure }[] = [];
  for (const { resource, configs, error } of answer.value) {
    const value = configs?.find(({ name }) => name === 'min.insync.replicas')?.value;
    if (error !== null) failures.push({ subject: resource.name, error });
    else if (value !== undefined && value !== null) minIsr.set(resource.name, Number(value));
  }
  // A topic that was deleted since has none to be known.
  return { minIsr, minIsrFailures: byReason(failures.filter(({ error }) => error.code !== 'UNKNOWN_TOPIC_OR_PARTITION')) };
}

/** What failed for many topics with the same code is one failure, not a row for each. */
function byReason(failures: Failures): Failures {
  return [...groupBy(failures, ({ error }) => error.code).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    return [members.length === 1 ? first : { subject: `${first.subject} and ${members.length - 1} more topics`, error: first.error }];
  });
}

export async function readOngoing(
  admin: AdminClient,
  signal: AbortSignal,
): Promise<{ readonly ongoing: readonly OngoingReassignment[]; readonly error: KafkaFailure | null }> {
  const { value, error } = await attempt(admin.listPartitionReassignments(null, { signal }));
  return { ongoing: value ?? [], error };
}

/**
 * Watches the replicas that are on their way for a while, if there are any: a broker is idle where none of those that it awaits grew or
 * arrived.
 */
export async function watchArrivals(
  { admin, now, sleep }: ClusterPorts,
  moving: ReturnType<typeof readOngoing>,
  facts: { readonly partitions: readonly LedPartition[]; readonly brokers: Parameters<typeof readDisks>[1]; readonly sampleMs: number },
  signal: AbortSignal,
): Promise<ReassignmentFacts> {
  const { ongoing, error } = await moving;
  const arrivals = arrivalsOf(ongoing, facts.partitions);
  const alive = new Set(facts.brokers.filter((broker) => broker.alive).map(({ broker }) => broker));
  const awaiting = [...groupBy(arrivals, ({ broker }) => broker)].filter(([broker]) => alive.has(broker));
  if (awaiting.length === 0) return { ongoing, error, idle: new Set(), watchedMs: 0 };
  const look = async () => {
    const brokers = awaiting.map(([broker]) => broker);
    const told = await admin.describeLogDirs({
      brokers,
      partitions: arrivals.map(({ topic, partition }) => ({ topic, partition })),
      signal,
    });
    return new Map(told.map(({ broker, logDirs }) => [broker, logDirs && sizesOf(logDirs.flatMap(({ replicas }) => replicas ?? []))]));
  };
  const startedMs = now();
  const before = await look();
  await sleep(facts.sampleMs, signal);
  signal.throwIfAborted();
  const [after, still] = await Promise.all([look(), attempt(admin.listPartitionReassignments(ongoing, { signal }))]);
  const stillMoving = new Set((still.value ?? ongoing).map(topicPartitionName));
  const idle = awaiting.filter(([broker, members]) => {
    const [first, second] = [before.get(broker), after.get(broker)];
    // A broker that does not tell is no broker that stands still.
    if (!first || !second) return false;
    return members.every((member) => {
      const name = topicPartitionName(member);
      return stillMoving.has(name) && (second.get(name) ?? 0) <= (first.get(name) ?? 0);
    });
  });
  return { ongoing, error, idle: new Set(idle.map(([broker]) => broker)), watchedMs: now() - startedMs };
}

const sizesOf = (replicas: readonly { readonly topic: string; readonly partition: number; readonly sizeBytes: number }[]) =>
  new Map(replicas.map((replica) => [topicPartitionName(replica), replica.sizeBytes]));

/** Of brokers that are alive. */
export async function readLiveDisks(admin: AdminClient, brokers: Parameters<typeof readDisks>[1], signal: AbortSignal): Promise<Disks> {
  return readDisks(
    admin,
    brokers.filter(({ alive }) => alive),
    signal,
  );
}

/** How far all groups are behind that commit offsets. */
export async function readGroups(admin: AdminClient, { signal }: Pick<Run, 'signal'>): Promise<GroupFacts> {
  const listed = await attempt(admin.listGroups({ signal }));
  if (listed.error !== null) return { lags: [], failures: [{ subject: 'the groups', error: listed.error }] };
  const groups = listed.value.flatMap((row) => (row.error === null && row.type !== 'share' ? [row] : []));
  const silent = listed.value.flatMap(({ coordinator, error }) => (error === null ? [] : [{ subject: `broker ${coordinator}`, error }]));
  const lags = groups.length === 0 ? { value: [], error: null } : await attempt(admin.listGroupLag(groups, { signal }));
  return {
    lags: lags.value ?? [],
    failures: [...silent, ...(lags.error === null ? [] : [{ subject: 'the groups', error: lags.error }])],
  };
}
