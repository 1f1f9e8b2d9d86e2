import type { Client } from '../client/client.js';
import type { KafkaFailure } from '../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { CallOptions } from './call-options.js';
import { type DescribedGroup, describeGroups, type GroupMember, type GroupToDescribe } from './describe-groups.js';
import { byTopicAndPartition, type GroupOffsets, listGroupOffsets } from './group-offsets.js';
import { listOffsets } from './offsets.js';
import { listRecordTimes } from './record-times.js';

/** One partition of one group. What is not known is null, and `error` says why where Kafka refused to tell. */
export interface GroupPartitionLag {
  readonly group: string;
  /** Null, with the partition, of a group that has neither committed nor been assigned anything, and of one that is not known. */
  readonly topic: string | null;
  readonly partition: number | null;
  /** Null where nothing was committed. */
  readonly committedOffset: bigint | null;
  readonly startOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** End less committed, as Kafka counts: below 0 where the topic was made anew. */
  readonly lag: bigint | null;
  /** When the first record that was not consumed yet was written, in milliseconds since the epoch; null where there is none. */
  readonly waitingSinceMs: number | null;
  /** Who the partition is assigned to; null where nobody is. */
  readonly memberId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
  /** Of the group, such as Stable or Empty. */
  readonly state: string | null;
  readonly error: KafkaFailure | null;
}

export interface GroupToMeasure extends GroupToDescribe {
  /** What `listGroups` told; an Empty group need not be asked for its members. */
  readonly state?: string | null;
}
type Membership = Pick<DescribedGroup, 'group' | 'state' | 'members' | 'error'>;

const EMPTY = 'Empty';
const withoutMembers = (group: string): Membership => ({ group, state: EMPTY, members: null, error: null });

/** How far groups are behind, partition by partition, in their order. A few requests to each broker, however many groups there are. */
export async function listGroupLag(
  client: Client,
  groups: readonly GroupToMeasure[],
  options: CallOptions = {},
): Promise<readonly GroupPartitionLag[]> {
  const [described, committed] = await Promise.all([
    describeGroups(
      client,
      groups.filter(({ state }) => state !== EMPTY),
      options,
    ),
    listGroupOffsets(client, groups, options),
  ]);
  const descriptionOf = new Map(described.map((description) => [description.group, description]));
  const rows = groups.flatMap(({ group }, index) => rowsOf(descriptionOf.get(group) ?? withoutMembers(group), committed[index]!));
  const partitions = [
    ...new Map(
      rows.flatMap((row) => (row.topic === null ? [] : [[topicPartitionName(row as TopicPartition), row as TopicPartition]])),
    ).values(),
  ];
  const bounds = await listOffsets(
    client,
    partitions.flatMap(({ topic, partition }) => (['start', 'end'] as const).map((at) => ({ topic, partition, at }))),
    options,
  );
  const boundsOf = new Map(
    partitions.map((partition, index) => [topicPartitionName(partition), [bounds[2 * index]!, bounds[2 * index + 1]!]]),
  );
  const measured = rows.map((row): GroupPartitionLag => {
    const [start, end] = boundsOf.get(topicPartitionName(row as TopicPartition)) ?? [];
    const { committedOffset } = row;
    const endOffset = end?.offset ?? null;
    return {
      ...row,
      startOffset: start?.offset ?? null,
      endOffset,
      lag: committedOffset === null || endOffset === null ? null : endOffset - committedOffset,
      error: row.error ?? start?.error ?? end?.error ?? null,
    };
  });
  const positions = measured.map(firstUnread);
  const times = await listRecordTimes(
    client,
    positions.filter((position) => position !== null),
    options,
  );
  const timeOf = new Map(times.map((time) => [`${topicPartitionName(time)} ${time.offset}`, time]));
  return measured.map((row, index) => {
    const position = positions[index];
    const time = position && timeOf.get(`${topicPartitionName(position)} ${position.offset}`);
    const { timestampMs = null } = time ?? {};
    return { ...row, waitingSinceMs: timestampMs === -1 ? null : timestampMs, error: row.error ?? time?.error ?? null };
  });
}

/** Committed and assigned partitions, by topic and partition; one row without a topic where there are none. */
function rowsOf(described: Membership, committed: GroupOffsets): readonly GroupPartitionLag[] {
  const { group, state } = described;
  const error = described.error ?? committed.error;
  const rows = new Map<string, GroupPartitionLag & TopicPartition>();
  for (const offset of error === null ? (committed.offsets ?? []) : []) {
    const { topic, partition, committedOffset } = offset;
    rows.set(topicPartitionName(offset), { ...unknownLag, group, topic, partition, committedOffset, state, error: offset.error });
  }
  for (const member of described.members ?? []) {
    for (const { topic, partitions } of member.assignment ?? []) {
      for (const partition of partitions) {
        const row = rows.get(topicPartitionName({ topic, partition })) ?? { ...unknownLag, group, topic, partition, state, error };
        rows.set(topicPartitionName(row), { ...row, ...ownerOf(member) });
      }
    }
  }
  if (rows.size === 0) return [{ ...unknownLag, group, topic: null, partition: null, state, error }];
  return [...rows.values()].sort(byTopicAndPartition);
}

const unknownLag = {
  committedOffset: null,
  startOffset: null,
  endOffset: null,
  lag: null,
  waitingSinceMs: null,
  memberId: null,
  clientId: null,
  host: null,
} as const;
const ownerOf = ({ memberId, clientId, host }: GroupMember) => ({ memberId, clientId, host });

/** Where the oldest record stands that the group has not consumed: null where there is none, or it is not known. */
function firstUnread({ topic, partition, committedOffset, startOffset, lag }: GroupPartitionLag) {
  if (topic === null || partition === null || committedOffset === null || startOffset === null || lag === null || lag <= 0n) return null;
  return { topic, partition, offset: committedOffset > startOffset ? committedOffset : startOffset };
}
