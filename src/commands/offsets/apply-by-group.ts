import type { AdminClient } from '../../admin/admin-client.js';
import { groupBy } from '../../model/group-by.js';
import type { Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';

interface OffsetRow {
  readonly group: string;
  readonly topic: string | null;
  readonly partition: number | null;
}

/** Commits the offset that `offsetOf` gives for each row, or deletes it where that is null, and yields what became of each. */
export async function* applyByGroup<Row extends OffsetRow>(
  admin: AdminClient,
  rows: readonly Row[],
  offsetOf: (row: Row) => bigint | null,
  { signal, report }: Run,
): AsyncGenerator<Outcome<Row>> {
  const rowsOf = groupBy(rows, ({ group }) => group);
  const changes = [...rowsOf].map(([group, members]) => {
    const named = members.flatMap((row) => {
      const { topic, partition } = row;
      return topic === null || partition === null ? [] : [{ topic, partition, offset: offsetOf(row) }];
    });
    return {
      group,
      commit: named.flatMap(({ offset, ...key }) => (offset === null ? [] : [{ ...key, offset }])),
      remove: named.filter(({ offset }) => offset === null),
    };
  });
  let done = 0;
  for await (const { group, results } of admin.changeGroupOffsets(changes, { stop: signal })) {
    report(++done, changes.length, 'changing offsets of groups');
    const errorOf = new Map(results.map((result) => [topicPartitionName(result), result.error]));
    for (const row of rowsOf.get(group) ?? []) {
      const { topic, partition } = row;
      const error = topic === null || partition === null ? undefined : errorOf.get(topicPartitionName({ topic, partition }));
      if (error !== undefined) yield { ...row, outcome: error === null ? 'done' : 'failed', error };
    }
  }
}
