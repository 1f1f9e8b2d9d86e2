import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure } from '../../model/outcome.js';

export interface GroupTopic {
  readonly topic: string;
  readonly group: string;
  /** Where a partition is begun of which the group has committed nothing. */
  readonly from: 'earliest' | 'latest';
  readonly isolation: 'read_uncommitted' | 'read_committed';
}
/** Where a group goes on to read a partition, and where that ends now. */
export interface ReadingEnd {
  readonly next: bigint;
  readonly end: bigint;
}

/** By partition: each has its end, or why that is not known. */
export async function readingEnds(
  admin: AdminClient,
  { topic, group, from, isolation }: GroupTopic,
  partitions: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ReadingEnd | KafkaFailure>> {
  const queries = partitions.flatMap((partition) => [
    { topic, partition, at: 'start' as const },
    { topic, partition, at: 'end' as const },
  ]);
  const [[committed], bounds] = await Promise.all([
    admin.listGroupOffsets([{ group }], { signal }),
    admin.listOffsets(queries, { signal, isolation }),
  ]);
  const endOf = (partition: number, index: number): ReadingEnd | KafkaFailure => {
    const own = committed?.offsets?.find((row) => row.topic === topic && row.partition === partition);
    const [start, end] = [bounds[2 * index], bounds[2 * index + 1]];
    const error = committed?.error ?? own?.error ?? start?.error ?? end?.error;
    if (error != null) return error;
    if (start?.offset == null || end?.offset == null) return failure('UNKNOWN_SERVER_ERROR');
    return { next: own?.committedOffset ?? (from === 'earliest' ? start.offset : end.offset), end: end.offset };
  };
  return new Map(partitions.map((partition, index) => [partition, endOf(partition, index)]));
}
