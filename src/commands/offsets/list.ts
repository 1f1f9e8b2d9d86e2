import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { type GroupSelection, groupArguments, matchOption, parseGroupSelection, selectCommittingGroups } from '../groups/selection.js';

/** Topic and all after it are null of a group whose offsets are not known. */
interface Row {
  readonly group: string | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly committedOffset: bigint | null;
  readonly leaderEpoch: number | null;
  readonly metadata: string | null;
}
const unknown = { topic: null, partition: null, committedOffset: null, leaderEpoch: null, metadata: null } as const;

export const listOffsets = query({
  needs: 'cluster',
  summary: 'List the offsets that groups have committed',
  arguments: groupArguments,
  options: matchOption,
  examples: ['kafka-ts offsets list billing', "kafka-ts offsets list --match 'billing-*' -o json"],
  parse: (args, values): GroupSelection => parseGroupSelection(args, values),
  run: async ({ admin }, selection, run): Promise<readonly Result<Row>[]> => {
    const { groups, missing, silent } = await selectCommittingGroups(admin, selection, run);
    const committed = await admin.listGroupOffsets(groups, { signal: run.signal });
    return [
      ...committed.flatMap(({ group, offsets, error }): readonly Result<Row>[] =>
        error !== null
          ? [{ group, ...unknown, error }]
          : offsets.map(({ topic, partition, committedOffset, leaderEpoch, metadata, error: refused }) => ({
              group,
              topic,
              partition,
              committedOffset,
              leaderEpoch,
              metadata,
              error: refused,
            })),
      ),
      ...missing.map(({ group, error }) => ({ group, ...unknown, error })),
      ...silent.map(({ error }) => ({ group: null, ...unknown, error })),
    ];
  },
  view: {
    name: ({ group, topic, partition }) => (topic === null ? (group ?? 'some groups') : `${group} ${topic}:${partition}`),
    columns: [
      { head: 'GROUP', cell: ({ group }) => group ?? '' },
      { head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'COMMITTED', cell: ({ committedOffset }) => String(committedOffset ?? ''), align: 'right' },
      { head: 'LEADER EPOCH', cell: ({ leaderEpoch }) => String(leaderEpoch ?? ''), align: 'right', wide: true },
      { head: 'METADATA', cell: ({ metadata }) => metadata ?? '', wide: true },
    ],
  },
});
