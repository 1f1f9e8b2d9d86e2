import type { AdminClient } from '../../admin/admin-client.js';
import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import { partitionSizes } from '../../admin/partition-sizes.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { sizeText } from '../../render/size-text.js';
import type { Run } from '../command.js';
import { addedBy, type MoveRow } from './move-row.js';

/** Changes as planned rows with what is to be copied, which is said in sum too; and where a disk has no room for it. */
export async function withMoveSizes(
  admin: AdminClient,
  changes: readonly LeadershipChange[],
  { signal, note }: Pick<Run, 'signal' | 'note'>,
): Promise<readonly Outcome<MoveRow>[]> {
  if (changes.length === 0) return [];
  const partitions = changes.map(({ topic, partition, leaderBefore }) => ({ topic, partition, leader: leaderBefore }));
  const brokers = await admin.describeLogDirs({ partitions, signal });
  const sizes = partitionSizes(partitions, brokers);
  const bytesFor = new Map<number, number>();
  let copies = 0;
  const rows = changes.map((change): Outcome<MoveRow> => {
    const { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter } = change;
    const added = addedBy(change);
    const size = sizes.get(topicPartitionName(change)) ?? null;
    for (const id of added) bytesFor.set(id, (bytesFor.get(id) ?? 0) + (size ?? 0));
    copies += added.length;
    const moveBytes = added.length === 0 ? 0 : size === null ? null : size * added.length;
    return { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter, moveBytes, outcome: 'planned', error: null };
  });
  if (copies > 0) {
    const bytes = [...bytesFor.values()].reduce((sum, each) => sum + each, 0);
    note(`kafka-ts: to copy: ${copies} ${copies === 1 ? 'replica' : 'replicas'}, ${sizeText(bytes)}`);
  }
  for (const { broker, logDirs } of brokers) {
    const free = (logDirs ?? []).reduce((sum, { usableBytes }) => sum + (usableBytes ?? Number.POSITIVE_INFINITY), 0);
    const wanted = bytesFor.get(broker) ?? 0;
    if (wanted > free) note(`kafka-ts: broker ${broker} is to get ${sizeText(wanted)} and has ${sizeText(free)} free`);
  }
  return rows;
}
