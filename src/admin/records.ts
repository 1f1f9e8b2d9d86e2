import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { deleteRecords as deleteRecordsApi } from '../protocol/messages/delete-records.js';
import { failureIn, failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { findLeaders } from './offsets.js';

export interface RecordsToDelete extends TopicPartition {
  /** The first that stays: all records before it go. -1n for the high watermark. */
  readonly beforeOffset: bigint;
}
export interface DeletedRecords {
  /** The lowest offset that is left on any live replica. */
  readonly startOffset: bigint;
}
type Row = Learned<TopicPartition, DeletedRecords>;

/**
 * Deletes the records before an offset (KIP-107): one result for each partition, in their order, from one request to each leader, all at
 * once. The leader answers when every live replica has done it.
 */
export async function deleteRecords(
  client: Client,
  partitions: readonly RecordsToDelete[],
  options: CallOptions = {},
): Promise<readonly Row[]> {
  const leaderOf = await findLeaders(client, partitions, options);
  const rows = new Map<string, Row>();
  const asked: { readonly partition: RecordsToDelete; readonly leader: number }[] = [];
  for (const partition of partitions) {
    const leader = leaderOf(partition);
    if (typeof leader === 'number') asked.push({ partition, leader });
    else rows.set(topicPartitionName(partition), { ...keyOf(partition), startOffset: null, error: leader });
  }
  await Promise.all(
    [...groupBy(asked, ({ leader }) => leader)].map(async ([leader, members]) => {
      const part = members.map(({ partition }) => partition);
      for (const row of await deleteOn(client, leader, part, options)) rows.set(topicPartitionName(row), row);
    }),
  );
  return partitions.map((partition) => rows.get(topicPartitionName(partition))!);
}

const keyOf = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });

async function deleteOn(client: Client, leader: number, part: readonly RecordsToDelete[], options: CallOptions): Promise<readonly Row[]> {
  const topics = [...groupBy(part, ({ topic }) => topic)].map(([name, members]) => ({
    name,
    partitions: members.map(({ partition, beforeOffset }) => ({ partitionIndex: partition, offset: beforeOffset })),
  }));
  try {
    const response = await client.request(deleteRecordsApi, ({ remainingMs }) => ({ topics, timeoutMs: remainingMs }), {
      to: { broker: leader },
      ...options,
    });
    const answers = new Map(
      response.topics.flatMap(({ name, partitions }) =>
        partitions.map((answer) => [topicPartitionName({ topic: name, partition: answer.partitionIndex }), answer]),
      ),
    );
    return part.map((partition): Row => {
      const answer = answers.get(topicPartitionName(partition));
      const error = failureIn(answer);
      if (answer === undefined || error !== null) {
        return { ...keyOf(partition), startOffset: null, error: error ?? failure('UNKNOWN_SERVER_ERROR') };
      }
      return { ...keyOf(partition), startOffset: answer.lowWatermark, error };
    });
  } catch (error) {
    const failed = failureOfRequest(error);
    return part.map((partition) => ({ ...keyOf(partition), startOffset: null, error: failed }));
  }
}
