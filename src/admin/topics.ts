import type { Client } from '../client/client.js';
import type { Result } from '../model/outcome.js';
import { type Uuid, ZERO_UUID } from '../model/uuid.js';
import { createPartitions as createPartitionsApi } from '../protocol/messages/create-partitions.js';
import { createTopics as createTopicsApi } from '../protocol/messages/create-topics.js';
import { deleteTopics as deleteTopicsApi } from '../protocol/messages/delete-topics.js';
import { type MetadataResponse, metadata } from '../protocol/messages/metadata.js';
import { factsIn, failureIn, type Learned, wrongController } from './answer.js';
import type { CallOptions } from './call-options.js';

export interface TopicKey {
  readonly topic: string;
}
export interface TopicSummary {
  /** Null before Kafka 2.8, which has none. */
  readonly topicId: Uuid | null;
  readonly internal: boolean;
  readonly partitionCount: number;
  /** Of the first partition, as Kafka's own tools say it. */
  readonly replicationFactor: number;
  /** Partitions with fewer in-sync replicas than replicas. */
  readonly underReplicatedCount: number;
  /** Partitions without a leader. */
  readonly offlineCount: number;
}
export const unknownSummary = {
  topicId: null,
  internal: null,
  partitionCount: null,
  replicationFactor: null,
  underReplicatedCount: null,
  offlineCount: null,
} as const;

/** Every topic, by name, in one Metadata request to whichever broker is at hand. */
export async function listTopics(client: Client, options: CallOptions = {}): Promise<readonly Learned<TopicKey, TopicSummary>[]> {
  const { topics } = await client.request(
    metadata,
    { topics: null, allowAutoTopicCreation: false },
    // A failure of the whole names no topic: without it there would seem to be none.
    { to: 'any', failure: (answer) => answer, ...options },
  );
  return topics
    .map((answer) => ({ topic: answer.name ?? '', ...factsIn(answer, topicSummary, unknownSummary) }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

/** What the answers of Metadata and of DescribeTopicPartitions have in common. */
export type TopicAnswer = Pick<MetadataResponse['topics'][number], 'errorCode' | 'name' | 'topicId' | 'isInternal'> & {
  readonly partitions: readonly (MetadataResponse['topics'][number]['partitions'][number] & {
    readonly eligibleLeaderReplicas?: readonly number[] | null;
  })[];
};

export const topicSummary = ({ topicId, isInternal, partitions }: TopicAnswer): TopicSummary => ({
  topicId: knownId(topicId),
  internal: isInternal,
  partitionCount: partitions.length,
  replicationFactor: partitions.find(({ partitionIndex }) => partitionIndex === 0)?.replicaNodes.length ?? 0,
  underReplicatedCount: partitions.filter(({ isrNodes, replicaNodes }) => isrNodes.length < replicaNodes.length).length,
  offlineCount: partitions.filter(({ leaderId }) => leaderId === -1).length,
});

const knownId = (topicId: Uuid): Uuid | null => (topicId === ZERO_UUID ? null : topicId);

export interface NewTopic {
  readonly topic: string;
  /** The cluster's default (num.partitions) if left out. */
  readonly partitionCount?: number;
  /** The cluster's default (default.replication.factor) if left out. */
  readonly replicationFactor?: number;
  /** In the place of the two above: the brokers of each partition, the preferred leader first. */
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string>>;
}
export interface CreatedTopic {
  /** Null where the broker tells none: before Kafka 2.8, and when it only validates. */
  readonly topicId: Uuid | null;
  /** Null before Kafka 2.4. */
  readonly partitionCount: number | null;
  readonly replicationFactor: number | null;
}
export interface ValidateOptions extends CallOptions {
  /** The broker says what it would do and does nothing. */
  readonly validateOnly?: boolean;
}

/** Creates topics, or checks whether it could: one result for each, in their order. */
export async function createTopics(
  client: Client,
  topics: readonly NewTopic[],
  { validateOnly = false, ...options }: ValidateOptions = {},
): Promise<readonly Learned<TopicKey, CreatedTopic>[]> {
  if (topics.length === 0) return [];
  const response = await client.request(
    createTopicsApi,
    ({ remainingMs }) => ({
      topics: topics.map(({ topic, partitionCount = -1, replicationFactor = -1, assignments = [], configs = {} }) => ({
        name: topic,
        numPartitions: partitionCount,
        replicationFactor,
        assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      })),
      timeoutMs: remainingMs,
      validateOnly,
    }),
    { to: 'controller', failure: (answer) => wrongController(answer.topics), ...options },
  );
  const answers = new Map(response.topics.map((answer) => [answer.name, answer]));
  const known = (count: number) => (count === -1 ? null : count);
  return topics.map(({ topic }) => ({
    topic,
    ...factsIn(
      answers.get(topic),
      ({ topicId, numPartitions, replicationFactor }) => ({
        // Of a mere check too the broker tells an id: that of no topic.
        topicId: validateOnly ? null : knownId(topicId),
        partitionCount: known(numPartitions),
        replicationFactor: known(replicationFactor),
      }),
      { topicId: null, partitionCount: null, replicationFactor: null },
    ),
  }));
}

/** Deletes topics by name with all their records: one result for each, in their order. */
export async function deleteTopics(
  client: Client,
  names: readonly string[],
  options: CallOptions = {},
): Promise<readonly Result<TopicKey>[]> {
  if (names.length === 0) return [];
  const { responses } = await client.request(
    deleteTopicsApi,
    ({ version, remainingMs }) => ({
      ...(version >= 6 ? { topics: names.map((name) => ({ name, topicId: ZERO_UUID })) } : { topicNames: names }),
      timeoutMs: remainingMs,
    }),
    { to: 'controller', failure: (answer) => wrongController(answer.responses), ...options },
  );
  const answers = new Map(responses.map((answer) => [answer.name, answer]));
  return names.map((topic) => ({ topic, error: failureIn(answers.get(topic)) }));
}

export interface NewPartitions {
  readonly topic: string;
  /** How many the topic shall have in all. */
  readonly partitionCount: number;
  /** The brokers of each new partition, the preferred leader first; the broker places them if left out. */
  readonly assignments?: readonly (readonly number[])[];
}

/** Adds partitions to topics, or checks whether it could: one result for each, in their order. */
export async function createPartitions(
  client: Client,
  topics: readonly NewPartitions[],
  { validateOnly = false, ...options }: ValidateOptions = {},
): Promise<readonly Result<TopicKey>[]> {
  if (topics.length === 0) return [];
  const { results } = await client.request(
    createPartitionsApi,
    ({ remainingMs }) => ({
      topics: topics.map(({ topic, partitionCount, assignments }) => ({
        name: topic,
        count: partitionCount,
        assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
      })),
      timeoutMs: remainingMs,
      validateOnly,
    }),
    { to: 'controller', failure: (answer) => wrongController(answer.results), ...options },
  );
  const answers = new Map(results.map((answer) => [answer.name, answer]));
  return topics.map(({ topic }) => ({ topic, error: failureIn(answers.get(topic)) }));
}
