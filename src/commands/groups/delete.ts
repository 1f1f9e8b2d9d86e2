import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { whyNotEmpty } from './empty-groups.js';
import { type GroupSelection, groupArguments, matchOption, parseGroupSelection, selectGroups, silentName } from './selection.js';

interface DeleteOptions {
  readonly selection: GroupSelection;
  readonly ifExists: boolean;
}
interface Row {
  readonly group: string;
  /** Null where the group is not known. */
  readonly state: string | null;
}

export const deleteGroups = change({
  needs: 'cluster',
  summary: 'Delete groups with their committed offsets',
  details: 'The groups must have no members; those that stand in the way are named.',
  arguments: groupArguments,
  options: {
    ...matchOption,
    ifExists: { type: 'boolean', describe: 'succeed where a group does not exist' },
  },
  examples: [
    'kafka-ts groups delete billing',
    'kafka-ts groups delete billing shipping --if-exists --yes',
    "kafka-ts groups delete --match 'test-*' --confirm 'delete 7 groups'",
  ],
  parse: (args, { match, ifExists }): DeleteOptions => ({ selection: parseGroupSelection(args, { match }), ifExists }),
  plan: async ({ admin }, { selection, ifExists }, run): Promise<readonly Outcome<Row>[]> => {
    const { groups, missing, silent } = await selectGroups(admin, selection, run);
    const whyNot = await whyNotEmpty(admin, groups, run.signal);
    return [
      ...groups.map(({ group, state }): Outcome<Row> => {
        const error = whyNot.get(group) ?? null;
        return error === null ? { group, state, outcome: 'planned', error } : { group, state, outcome: 'failed', error };
      }),
      ...missing.map(
        ({ group, error }): Outcome<Row> =>
          ifExists && error.code === 'GROUP_ID_NOT_FOUND'
            ? { group, state: null, outcome: 'not-needed', error: null }
            : { group, state: null, outcome: 'failed', error },
      ),
      ...silent.map(
        ({ coordinator, error }): Outcome<Row> => ({ group: silentName({ coordinator }), state: null, outcome: 'failed', error }),
      ),
    ];
  },
  danger: () => 'severe',
  warning: () => 'Members that come back begin where auto.offset.reset says. kafka-ts offsets export keeps the offsets.',
  async *apply({ admin }, rows, { ifExists }) {
    const planned = new Map(rows.map(({ group, state }) => [group, { group, state }]));
    // No signal: a request that is on its way may delete the groups all the same, so its answer is waited for.
    for (const { group, error } of await admin.deleteGroups([...planned.values()])) {
      const row = planned.get(group);
      if (row === undefined) continue;
      if (error === null) yield { ...row, outcome: 'done', error };
      else if (ifExists && error.code === 'GROUP_ID_NOT_FOUND') yield { ...row, outcome: 'not-needed', error: null };
      else yield { ...row, outcome: 'failed', error };
    }
  },
  view: {
    name: ({ group }) => group,
    columns: [
      { head: 'GROUP', cell: ({ group }) => group },
      { head: 'STATE', cell: ({ state }) => state ?? '' },
    ],
  },
});
