import type { Client } from '../client/client.js';
import { groupBy } from '../model/group-by.js';
import type { Result } from '../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { alterPartitionReassignments as alterApi } from '../protocol/messages/alter-partition-reassignments.js';
import { listPartitionReassignments as listApi } from '../protocol/messages/list-partition-reassignments.js';
import { failureIn } from './answer.js';
import type { CallOptions } from './call-options.js';

export interface Reassignment extends TopicPartition {
  /** The brokers that shall hold the partition, the preferred leader first. Null cancels what is under way. */
  readonly replicas: readonly number[] | null;
}
export interface AlterReassignmentsOptions extends CallOptions {
  /** False has the broker refuse a list of another length than now (KIP-860, Kafka 4.1). True if left out. */
  readonly allowReplicationFactorChange?: boolean;
}

/**
 * Starts or cancels moves of replicas (KIP-455): one result for each, in their order. It is done once the controller has taken
 * it, and data moves after that; `listPartitionReassignments` tells how far. The same replicas in another order move no data.
 */
export async function alterPartitionReassignments(
  client: Client,
  reassignments: readonly Reassignment[],
  { allowReplicationFactorChange = true, ...options }: AlterReassignmentsOptions = {},
): Promise<readonly Result<TopicPartition>[]> {
  if (reassignments.length === 0) return [];
  const topics = [...groupBy(reassignments, ({ topic }) => topic)].map(([name, moves]) => ({
    name,
    partitions: moves.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
  }));
  const { responses } = await client.request(
    alterApi,
    ({ remainingMs }) => ({ topics, allowReplicationFactorChange, timeoutMs: remainingMs }),
    { to: 'controller', failure: (answer) => answer, ...options },
  );
  const answers = new Map(
    responses.flatMap(({ name, partitions }) =>
      partitions.map((answer) => [topicPartitionName({ topic: name, partition: answer.partitionIndex }), answer]),
    ),
  );
  return reassignments.map(({ topic, partition }) => ({
    topic,
    partition,
    error: failureIn(answers.get(topicPartitionName({ topic, partition }))),
  }));
}

export interface OngoingReassignment extends TopicPartition {
  /** All that hold the partition now or shall, in Kafka's order. */
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** The moves under way, of these partitions or, for null, of all. A partition that does not move is not listed, as in Kafka. */
export async function listPartitionReassignments(
  client: Client,
  partitions: readonly TopicPartition[] | null,
  options: CallOptions = {},
): Promise<readonly OngoingReassignment[]> {
  if (partitions?.length === 0) return [];
  const topics =
    partitions &&
    [...groupBy(partitions, ({ topic }) => topic)].map(([name, members]) => ({
      name,
      partitionIndexes: members.map(({ partition }) => partition),
    }));
  const answer = await client.request(listApi, ({ remainingMs }) => ({ topics, timeoutMs: remainingMs }), {
    to: 'controller',
    failure: (response) => response,
    ...options,
  });
  return answer.topics.flatMap(({ name, partitions: moves }) =>
    moves.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
      topic: name,
      partition: partitionIndex,
      replicas,
      addingReplicas,
      removingReplicas,
    })),
  );
}
