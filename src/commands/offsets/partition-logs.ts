import type { AdminClient } from '../../admin/admin-client.js';
import type { OffsetQuery } from '../../admin/offsets.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';

export interface PartitionLog {
  readonly start: bigint;
  readonly end: bigint;
  /** The first record of the time that was asked for; null where there is none. */
  readonly atTime: bigint | null;
  readonly error: null;
}

/** Where each partition begins and ends, and stands at a time in milliseconds since the epoch, by name; or why that is not known. */
export async function readPartitionLogs(
  admin: AdminClient,
  wanted: readonly TopicPartition[],
  atMs: number | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PartitionLog | { readonly error: KafkaFailure }>> {
  const partitions = [...new Map(wanted.map((each) => [topicPartitionName(each), each])).values()];
  const ats: readonly OffsetQuery['at'][] = atMs === null ? ['start', 'end'] : ['start', 'end', atMs];
  const found = await admin.listOffsets(
    partitions.flatMap(({ topic, partition }) => ats.map((at) => ({ topic, partition, at }))),
    { signal },
  );
  return new Map(
    partitions.map((partition, index) => {
      const [start, end, time] = found.slice(index * ats.length, (index + 1) * ats.length);
      const error = start?.error ?? end?.error ?? time?.error ?? null;
      const known = error === null && start?.offset != null && end?.offset != null;
      const atTime = time?.offset == null || time.offset === -1n ? null : time.offset;
      return [
        topicPartitionName(partition),
        known ? { start: start.offset, end: end.offset, atTime, error: null } : { error: error ?? failure('UNKNOWN_SERVER_ERROR') },
      ];
    }),
  );
}
