import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { OffsetCommitRequest } from '../../protocol/messages/offset-commit.js';
import type { TopicImage } from '../controller/image.js';
import type { ClassicGroup } from './classic-group.js';
import type { CommittedOffset } from './committed-offsets.js';
import { groupTombstone, type NewRecord, offsetRecord } from './group-records.js';
import type { GroupShard } from './group-shard.js';
import { keepSession } from './rebalance.js';

/** Of a topic that is there, with partitions that it has. */
export interface TopicOffsets {
  readonly topic: TopicImage;
  readonly partitions: OffsetCommitRequest['topics'][number]['partitions'];
}

/**
 * A member, or anybody in a group without members, says how far the group has come. Gives an error code per partition, once the offsets are
 * committed. Rejects with KafkaError, above all where the commit is of another generation than the group's: its partitions are another
 * member's by then. Source: OffsetMetadataManager.commitOffset.
 */
export async function commitOffsets(
  shard: GroupShard,
  request: OffsetCommitRequest,
  apiVersion: number,
  topics: readonly TopicOffsets[],
): Promise<(topicId: Uuid, partition: number) => number> {
  checkMayCommit(shard, request, apiVersion);
  const longestMetadata = shard.config.value('offset.metadata.max.bytes');
  const { nowMs } = shard;
  const refused = new Set<string>();
  const records: NewRecord[] = [];
  for (const { topic, partitions } of topics) {
    for (const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } of partitions) {
      const metadata = committedMetadata ?? '';
      if (metadata.length > longestMetadata) {
        refused.add(`${topic.id}-${partitionIndex}`);
        continue;
      }
      const times = {
        commitTimestampMs: nowMs,
        expireTimestampMs: request.retentionTimeMs === -1 ? null : nowMs + request.retentionTimeMs,
      };
      const committed = { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata, topicId: topic.id, ...times };
      records.push(offsetRecord(request.groupId, topic.name, partitionIndex, committed));
    }
  }
  await shard.committed(shard.append(records));
  return (topicId, partition) => (refused.has(`${topicId}-${partition}`) ? errorCode('OFFSET_METADATA_TOO_LARGE') : 0);
}

/** Source: OffsetMetadataManager.validateOffsetCommit, ClassicGroup.validateOffsetCommit. */
function checkMayCommit(shard: GroupShard, request: OffsetCommitRequest, apiVersion: number): void {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request;
  const group = shard.groups.get(groupId);
  if (group === undefined) {
    // Anybody may begin a group that only holds offsets.
    if (generationId >= 0) throw new KafkaError(apiVersion >= 9 ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION');
    return;
  }
  if (generationId < 0 && group.state === 'Empty') return;
  if (generationId < 0 && memberId === '' && groupInstanceId === null) throw new KafkaError('UNKNOWN_MEMBER_ID');
  const member = group.member({ memberId, groupInstanceId });
  if (generationId !== group.generationId) throw new KafkaError('ILLEGAL_GENERATION');
  // Between two generations nobody owns anything.
  if (group.state === 'CompletingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
  keepSession(shard, group, member);
}

/** What the group has committed, null for nothing. Of a topic that was deleted and made anew nothing holds any more. */
export function committedOffset(shard: GroupShard, groupId: string, topic: string, partition: number): CommittedOffset | null {
  const committed = shard.offsets.committed(groupId, topic, partition, shard.partition.highWatermark);
  return committed === null || isOfAnotherTopic(committed, shard.metadata.topics.byName.get(topic)?.id ?? ZERO_UUID) ? null : committed;
}
export const allCommittedOffsets = (shard: GroupShard, groupId: string) =>
  shard.offsets.allCommitted(groupId, shard.partition.highWatermark);

const isOfAnotherTopic = ({ topicId }: CommittedOffset, id: Uuid): boolean => topicId !== ZERO_UUID && id !== ZERO_UUID && topicId !== id;

/** Throws KafkaError GROUP_ID_NOT_FOUND, and NON_EMPTY_GROUP where nobody can say which topics are in use. */
export function groupForOffsetDelete(shard: GroupShard, groupId: string): ClassicGroup {
  const group = shard.groups.get(groupId);
  if (group === undefined) throw new KafkaError('GROUP_ID_NOT_FOUND');
  if (group.state !== 'Empty' && !group.isOfConsumers) throw new KafkaError('NON_EMPTY_GROUP');
  return group;
}

/** Resolves once the offsets are gone for good; of those that were not there too. */
export async function deleteOffsets(
  shard: GroupShard,
  groupId: string,
  offsets: readonly { readonly topic: string; readonly partition: number }[],
): Promise<void> {
  const there = offsets.filter(({ topic, partition }) => shard.offsets.has(groupId, topic, partition));
  await shard.committed(shard.append(there.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, null))));
}

/** Deletes groups without members with all their offsets; what became of each. Rejects with KafkaError where nothing could be written. */
export async function deleteGroups(shard: GroupShard, groupIds: readonly string[]): Promise<readonly (ErrorName | null)[]> {
  const records: NewRecord[] = [];
  const results = groupIds.map((groupId): ErrorName | null => {
    const group = shard.groups.get(groupId);
    if (group === undefined) return 'GROUP_ID_NOT_FOUND';
    if (group.state !== 'Empty') return 'NON_EMPTY_GROUP';
    for (const { topic, partition } of shard.offsets.newest(groupId)) records.push(offsetRecord(groupId, topic, partition, null));
    records.push(groupTombstone(groupId));
    return null;
  });
  await shard.committed(shard.append(records));
  return results;
}

/** A topic is gone: nobody goes on with it where they were. Source: OffsetMetadataManager.onTopicsDeleted. */
export async function forgetTopic(shard: GroupShard, { id, name }: TopicImage): Promise<void> {
  const records: NewRecord[] = [];
  for (const { groupId, partition, value } of shard.offsets.ofTopic(name)) {
    if (!isOfAnotherTopic(value, id)) records.push(offsetRecord(groupId, name, partition, null));
  }
  if (records.length > 0) await shard.committed(shard.append(records));
}
