import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type ListOffsetsRequest, type ListOffsetsResponseInput, listOffsets } from '../../protocol/messages/list-offsets.js';
import type { TopicImage } from '../controller/image.js';
import type { TimestampOffset } from '../log/log.js';
import type { Partition } from '../replication/partition.js';
import type { Isolation } from '../replication/read-log.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

type RequestedPartition = ListOffsetsRequest['topics'][number]['partitions'][number];
type PartitionResponse = ListOffsetsResponseInput['topics'][number]['partitions'][number];

/** Timestamps that mean something else, with the first version that has each. Kafka's ListOffsetsRequest. */
const latest = -1;
const earliest = -2;
const maxTimestamp = -3;
const earliestLocal = -4;
const latestTiered = -5;
const earliestPendingUpload = -6;
const firstVersionOf = new Map<number, number>([
  [latest, 0],
  [earliest, 0],
  [maxTimestamp, 7],
  [earliestLocal, 8],
  [latestTiered, 9],
  [earliestPendingUpload, 11],
]);

const consumerReplicaId = -1;
const debuggingReplicaId = -2;
const readCommitted = 1;

/**
 * ListOffsets: the earliest, the latest, or the first offset at or after a timestamp, per partition.
 *
 * - 2: isolation level; 4: leader epochs; 7: max timestamp (KIP-734); 8: earliest local (KIP-405); 9: latest tiered (KIP-1005);
 *   10: timeout, for tiered storage alone; 11: earliest pending upload (KIP-1023).
 * - 5: OFFSET_NOT_AVAILABLE from a new leader that does not know yet what is committed (KIP-207); before it, LEADER_NOT_AVAILABLE.
 * - Nothing is tiered: earliest local is the earliest, and what asks for tiered offsets gets -1.
 */
export const listOffsetsHandler = handler<BrokerContext>()({
  api: listOffsets,
  handle: (context, request, { apiVersion }) => {
    const { replicaId } = request;
    const isolation: Isolation =
      replicaId !== consumerReplicaId ? 'log-end' : request.isolationLevel === readCommitted ? 'read-committed' : 'read-uncommitted';
    const onlyLeader = replicaId !== debuggingReplicaId;
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitionsOnce(partitions).map(({ partition, isRepeated }) =>
          isRepeated
            ? refusal(partition, 'INVALID_REQUEST')
            : offsetOf(context, context.metadata.topics.byName.get(name), partition, { apiVersion, isolation, onlyLeader }),
        ),
      })),
    };
  },
});

/** A partition that is asked for twice is answered once, with an error. */
function partitionsOnce(partitions: readonly RequestedPartition[]) {
  const counts = new Map<number, number>();
  for (const { partitionIndex } of partitions) counts.set(partitionIndex, (counts.get(partitionIndex) ?? 0) + 1);
  const once = new Map(partitions.map((partition) => [partition.partitionIndex, partition]));
  return [...once.values()].map((partition) => ({ partition, isRepeated: counts.get(partition.partitionIndex) !== 1 }));
}

interface Asked {
  readonly apiVersion: number;
  readonly isolation: Isolation;
  readonly onlyLeader: boolean;
}

function offsetOf(context: BrokerContext, topic: TopicImage | undefined, requested: RequestedPartition, asked: Asked): PartitionResponse {
  const { partitionIndex, timestamp, currentLeaderEpoch } = requested;
  if (timestamp < 0 && asked.apiVersion < (firstVersionOf.get(timestamp) ?? Infinity)) return refusal(requested, 'UNSUPPORTED_VERSION');
  if (topic?.partitions[partitionIndex] === undefined) return refusal(requested, 'UNKNOWN_TOPIC_OR_PARTITION');
  try {
    const partition = context.replicas.partition(topic.id, partitionIndex);
    if (partition === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    partition.checkLeader({ currentLeaderEpoch, onlyLeader: asked.onlyLeader });
    const found = lookUp(partition, timestamp, asked.isolation);
    return {
      partitionIndex,
      errorCode: 0,
      timestamp: found?.timestampMs ?? -1,
      offset: found?.offset ?? -1n,
      ...(asked.apiVersion >= 4 ? { leaderEpoch: found?.leaderEpoch ?? -1 } : {}),
    };
  } catch (error) {
    const name = context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: partitionIndex }));
    return refusal(requested, name === 'OFFSET_NOT_AVAILABLE' && asked.apiVersion < 5 ? 'LEADER_NOT_AVAILABLE' : name);
  }
}

/**
 * Null where there is no such record; that is no error. Throws KafkaError OFFSET_NOT_AVAILABLE. Source: Partition.fetchOffsetForTimestamp.
 */
function lookUp(partition: Partition, timestamp: number, isolation: Isolation): TimestampOffset | null {
  const { log } = partition;
  /** What lies below the start of the leader's epoch was committed, perhaps, by an earlier leader: until this one knows, nobody can say. */
  const requireKnownEnd = (): void => {
    const isBehind = (partition.leader?.epochStartOffset ?? 0n) > partition.highWatermark;
    if (isBehind && isolation !== 'log-end') throw new KafkaError('OFFSET_NOT_AVAILABLE');
  };
  const visible = (found: TimestampOffset | null): TimestampOffset | null => {
    if (found !== null && found.offset < partition.endFor(isolation)) return found;
    requireKnownEnd();
    return null;
  };
  switch (timestamp) {
    case latest:
      requireKnownEnd();
      return { offset: partition.endFor(isolation), timestampMs: -1, leaderEpoch: partition.leaderEpoch };
    case earliest:
    case earliestLocal:
      return { offset: log.startOffset, timestampMs: -1, leaderEpoch: log.epochForOffset(log.startOffset) ?? -1 };
    case latestTiered:
    case earliestPendingUpload:
      return null;
    case maxTimestamp:
      return visible(log.offsetOfMaxTimestamp());
    default:
      return visible(log.offsetForTimestamp(timestamp));
  }
}

const refusal = ({ partitionIndex }: RequestedPartition, error: ErrorName): PartitionResponse => ({
  partitionIndex,
  errorCode: errorCode(error),
  timestamp: -1,
  offset: -1n,
});
