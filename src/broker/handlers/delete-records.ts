import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type DeleteRecordsResponseInput, deleteRecords } from '../../protocol/messages/delete-records.js';
import type { TopicImage } from '../controller/image.js';
import type { Partition } from '../replication/partition.js';
import { waitUntil } from '../replication/waiters.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { isInternalTopic } from './internal-topics.js';

type PartitionResult = DeleteRecordsResponseInput['topics'][number]['partitions'][number];

/** What a client writes for "up to the high watermark". */
const toHighWatermark = -1n;

/**
 * DeleteRecords: raises the log start of partitions on their leader, waits until every live replica has raised its own, and answers with
 * the low watermark, the least log start over the replicas. Where that takes longer than timeoutMs: REQUEST_TIMED_OUT, and the records
 * are gone from the leader nevertheless. Version 2 is the first flexible one. Source: ReplicaManager.deleteRecords, DelayedDeleteRecords.
 */
export const deleteRecordsHandler = handler<BrokerContext>()({
  api: deleteRecords,
  handle: async (context, request, { isGone }) => {
    const deletions = request.topics.map(({ name, partitions }) => {
      const topic = context.metadata.topics.byName.get(name);
      return { name, partitions: partitions.map(({ partitionIndex, offset }) => deleteBefore(context, topic, partitionIndex, offset)) };
    });
    const pending = deletions.flatMap(({ partitions }) => partitions.filter((deletion) => deletion.result === null));
    if (pending.length > 0) {
      await waitUntil(context.environment.clock, {
        lists: pending.flatMap(({ partition }) => partition?.waiters ?? []),
        isSatisfied: () => {
          for (const deletion of pending) deletion.result ??= completed(context, deletion);
          return pending.every(({ result }) => result !== null);
        },
        isAbandoned: isGone,
        timeoutMs: request.timeoutMs,
      });
    }
    return {
      throttleTimeMs: 0,
      topics: deletions.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ index, result }) => result ?? refusal(index, 'REQUEST_TIMED_OUT')),
      })),
    };
  },
});

interface Deletion {
  readonly index: number;
  readonly partition: Partition | null;
  /** Null where the deletion was refused. */
  readonly before: bigint;
  /** Null while replicas are waited for. */
  result: PartitionResult | null;
}

function deleteBefore(context: BrokerContext, topic: TopicImage | undefined, index: number, offset: bigint): Deletion {
  const refuse = (error: ErrorName): Deletion => ({ index, partition: null, before: -1n, result: refusal(index, error) });
  if (topic?.partitions[index] === undefined) return refuse('UNKNOWN_TOPIC_OR_PARTITION');
  if (isInternalTopic(topic.name)) return refuse('INVALID_TOPIC_EXCEPTION');
  try {
    const partition = context.replicas.partition(topic.id, index);
    if (partition === null || !partition.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    if (!partition.log.config.cleanupPolicy.includes('delete')) throw new KafkaError('POLICY_VIOLATION');
    const before = offset === toHighWatermark ? partition.highWatermark : offset;
    if (before < 0n) throw new KafkaError('OFFSET_OUT_OF_RANGE');
    partition.deleteRecordsBefore(before);
    const deletion: Deletion = { index, partition, before, result: null };
    deletion.result = completed(context, deletion);
    return deletion;
  } catch (error) {
    return refuse(context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: index })));
  }
}

function completed(context: BrokerContext, { index, partition, before }: Deletion): PartitionResult | null {
  if (partition === null || context.replicas.partition(partition.topicId, index) !== partition || !partition.isLeader) {
    return refusal(index, 'NOT_LEADER_OR_FOLLOWER');
  }
  const { lowWatermark } = partition;
  return lowWatermark >= before ? { partitionIndex: index, lowWatermark, errorCode: 0 } : null;
}

const refusal = (partitionIndex: number, error: ErrorName): PartitionResult => ({
  partitionIndex,
  lowWatermark: -1n,
  errorCode: errorCode(error),
});
