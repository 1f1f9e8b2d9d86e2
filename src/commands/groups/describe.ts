import type { Assignment, GroupMember } from '../../admin/describe-groups.js';
import type { GroupType } from '../../admin/groups.js';
import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { type GroupSelection, groupArguments, matchOption, parseGroupSelection, selectGroups, silentName } from './selection.js';

/** All but the name is null where `error` says why; of a broker that did not answer all but the coordinator. */
interface Row {
  readonly group: string | null;
  readonly type: GroupType | null;
  readonly state: string | null;
  readonly coordinator: number | null;
  readonly assignor: string | null;
  readonly groupEpoch: number | null;
  readonly memberCount: number | null;
  readonly members: readonly GroupMember[] | null;
}

const unknown = {
  type: null,
  state: null,
  coordinator: null,
  assignor: null,
  groupEpoch: null,
  memberCount: null,
  members: null,
} as const;

export const describeGroups = query({
  needs: 'cluster',
  summary: 'Show groups with their members and what is assigned to each',
  arguments: groupArguments,
  options: matchOption,
  examples: ['kafka-ts groups describe billing', "kafka-ts groups describe --match 'billing-*' -o json"],
  parse: (args, values): GroupSelection => parseGroupSelection(args, values),
  canWatch: true,
  run: async ({ admin }, selection, run): Promise<readonly Result<Row>[]> => {
    const { groups, missing, silent } = await selectGroups(admin, selection, run);
    const described = await admin.describeGroups(groups, { signal: run.signal });
    const rows = new Map<string, Result<Row>>(
      described.map(({ group, type, state, coordinator, assignor, groupEpoch, members, error }) => {
        const memberCount = members?.length ?? null;
        return [group, { group, type, state, coordinator, assignor, groupEpoch, memberCount, members, error }];
      }),
    );
    for (const { group, error } of missing) rows.set(group, { group, ...unknown, error });
    const names = selection.kind === 'named' ? selection.names : [...rows.keys()];
    return [
      ...names.flatMap((name) => rows.get(name) ?? []),
      ...silent.map(({ coordinator, error }) => ({ group: null, ...unknown, coordinator, error })),
    ];
  },
  view: {
    name: ({ group, coordinator }) => group ?? silentName({ coordinator }),
    heading: [
      { head: 'GROUP', cell: ({ group }) => group ?? '' },
      { head: 'TYPE', cell: ({ type }) => type ?? '' },
      { head: 'STATE', cell: ({ state }) => state ?? '' },
      { head: 'COORDINATOR', cell: ({ coordinator }) => String(coordinator ?? '') },
      { head: 'ASSIGNOR', cell: ({ assignor }) => assignor ?? '' },
      { head: 'EPOCH', cell: ({ groupEpoch }) => String(groupEpoch ?? '') },
      { head: 'MEMBERS', cell: ({ memberCount }) => String(memberCount ?? '') },
    ],
    lines: ({ members }) => members ?? [],
    columns: [
      { head: 'MEMBER', cell: ({ memberId }) => memberId },
      { head: 'INSTANCE', cell: ({ instanceId }) => instanceId ?? '', optional: true },
      { head: 'CLIENT', cell: ({ clientId }) => clientId },
      { head: 'HOST', cell: ({ host }) => host },
      { head: 'EPOCH', cell: ({ memberEpoch }) => String(memberEpoch ?? ''), align: 'right', wide: true },
      { head: 'PARTITIONS', cell: ({ assignment }) => assignmentText(assignment) },
      { head: 'TARGET', cell: (member) => targetText(member), optional: true },
    ],
  },
});

/** `orders:0,1 payments:3`. */
const assignmentText = (assignment: Assignment | null): string =>
  assignment?.map(({ topic, partitions }) => `${topic}:${partitions.join(',')}`).join(' ') ?? '';

/** Only while it is another: the group is rebalancing then. */
function targetText({ assignment, targetAssignment }: GroupMember): string {
  const target = assignmentText(targetAssignment);
  if (targetAssignment === null || target === assignmentText(assignment)) return '';
  return target === '' ? 'nothing' : target;
}
