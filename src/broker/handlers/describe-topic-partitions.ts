import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { ZERO_UUID } from '../../model/uuid.js';
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponseInput,
  describeTopicPartitions,
} from '../../protocol/messages/describe-topic-partitions.js';
import type { MetadataImage, TopicImage } from '../controller/image.js';
import { topicNameProblem } from '../controller/topic-name.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { allTopicOperations } from './authorized-operations.js';
import { isInternalTopic } from './internal-topics.js';
import { offlineReplicas, reachableLeader } from './partition-metadata.js';

type TopicResponse = DescribeTopicPartitionsResponseInput['topics'][number];

/**
 * DescribeTopicPartitions: topics in the order of their names, so many partitions at a time, and where to go on (KIP-966).
 *
 * - 0 is the only version. An error that concerns all of it has no place in the answer: Kafka closes the connection too.
 */
export const describeTopicPartitionsHandler = handler<BrokerContext>()({
  api: describeTopicPartitions,
  handle: ({ metadata, config }, request) => {
    const isAll = request.topics.length === 0;
    const { cursor } = request;
    const names = namesFrom(metadata, request, isAll);
    let remaining = Math.max(1, Math.min(config.value('max.request.partition.size.limit'), request.responsePartitionLimit));
    const topics: TopicResponse[] = [];
    for (const name of names) {
      if (remaining === 0) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: 0 } };
      const topic = metadata.topics.byName.get(name);
      if (topic === undefined) {
        topics.push(failure(name));
        continue;
      }
      const from = name === cursor?.topicName ? cursor.partitionIndex : 0;
      const upTo = Math.min(topic.partitions.length, from + remaining);
      topics.push(describe(metadata, topic, from, upTo));
      if (upTo < topic.partitions.length) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: upTo } };
      remaining -= Math.max(0, upTo - from);
    }
    return { throttleTimeMs: 0, topics, nextCursor: null };
  },
});

function namesFrom({ topics }: MetadataImage, request: DescribeTopicPartitionsRequest, isAll: boolean): readonly string[] {
  const { cursor } = request;
  const asked = isAll ? [...topics.byName.keys()] : [...new Set(request.topics.map(({ name }) => name))];
  if (cursor !== null && !isAll && !asked.includes(cursor.topicName)) {
    throw new KafkaError(
      'INVALID_REQUEST',
      `DescribeTopicPartitionsRequest topic list should contain the cursor topic: ${cursor.topicName}`,
    );
  }
  if (cursor !== null && cursor.partitionIndex < 0) {
    throw new KafkaError('INVALID_REQUEST', `DescribeTopicPartitionsRequest cursor partition must be valid: ${cursor.partitionIndex}`);
  }
  return asked.filter((name) => name >= (cursor?.topicName ?? '')).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const failure = (name: string): TopicResponse => ({
  errorCode: errorCode(topicNameProblem(name) === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'),
  name,
  topicId: ZERO_UUID,
  isInternal: isInternalTopic(name),
  partitions: [],
  topicAuthorizedOperations: allTopicOperations,
});

const describe = (image: MetadataImage, { id, name, partitions }: TopicImage, from: number, upTo: number): TopicResponse => ({
  errorCode: 0,
  name,
  topicId: id,
  isInternal: isInternalTopic(name),
  partitions: partitions.slice(from, upTo).map((partition, index) => ({
    errorCode: 0,
    partitionIndex: from + index,
    leaderId: reachableLeader(image, partition),
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    eligibleLeaderReplicas: partition.elr,
    lastKnownElr: partition.lastKnownElr,
    offlineReplicas: offlineReplicas(image, partition),
  })),
  topicAuthorizedOperations: allTopicOperations,
});
