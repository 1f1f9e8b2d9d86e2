import type { AdminClient } from '../../admin/admin-client.js';
import { failureOfRequest } from '../../admin/answer.js';
import { partitionSizes } from '../../admin/partition-sizes.js';
import type { PartitionState } from '../../admin/partitions.js';
import { groupBy } from '../../model/group-by.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { createPartitionMap, type PartitionMap } from '../../model/partition-map.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';

/**
 * What of partitions their metadata does not tell; empty where it was not asked for. By topicPartitionName where nothing else is said,
 * `minIsr` by topic.
 */
export interface PartitionFacts {
  readonly minIsr: ReadonlyMap<string, number>;
  readonly sizeBytes: ReadonlyMap<string, number>;
  readonly offsets: Pick<PartitionMap<{ readonly start: bigint; readonly end: bigint }>, 'get'>;
  /** Why the facts of a topic or of a partition are not known. */
  readonly failures: ReadonlyMap<string, KafkaFailure>;
  /** Leaders' brokers that do not tell all sizes, and why. */
  readonly silentBrokers: readonly { readonly broker: number; readonly error: KafkaFailure }[];
}

const MIN_ISR = 'min.insync.replicas';
const NO_LEADER = -1;

type Placed = TopicPartition & Pick<PartitionState, 'leader' | 'replicas' | 'offlineReplicas'>;

/** Asks all brokers at once. With `withLogs` false sizes and offsets are left out, which cost requests to each of them. */
export async function readFacts(
  admin: AdminClient,
  partitions: readonly Placed[],
  { withLogs }: { readonly withLogs: boolean },
  { signal }: Pick<Run, 'signal'>,
): Promise<PartitionFacts> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const [configs, sizes, offsets] = await Promise.all([
    topics.length === 0
      ? []
      : admin.describeConfigs(
          topics.map((name) => ({ type: 'topic', name })),
          { names: [MIN_ISR], signal },
        ),
    withLogs ? readSizes(admin, partitions, signal) : { sizeBytes: new Map(), silentBrokers: [] },
    withLogs
      ? admin.listOffsets(
          partitions.flatMap(({ topic, partition, leader }) => [
            { topic, partition, leader, at: 'start' as const },
            { topic, partition, leader, at: 'end' as const },
          ]),
          { signal },
        )
      : [],
  ]);
  const failures = new Map<string, KafkaFailure>();
  const minIsr = new Map<string, number>();
  for (const { resource, configs: entries, error } of configs) {
    if (error !== null) failures.set(resource.name, error);
    const value = entries?.find(({ name }) => name === MIN_ISR)?.value ?? null;
    if (value !== null) minIsr.set(resource.name, Number(value));
  }
  const found = createPartitionMap<{ readonly start: bigint; readonly end: bigint }>();
  for (let index = 0; index < offsets.length; index += 2) {
    const [start, end] = [offsets[index]!, offsets[index + 1]!];
    const error = start.error ?? end.error;
    if (error !== null) failures.set(topicPartitionName(start), error);
    if (start.offset !== null && end.offset !== null) found.set(start, { start: start.offset, end: end.offset });
  }
  return { minIsr, offsets: found, failures, ...sizes };
}

/** Asks each leader of what it leads. Only where that does not tell, the other replicas. */
async function readSizes(
  admin: AdminClient,
  partitions: readonly Placed[],
  signal: AbortSignal,
): Promise<Pick<PartitionFacts, 'sizeBytes' | 'silentBrokers'>> {
  const led = groupBy(partitions, ({ leader }) => leader);
  led.delete(NO_LEADER);
  const ofLeaders = await Promise.all(
    [...led].map(([leader, own]) => admin.describeLogDirs({ brokers: [leader], partitions: own, signal })),
  );
  const answers = ofLeaders.flat();
  const silentBrokers = answers.flatMap(({ broker, logDirs, error }) => {
    const failure = error ?? logDirs.find((directory) => directory.error !== null)?.error ?? null;
    return failure === null ? [] : [{ broker, error: failure }];
  });
  const sizeBytes = partitionSizes(partitions, answers);
  if (sizeBytes.size === partitions.length) return { sizeBytes, silentBrokers };
  const unknown = partitions.filter((partition) => !sizeBytes.has(topicPartitionName(partition)));
  const others = new Set(unknown.flatMap(({ replicas, offlineReplicas }) => replicas.filter((id) => !offlineReplicas.includes(id))));
  for (const { broker } of silentBrokers) others.delete(broker);
  if (others.size === 0) return { sizeBytes, silentBrokers };
  const ofOthers = await admin.describeLogDirs({ brokers: [...others], partitions: unknown, signal });
  return { sizeBytes: new Map([...sizeBytes, ...partitionSizes(unknown, ofOthers)]), silentBrokers };
}

export interface Reassigning {
  /** By topicPartitionName, the replicas that are being added; null where Kafka does not say what is on the move. */
  readonly adding: ReadonlyMap<string, readonly number[]> | null;
  readonly error: KafkaFailure | null;
}

/** What is on the move, or why that is not known: it takes a permission of its own. */
export async function readReassigning(admin: AdminClient, { signal }: Pick<Run, 'signal'>): Promise<Reassigning> {
  try {
    const ongoing = await admin.listPartitionReassignments(null, { signal });
    return { adding: new Map(ongoing.map((each) => [topicPartitionName(each), each.addingReplicas])), error: null };
  } catch (error) {
    return { adding: null, error: failureOfRequest(error) };
  }
}
