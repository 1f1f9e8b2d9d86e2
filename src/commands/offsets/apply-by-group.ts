import { groupBy } from '../../admin/answer.js';
import type { Outcome, Result } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';

/** Kafka answers the requests of one connection one after the other, and each commit waits for its replicas. */
const GROUPS_AT_ONCE = 50;

/** Changes the offsets of one group after the other, many groups at once, and yields what became of each row. */
export async function* applyByGroup<
  Row extends { readonly group: string; readonly topic: string | null; readonly partition: number | null },
>(
  rows: readonly Row[],
  { signal, report }: Run,
  apply: (group: string, rows: readonly Row[]) => Promise<readonly Result<TopicPartition>[]>,
): AsyncGenerator<Outcome<Row>> {
  const groups = [...groupBy(rows, ({ group }) => group)];
  for (let start = 0; start < groups.length && !signal.aborted; start += GROUPS_AT_ONCE) {
    report(start, groups.length, 'committing the offsets of groups');
    const part = groups.slice(start, start + GROUPS_AT_ONCE);
    const results = await Promise.all(part.map(async ([group, members]) => ({ members, results: await apply(group, members) })));
    for (const { members, results: changed } of results) {
      const errorOf = new Map(changed.map((result) => [topicPartitionName(result), result.error]));
      for (const row of members) {
        const { topic, partition } = row;
        const error = topic === null || partition === null ? undefined : errorOf.get(topicPartitionName({ topic, partition }));
        if (error !== undefined) yield { ...row, outcome: error === null ? 'done' : 'failed', error };
      }
    }
  }
}
