import type { Client } from '../client/client.js';
import type { KafkaFailure } from '../model/outcome.js';
import { byTopicAndPartition, type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import type { CallOptions } from './call-options.js';
import { type DescribedGroup, describeGroups, type GroupMember, type GroupToDescribe } from './describe-groups.js';
import { type GroupOffsets, listGroupOffsets } from './group-offsets.js';
import { listOffsets } from './offsets.js';
import { listRecordTimes, type RecordPosition } from './record-times.js';

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
  const boundsOf = await readBounds(client, rows, options);
  const lags = rows.map((row) => lagOf(row, row.name === null ? undefined : boundsOf.get(row.name)));
  const times = await readTimes(client, lags, options);
  // In one literal: there may be very many, and a copy of each for every step would cost more than all requests.
  return lags.map(({ row, start, end, lag, unread }): GroupPartitionLag => {
    const time = unread === null ? undefined : times.get(positionName(unread));
    const timestampMs = time?.timestampMs ?? null;
    return {
      group: row.group,
      topic: row.topic,
      partition: row.partition,
      committedOffset: row.committedOffset,
      startOffset: start?.offset ?? null,
      endOffset: end?.offset ?? null,
      lag,
      waitingSinceMs: timestampMs === -1 ? null : timestampMs,
      memberId: row.owner?.memberId ?? null,
      clientId: row.owner?.clientId ?? null,
      host: row.owner?.host ?? null,
      state: row.state,
      error: row.error ?? start?.error ?? end?.error ?? time?.error ?? null,
    };
  });
}

/** What the coordinator knows of a partition of a group. */
interface Row {
  readonly group: string;
  /** Null, with topic and partition, where there is nothing of the group. */
  readonly name: string | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly committedOffset: bigint | null;
  readonly owner: GroupMember | null;
  readonly state: string | null;
  readonly error: KafkaFailure | null;
}

/** Committed and assigned partitions, by topic and partition; one row without a topic where there are none. */
function rowsOf(described: Membership, committed: GroupOffsets): readonly Row[] {
  const { group, state } = described;
  const error = described.error ?? committed.error;
  const assigned = new Map<string, { readonly key: TopicPartition; readonly owner: GroupMember }>();
  for (const owner of described.members ?? []) {
    for (const { topic, partitions } of owner.assignment ?? []) {
      for (const partition of partitions) assigned.set(topicPartitionName({ topic, partition }), { key: { topic, partition }, owner });
    }
  }
  const rows: (Row & TopicPartition)[] = [];
  for (const offset of error === null ? (committed.offsets ?? []) : []) {
    const { topic, partition, committedOffset } = offset;
    const name = topicPartitionName(offset);
    rows.push({ group, name, topic, partition, committedOffset, owner: assigned.get(name)?.owner ?? null, state, error: offset.error });
    assigned.delete(name);
  }
  if (assigned.size > 0) {
    for (const [name, { key, owner }] of assigned) {
      rows.push({ group, name, topic: key.topic, partition: key.partition, committedOffset: null, owner, state, error });
    }
    rows.sort(byTopicAndPartition);
  }
  return rows.length > 0 ? rows : [{ group, name: null, topic: null, partition: null, committedOffset: null, owner: null, state, error }];
}

type Bounds = readonly [start: OffsetRow, end: OffsetRow];
type OffsetRow = Awaited<ReturnType<typeof listOffsets>>[number];

/** Where the partitions of the rows begin and end, by name: each is asked for once, however many groups read it. */
async function readBounds(client: Client, rows: readonly Row[], options: CallOptions): Promise<ReadonlyMap<string, Bounds>> {
  const partitions = new Map<string, TopicPartition>();
  for (const { name, topic, partition } of rows) {
    if (name !== null && topic !== null && partition !== null && !partitions.has(name)) partitions.set(name, { topic, partition });
  }
  const queries = [...partitions.values()].flatMap(({ topic, partition }) => [
    { topic, partition, at: 'start' as const },
    { topic, partition, at: 'end' as const },
  ]);
  const found = await listOffsets(client, queries, options);
  return new Map([...partitions.keys()].map((name, index) => [name, [found[2 * index]!, found[2 * index + 1]!]]));
}

/**
 * A row with its partition's bounds, and where the oldest record stands that was not consumed: null where there is none, or it is not
 * known.
 */
function lagOf(row: Row, bounds: Bounds | undefined) {
  const [start, end] = bounds ?? [];
  const { committedOffset, topic, partition } = row;
  const lag = committedOffset === null || end?.offset == null ? null : end.offset - committedOffset;
  const known = { row, start, end, lag };
  const isBehind = lag !== null && lag > 0n && topic !== null && partition !== null && committedOffset !== null && start?.offset != null;
  if (!isBehind) return { ...known, unread: null };
  const isInLog = committedOffset >= start.offset;
  return { ...known, unread: { topic, partition, offset: isInLog ? committedOffset : start.offset } };
}

const positionName = (position: RecordPosition): string => `${topicPartitionName(position)} ${position.offset}`;

/** When the records were written that are not consumed yet, by position: groups often wait for the same one. */
async function readTimes(client: Client, lags: readonly { readonly unread: RecordPosition | null }[], options: CallOptions) {
  const positions = new Map<string, RecordPosition>();
  for (const { unread } of lags) if (unread !== null) positions.set(positionName(unread), unread);
  const times = await listRecordTimes(client, [...positions.values()], options);
  return new Map([...positions.keys()].map((name, index) => [name, times[index]!]));
}
