import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { type DeleteRecordsResponseInput, deleteRecords } from '../../protocol/messages/delete-records.js';
import type { TopicImage } from '../controller/image.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { isInternalTopic } from './internal-topics.js';

type PartitionResult = DeleteRecordsResponseInput['topics'][number]['partitions'][number];

/** What a client writes for "up to the high watermark". */
const toHighWatermark = -1n;

/**
 * DeleteRecords: raises the log start of partitions, and answers with the low watermark, the least log start over the replicas.
 * With one broker that is the new log start, so nothing is waited for. Version 2 is the first flexible one.
 */
export const deleteRecordsHandler = handler<BrokerContext>()({
  api: deleteRecords,
  handle: (context, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => {
      const topic = context.metadata.topics.byName.get(name);
      return { name, partitions: partitions.map(({ partitionIndex, offset }) => deleteBefore(context, topic, partitionIndex, offset)) };
    }),
  }),
});

function deleteBefore(context: BrokerContext, topic: TopicImage | undefined, partitionIndex: number, offset: bigint): PartitionResult {
  const refuse = (error: ErrorName): PartitionResult => ({ partitionIndex, lowWatermark: -1n, errorCode: errorCode(error) });
  if (topic?.partitions[partitionIndex] === undefined) return refuse('UNKNOWN_TOPIC_OR_PARTITION');
  if (isInternalTopic(topic.name)) return refuse('INVALID_TOPIC_EXCEPTION');
  try {
    const partition = context.replicas.partition(topic.id, partitionIndex);
    if (partition === null || !partition.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    if (!partition.log.config.cleanupPolicy.includes('delete')) throw new KafkaError('POLICY_VIOLATION');
    const before = offset === toHighWatermark ? partition.highWatermark : offset;
    if (before < 0n) throw new KafkaError('OFFSET_OUT_OF_RANGE');
    return { partitionIndex, lowWatermark: partition.deleteRecordsBefore(before), errorCode: 0 };
  } catch (error) {
    return refuse(context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: partitionIndex })));
  }
}
