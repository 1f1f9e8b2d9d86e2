import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponseInput,
  offsetForLeaderEpoch,
} from '../../protocol/messages/offset-for-leader-epoch.js';
import type { TopicImage } from '../controller/image.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

type RequestedPartition = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number];
type EpochEndOffset = OffsetForLeaderEpochResponseInput['topics'][number]['partitions'][number];

/**
 * OffsetForLeaderEpoch: where an epoch ends in the leader's log, for followers and consumers that look for the point where their
 * log or position diverges (KIP-101, KIP-279, KIP-320). An epoch that the log knows nothing of has the end -1, without an error.
 */
export const offsetForLeaderEpochHandler = handler<BrokerContext>()({
  api: offsetForLeaderEpoch,
  handle: (context, request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ topic: name, partitions }) => {
      const topic = context.metadata.topics.byName.get(name);
      return { topic: name, partitions: partitions.map((partition) => endOf(context, topic, partition)) };
    }),
  }),
});

function endOf(context: BrokerContext, topic: TopicImage | undefined, requested: RequestedPartition): EpochEndOffset {
  const { partition: index, currentLeaderEpoch, leaderEpoch } = requested;
  const refuse = (error: ErrorName): EpochEndOffset => ({ partition: index, errorCode: errorCode(error), leaderEpoch: -1, endOffset: -1n });
  if (topic?.partitions[index] === undefined) return refuse('UNKNOWN_TOPIC_OR_PARTITION');
  try {
    const partition = context.replicas.partition(topic.id, index);
    if (partition === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    partition.checkLeader({ currentLeaderEpoch, onlyLeader: true });
    const end = partition.endOffsetForEpoch(leaderEpoch);
    return { partition: index, errorCode: 0, leaderEpoch: end?.leaderEpoch ?? -1, endOffset: end?.endOffset ?? -1n };
  } catch (error) {
    return refuse(context.replicas.errorOf(error, topicPartitionName({ topic: topic.name, partition: index })));
  }
}
