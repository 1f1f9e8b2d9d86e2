import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { offsetCommit } from '../../protocol/messages/offset-commit.js';
import { commitOffsets, type TopicOffsets } from '../coordinator/group-offsets.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/**
 * OffsetCommit: answered when the offsets are committed on all in-sync replicas of __consumer_offsets.
 *
 * - 2 to 4: with a retention time of its own; 6: leader epochs; 7: static members; 9: an unknown group is GROUP_ID_NOT_FOUND; 10: topic ids.
 */
export const offsetCommitHandler = handler<BrokerContext>()({
  api: offsetCommit,
  handle: async ({ groups, metadata }, request, { apiVersion }) => {
    const asked = request.topics.map((asking) => {
      const topic = apiVersion >= 10 ? metadata.topics.byId.get(asking.topicId) : metadata.topics.byName.get(asking.name);
      return {
        asking,
        topic,
        partitions: asking.partitions.filter(({ partitionIndex }) => topic?.partitions[partitionIndex] !== undefined),
      };
    });
    const known = asked.filter((one): one is typeof one & TopicOffsets => one.topic !== undefined && one.partitions.length > 0);
    let codeOf: Awaited<ReturnType<typeof commitOffsets>> = () => 0;
    if (known.length > 0) {
      try {
        codeOf = await commitOffsets(groups.shardOf(request.groupId), request, apiVersion, known);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        codeOf = () => error.errorCode;
      }
    }
    const unknownTopic: ErrorName = apiVersion >= 10 ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION';
    return {
      throttleTimeMs: 0,
      topics: asked.map(({ asking: { name, topicId, partitions }, topic }) => ({
        name,
        topicId,
        partitions: partitions.map(({ partitionIndex }) => {
          if (topic === undefined) return { partitionIndex, errorCode: errorCode(unknownTopic) };
          const isKnown = topic.partitions[partitionIndex] !== undefined;
          return { partitionIndex, errorCode: isKnown ? codeOf(topic.id, partitionIndex) : errorCode('UNKNOWN_TOPIC_OR_PARTITION') };
        }),
      })),
    };
  },
});
