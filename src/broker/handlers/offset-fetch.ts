import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { ZERO_UUID } from '../../model/uuid.js';
import { type OffsetFetchRequest, type OffsetFetchResponseInput, offsetFetch } from '../../protocol/messages/offset-fetch.js';
import type { CommittedOffset } from '../coordinator/committed-offsets.js';
import { allCommittedOffsets, committedOffset } from '../coordinator/group-offsets.js';
import type { GroupShard } from '../coordinator/group-shard.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

type Group = NonNullable<OffsetFetchResponseInput['groups']>[number];
type Topic = Group['topics'][number];
type TopicsAsked = OffsetFetchRequest['groups'][number]['topics'];

/**
 * OffsetFetch: how far groups have come. Of a group or partition that nobody committed for it is -1, and no error.
 *
 * - 1: errors stand with each partition alone; 2: null topics ask for all; 7: requireStable, which without transactions all is; 8: many
 *   groups (KIP-709); 9: members of the new protocol, whose epochs a classic group does not look at; 10: topic ids.
 */
export const offsetFetchHandler = handler<BrokerContext>()({
  api: offsetFetch,
  handle: (context, request, { apiVersion }) => {
    if (apiVersion >= 8) {
      return { throttleTimeMs: 0, groups: request.groups.map(({ groupId, topics }) => groupOffsets(context, groupId, topics, apiVersion)) };
    }
    const asked = request.topics?.map(({ name, partitionIndexes }) => ({ name, topicId: ZERO_UUID, partitionIndexes })) ?? null;
    const group = groupOffsets(context, request.groupId, asked, apiVersion);
    const { errorCode: code = 0 } = group;
    const failed = (asked ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({ ...response(partitionIndex, null), errorCode: code })),
    }));
    const topics = group.topics.map(({ name = '', partitions }) => ({ name, partitions }));
    return { throttleTimeMs: 0, errorCode: code, topics: code !== 0 && apiVersion < 2 ? failed : topics };
  },
});

function groupOffsets({ groups, metadata }: BrokerContext, groupId: string, asked: TopicsAsked, apiVersion: number): Group {
  let shard: GroupShard;
  try {
    shard = groups.shardOf(groupId);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { groupId, topics: [], errorCode: error.errorCode };
  }
  const idOf = (name: string) => metadata.topics.byName.get(name)?.id ?? ZERO_UUID;
  if (asked === null) {
    const topics: Topic[] = [];
    for (const [name, offsets] of allCommittedOffsets(shard, groupId)) {
      const topicId = idOf(name);
      // By its id nobody can ask for a topic that is gone.
      if (apiVersion >= 10 && topicId === ZERO_UUID) continue;
      topics.push({ name, topicId, partitions: [...offsets].map(([index, committed]) => response(index, committed)) });
    }
    return { groupId, topics, errorCode: 0 };
  }
  const topics = asked.map((topic): Topic => {
    const name = apiVersion >= 10 ? metadata.topics.byId.get(topic.topicId)?.name : topic.name;
    const offsetOf = (index: number) =>
      name === undefined
        ? { ...response(index, null), errorCode: errorCode('UNKNOWN_TOPIC_ID') }
        : response(index, committedOffset(shard, groupId, name, index));
    return { name: topic.name, topicId: topic.topicId, partitions: topic.partitionIndexes.map(offsetOf) };
  });
  return { groupId, topics, errorCode: 0 };
}

const response = (partitionIndex: number, committed: CommittedOffset | null) => ({
  partitionIndex,
  committedOffset: committed?.offset ?? -1n,
  committedLeaderEpoch: committed?.leaderEpoch ?? -1,
  metadata: committed?.metadata ?? '',
  errorCode: 0,
});
