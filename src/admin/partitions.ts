import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import { UnsupportedVersionError } from '../model/errors.js';
import { type DescribeTopicPartitionsResponse, describeTopicPartitions } from '../protocol/messages/describe-topic-partitions.js';
import { metadata } from '../protocol/messages/metadata.js';
import { factsIn, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { type TopicAnswer, type TopicKey, type TopicSummary, topicSummary, unknownSummary } from './topics.js';

export interface PartitionState {
  readonly partition: number;
  /** -1 where there is none. */
  readonly leader: number;
  /** -1 before Kafka 2.1. */
  readonly leaderEpoch: number;
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966); null where the broker does not tell them. */
  readonly elr: readonly number[] | null;
  readonly offlineReplicas: readonly number[];
}
export interface TopicDescription extends TopicSummary {
  /** By rising number. */
  readonly partitions: readonly PartitionState[];
}
export interface DescribeTopicsOptions extends CallOptions {
  /** False leaves out the eligible leader replicas, which cost a request for each 2,000 partitions. True if left out. */
  readonly includeElr?: boolean;
}

/** Topics with their partitions, in the order asked for; null asks for all, by name. A topic that is unknown is a row with its error. */
export async function describeTopics(
  client: Client,
  names: readonly string[] | null,
  { includeElr = true, ...options }: DescribeTopicsOptions = {},
): Promise<readonly Learned<TopicKey, TopicDescription>[]> {
  // A broker fails as a whole on an empty name, which would hide the other topics.
  const asked = names?.filter((name) => name !== '') ?? null;
  const read = includeElr ? readWithElr : readPlain;
  const answered = asked?.length === 0 ? [] : await read(client, asked, options);
  const answers = new Map(answered.map((answer) => [answer.name ?? '', answer]));
  return (names ?? [...answers.keys()].sort()).map((topic) => ({
    topic,
    ...(topic === '' ? noTopic : factsIn(answers.get(topic), topicDescription, unknownDescription)),
  }));
}
const unknownDescription = { ...unknownSummary, partitions: null } as const;
const noTopic = { ...unknownDescription, error: failure('INVALID_TOPIC_EXCEPTION', 'The empty string is not a topic name.') };

/**
 * The partitions of topics, in the order asked for and then by number; null asks for all topics, by name. A topic that is unknown
 * is one row with its error.
 */
export async function listPartitions(
  client: Client,
  names: readonly string[] | null,
  options: DescribeTopicsOptions = {},
): Promise<readonly Learned<TopicKey, PartitionState>[]> {
  return (await describeTopics(client, names, options)).flatMap((description): readonly Learned<TopicKey, PartitionState>[] => {
    const { topic, partitions, error } = description;
    return error === null ? partitions.map((partition) => ({ topic, ...partition, error })) : [{ topic, ...unknownPartition, error }];
  });
}
const unknownPartition = {
  partition: null,
  leader: null,
  leaderEpoch: null,
  replicas: null,
  isr: null,
  elr: null,
  offlineReplicas: null,
} as const;

const topicDescription = (answer: TopicAnswer): TopicDescription => ({
  ...topicSummary(answer),
  partitions: answer.partitions
    .map((partition) => ({
      partition: partition.partitionIndex,
      leader: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      replicas: partition.replicaNodes,
      isr: partition.isrNodes,
      elr: partition.eligibleLeaderReplicas ?? null,
      offlineReplicas: partition.offlineReplicas,
    }))
    .sort((a, b) => a.partition - b.partition),
});

async function readPlain(client: Client, names: readonly string[] | null, options: CallOptions): Promise<readonly TopicAnswer[]> {
  const topics = names?.map((name) => ({ name })) ?? null;
  return (await client.request(metadata, { topics, allowAutoTopicCreation: false }, { to: 'any', ...options })).topics;
}

/**
 * By DescribeTopicPartitions (KIP-966), which answers by name, at most 2,000 partitions at a time, with a cursor to the next: a
 * topic may stand on several pages. Brokers before 3.7 lack it, and tell no eligible leader replicas.
 */
async function readWithElr(client: Client, names: readonly string[] | null, options: CallOptions): Promise<readonly TopicAnswer[]> {
  const sorted = [...new Set(names)].sort();
  const byName = new Map<string, TopicAnswer>();
  let cursor: DescribeTopicPartitionsResponse['nextCursor'] = null;
  do {
    const from: string = cursor?.topicName ?? '';
    const topics = sorted.filter((name) => name >= from).map((name) => ({ name }));
    const page: DescribeTopicPartitionsResponse | null = await client
      .request(describeTopicPartitions, { topics, cursor }, { to: 'any', ...options })
      .catch((error: unknown) => {
        if (error instanceof UnsupportedVersionError) return null;
        throw error;
      });
    if (page === null) return readPlain(client, names, options);
    for (const answer of page.topics) {
      const before = byName.get(answer.name ?? '');
      byName.set(answer.name ?? '', before ? { ...before, partitions: [...before.partitions, ...answer.partitions] } : answer);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return [...byName.values()];
}
