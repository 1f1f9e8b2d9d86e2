import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { memberText } from '../groups/empty-groups.js';
import {
  type GroupSelection,
  groupArguments,
  matchOption,
  parseGroupSelection,
  type SelectedGroup,
  selectCommittingGroups,
  silentName,
} from '../groups/selection.js';
import { applyByGroup } from './apply-by-group.js';
import { offsetName, undoOfOffset } from './offset-row.js';
import { isInScope, type OffsetScope, requireScope, scopeOptions } from './scope.js';

interface DeleteOptions {
  readonly selection: GroupSelection;
  readonly scope: OffsetScope;
}
interface Row {
  readonly group: string;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly committedOffset: bigint | null;
}

export const deleteOffsets = change({
  needs: 'cluster',
  summary: 'Delete committed offsets of groups',
  details: 'Kafka refuses to delete those of topics that a member of the group is subscribed to.',
  arguments: groupArguments,
  options: { ...matchOption, ...scopeOptions },
  examples: [
    'kafka-ts offsets delete billing --topic orders',
    'kafka-ts offsets delete billing --topic orders:3 --dry-run',
    "kafka-ts offsets delete --match 'test-*' --all-topics --confirm 'delete 7 offsets'",
  ],
  parse: (args, { match, ...scope }): DeleteOptions => ({ selection: parseGroupSelection(args, { match }), scope: requireScope(scope) }),
  plan: async ({ admin }, { selection, scope }, run): Promise<readonly Outcome<Row>[]> => {
    const { groups, missing, silent } = await selectCommittingGroups(admin, selection, run);
    const [committed, whySubscribed] = await Promise.all([
      admin.listGroupOffsets(groups, { signal: run.signal }),
      whySubscribedByGroup(admin, groups, run.signal),
    ]);
    const unknown = { topic: null, partition: null, committedOffset: null, outcome: 'failed' } as const;
    const planned = committed.flatMap(({ group, offsets, error }): readonly Outcome<Row>[] => {
      if (error !== null) return [{ group, ...unknown, error }];
      const rows = offsets.filter((offset) => isInScope(scope, offset));
      const absent =
        scope.kind === 'named' ? scope.names.filter((name) => !rows.some((row) => isInScope({ kind: 'named', names: [name] }, row))) : [];
      return [
        ...rows.map(({ topic, partition, committedOffset, error: refused }): Outcome<Row> => {
          const row = { group, topic, partition, committedOffset };
          const whyNot = refused ?? whySubscribed.get(group)?.get(topic) ?? null;
          return whyNot === null ? { ...row, outcome: 'planned', error: null } : { ...row, outcome: 'failed', error: whyNot };
        }),
        ...absent.map(
          ({ topic, partition }): Outcome<Row> => ({
            group,
            topic,
            partition,
            committedOffset: null,
            outcome: 'failed',
            error: nothingCommitted,
          }),
        ),
      ];
    });
    return [
      ...planned,
      ...missing.map(({ group, error }) => ({ group, ...unknown, error })),
      ...silent.map(({ coordinator, error }) => ({ group: silentName({ coordinator }), ...unknown, error })),
    ];
  },
  danger: () => 'severe',
  warning: () => 'Members will begin where auto.offset.reset says.',
  apply: ({ admin }, rows, _options, run) => applyByGroup(admin, rows, () => null, run),
  undo: ({ committedOffset }, undoFile) => undoOfOffset(committedOffset, null, undoFile),
  view: {
    name: (row) => offsetName(row),
    columns: [
      { head: 'GROUP', cell: ({ group }) => group },
      { head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'COMMITTED', cell: ({ committedOffset }) => String(committedOffset ?? ''), align: 'right' },
    ],
  },
});

/** Why Kafka will keep the offsets of a topic, by group and topic: as far as can be seen from what members are assigned. */
async function whySubscribedByGroup(
  admin: AdminClient,
  groups: readonly SelectedGroup[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<string, KafkaFailure>>> {
  const live = groups.filter(({ state }) => state !== 'Empty');
  const described = await admin.describeGroups(live, { signal });
  return new Map(
    described.map(({ group, members }) => {
      const assigned = (members ?? []).flatMap((member) => (member.assignment ?? []).map(({ topic }) => ({ topic, member })));
      return [
        group,
        new Map(
          assigned.map(({ topic, member }) => [
            topic,
            failure('GROUP_SUBSCRIBED_TO_TOPIC', `The group reads the topic, to be stopped first: ${memberText(member)}.`),
          ]),
        ),
      ];
    }),
  );
}

const nothingCommitted = failure('UNKNOWN_TOPIC_OR_PARTITION', 'The group has committed no offset there.');
