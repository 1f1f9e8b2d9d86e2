import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { type ListOffsetsResponse, listOffsets } from '../protocol/messages/list-offsets.js';
import { factsIn, failureOfRequest, groupBy, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { listPartitions } from './partitions.js';

export interface EndOffset {
  /** Of the next record that consumers will be given: the high watermark. */
  readonly endOffset: bigint;
}
type Row = Learned<TopicPartition, EndOffset>;
type Answer = ListOffsetsResponse['topics'][number]['partitions'][number];

const LATEST = -1;
const CONSUMER = -1;
const unknown = { endOffset: null } as const;

/** Where partitions end, in their order: one request to each broker that leads some of them, all at once. */
export async function listEndOffsets(
  client: Client,
  partitions: readonly TopicPartition[],
  options: CallOptions = {},
): Promise<readonly Row[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const states = topics.length === 0 ? [] : await listPartitions(client, topics, { includeElr: false, ...options });
  const leaderOf = new Map(states.flatMap((state) => (state.error === null ? [[topicPartitionName(state), state.leader] as const] : [])));
  const rows = await Promise.all(
    [...groupBy(partitions, (partition) => leaderOf.get(topicPartitionName(partition)))].map(([leader, led]) => {
      if (leader === undefined) return led.map((row) => unlearned(row, failure('UNKNOWN_TOPIC_OR_PARTITION')));
      if (leader === -1) return led.map((row) => unlearned(row, failure('LEADER_NOT_AVAILABLE')));
      return endOffsetsAt(client, leader, led, options);
    }),
  );
  const rowOf = new Map(rows.flat().map((row) => [topicPartitionName(row), row]));
  return partitions.map((partition) => rowOf.get(topicPartitionName(partition))!);
}

const unlearned = ({ topic, partition }: TopicPartition, error: NonNullable<Row['error']>): Row => ({
  topic,
  partition,
  ...unknown,
  error,
});

async function endOffsetsAt(client: Client, leader: number, led: readonly TopicPartition[], options: CallOptions): Promise<readonly Row[]> {
  const topics = [...groupBy(led, ({ topic }) => topic)].map(([name, members]) => ({
    name,
    partitions: members.map(({ partition }) => ({ partitionIndex: partition, timestamp: LATEST })),
  }));
  try {
    const response = await client.request(
      listOffsets,
      ({ remainingMs }) => ({ replicaId: CONSUMER, isolationLevel: 0, topics, timeoutMs: remainingMs }),
      { to: { broker: leader }, ...options },
    );
    const answers = new Map<string, Answer>();
    for (const { name, partitions } of response.topics) {
      for (const answer of partitions) answers.set(topicPartitionName({ topic: name, partition: answer.partitionIndex }), answer);
    }
    return led.map(({ topic, partition }) => ({
      topic,
      partition,
      ...factsIn(answers.get(topicPartitionName({ topic, partition })), ({ offset }) => ({ endOffset: offset }), unknown),
    }));
  } catch (error) {
    const failed = failureOfRequest(error);
    return led.map((row) => unlearned(row, failed));
  }
}
