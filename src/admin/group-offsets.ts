import type { Client } from '../client/client.js';
import { chunks } from '../model/chunks.js';
import { failure } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { KafkaFailure, Result } from '../model/outcome.js';
import { byTopicAndPartition, type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { offsetCommit } from '../protocol/messages/offset-commit.js';
import { offsetDelete } from '../protocol/messages/offset-delete.js';
import { type OffsetFetchRequestInput, type OffsetFetchResponse, offsetFetch } from '../protocol/messages/offset-fetch.js';
import { failureIn, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { upToVersion } from './capped-api.js';
import { type AskCoordinator, askCoordinators, type GroupKey, type Patience } from './coordinators.js';

export interface CommittedOffset {
  /** -1 where the committer did not say. */
  readonly leaderEpoch: number;
  /** What the committer noted beside it. */
  readonly metadata: string;
  readonly committedOffset: bigint;
}
export type GroupOffsets = Learned<
  { readonly group: string },
  /** By topic and partition. */
  { readonly offsets: readonly Learned<TopicPartition, CommittedOffset>[] }
>;

// By topic id a broker leaves out topics that were deleted since, and every answer would have to be translated.
const offsetFetchByName = upToVersion(offsetFetch, 2, 9);
const offsetCommitByName = upToVersion(offsetCommit, 2, 9);
/** From this version on a request holds many groups (KIP-709). */
const BATCHED_OFFSET_FETCH = 8;
const NONE = -1n;

/**
 * All offsets that groups have committed, in their order; none of a group that is not there. Many groups stand in one request, before Kafka
 * 3.0 one.
 */
export async function listGroupOffsets(
  client: Client,
  groups: readonly GroupKey[],
  options: CallOptions = {},
): Promise<readonly GroupOffsets[]> {
  const ask: AskCoordinator<GroupOffsets> = async (broker, names, patience) => {
    const [first = '', ...others] = names;
    const request = async (body: (version: number) => OffsetFetchRequestInput) =>
      client.request(offsetFetchByName, ({ version }) => body(version), {
        to: { broker },
        failure: (response) => patience([response, ...response.groups]),
        ...options,
      });
    let isBatched = false;
    const answer = await request((version) => {
      isBatched = version >= BATCHED_OFFSET_FETCH;
      return isBatched ? { groups: names.map((groupId) => ({ groupId, topics: null })) } : { groupId: first, topics: null };
    });
    if (isBatched) {
      const answers = new Map(answer.groups.map((each) => [each.groupId, each]));
      return names.map((group) => groupOffsets(group, answers.get(group)));
    }
    const single = others.map(async (groupId) => groupOffsets(groupId, await request(() => ({ groupId, topics: null }))));
    return [groupOffsets(first, answer), ...(await Promise.all(single))];
  };
  return askCoordinators(client, groups, ask, (group, error) => ({ group, offsets: null, error }), options);
}

interface OffsetsAnswer {
  readonly errorCode: number;
  readonly topics: OffsetFetchResponse['groups'][number]['topics'] | OffsetFetchResponse['topics'];
}

function groupOffsets(group: string, answer: OffsetsAnswer | undefined): GroupOffsets {
  const error = failureIn(answer);
  if (answer === undefined || error !== null) return { group, offsets: null, error: error ?? failure('UNKNOWN_SERVER_ERROR') };
  const offsets: Learned<TopicPartition, CommittedOffset>[] = [];
  for (const { name: topic, partitions } of answer.topics) {
    for (const { partitionIndex: partition, errorCode, committedOffset, committedLeaderEpoch, metadata } of partitions) {
      const refused = failureIn({ errorCode });
      if (refused !== null) offsets.push({ topic, partition, committedOffset: null, leaderEpoch: null, metadata: null, error: refused });
      else if (committedOffset !== NONE) {
        offsets.push({ topic, partition, committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '', error: null });
      }
    }
  }
  return { group, offsets: offsets.sort(byTopicAndPartition), error };
}

export interface OffsetToCommit extends TopicPartition {
  readonly offset: bigint;
  /** Left out where it is not known. */
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

/** A request becomes one batch of the offsets topic, which Kafka bounds at 1 MB. */
const OFFSETS_PER_REQUEST = 2_000;

/**
 * Commits offsets for a group without joining it, which Kafka takes while the group has no members, and makes the group where there
 * is none. One result each, in their order: UNKNOWN_MEMBER_ID where the group has members.
 */
export async function commitGroupOffsets(
  client: Client,
  group: GroupKey,
  offsets: readonly OffsetToCommit[],
  options: CallOptions = {},
): Promise<readonly Result<TopicPartition>[]> {
  return inParts(client, group, offsets, options, async (broker, groupId, part, patience) => {
    const topics = [...groupBy(part, ({ topic }) => topic)].map(([name, members]) => ({
      name,
      partitions: members.map(({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch ?? -1,
        committedMetadata: metadata ?? '',
      })),
    }));
    const answer = await client.request(
      offsetCommitByName,
      { groupId, memberId: '', topics },
      { to: { broker }, failure: (response) => patience(response.topics.flatMap(({ partitions }) => partitions)), ...options },
    );
    return { errorCode: 0, topics: answer.topics };
  });
}

/** Deletes committed offsets (KIP-496), which Kafka refuses for topics that a member is subscribed to. One result each, in their order. */
export async function deleteGroupOffsets(
  client: Client,
  group: GroupKey,
  partitions: readonly TopicPartition[],
  options: CallOptions = {},
): Promise<readonly Result<TopicPartition>[]> {
  return inParts(client, group, partitions, options, async (broker, groupId, part, patience) => {
    const topics = [...groupBy(part, ({ topic }) => topic)].map(([name, members]) => ({
      name,
      partitions: members.map(({ partition }) => ({ partitionIndex: partition })),
    }));
    return client.request(offsetDelete, { groupId, topics }, { to: { broker }, failure: (response) => patience([response]), ...options });
  });
}

interface PartitionsAnswer {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

/** One request after the other, each for some of the partitions. */
async function inParts<Item extends TopicPartition>(
  client: Client,
  group: GroupKey,
  items: readonly Item[],
  options: CallOptions,
  ask: (broker: number, groupId: string, part: readonly Item[], patience: Patience) => Promise<PartitionsAnswer>,
): Promise<readonly Result<TopicPartition>[]> {
  const results: Result<TopicPartition>[] = [];
  for (const part of chunks(items, OFFSETS_PER_REQUEST)) {
    const [row] = await askCoordinators<PartsRow>(
      client,
      [group],
      async (broker, [groupId = ''], patience) => [rowOf(groupId, await ask(broker, groupId, part, patience))],
      (name, error) => ({ group: name, error, answers: new Map() }),
      options,
    );
    const { error, isWhole, answers } = row!;
    for (const { topic, partition } of part) {
      results.push({
        topic,
        partition,
        error: (isWhole === false ? null : error) ?? failureIn(answers.get(topicPartitionName({ topic, partition }))),
      });
    }
  }
  return results;
}

interface PartsRow {
  readonly group: string;
  readonly error: KafkaFailure | null;
  /** False where the error is one that all partitions have, each in its own answer. */
  readonly isWhole?: false;
  readonly answers: ReadonlyMap<string, { readonly errorCode: number }>;
}

function rowOf(group: string, { errorCode, topics }: PartitionsAnswer): PartsRow {
  const answers = new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map((answer) => [topicPartitionName({ topic: name, partition: answer.partitionIndex }), answer] as const),
    ),
  );
  if (errorCode !== 0) return { group, error: failureIn({ errorCode }), answers };
  // OffsetCommit says of each partition that this is not the coordinator.
  const [first] = answers.values();
  const isSame = first !== undefined && [...answers.values()].every((answer) => answer.errorCode === first.errorCode);
  return { group, error: isSame ? failureIn(first) : null, isWhole: false, answers };
}
