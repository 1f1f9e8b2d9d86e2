import type { GroupType } from '../../admin/groups.js';
import { UsageError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import { silentName } from './selection.js';

interface ListOptions {
  readonly pattern: string | undefined;
  readonly states: readonly string[];
  readonly types: readonly GroupType[];
}
/** All but the coordinator is null of a broker that did not answer. */
interface Row {
  readonly group: string | null;
  readonly type: GroupType | null;
  readonly state: string | null;
  readonly coordinator: number | null;
  readonly memberCount: number | null;
}

const types: readonly GroupType[] = ['classic', 'consumer', 'share', 'streams'];

export const listGroups = query({
  needs: 'cluster',
  summary: 'List groups',
  details: 'Every broker is asked for the groups that it coordinates.',
  arguments: [],
  options: {
    match: { type: 'string', value: 'PATTERN', describe: "only groups whose name fits, such as 'billing-*'" },
    state: { type: 'list', value: 'STATE', describe: "only groups in these states, such as Stable or Empty, by Kafka's names" },
    type: { type: 'list', value: 'TYPE', describe: `only groups of these types: ${types.join(', ')}` },
  },
  examples: ['kafka-ts groups list', 'kafka-ts groups list --state Empty,Dead -o name', 'kafka-ts groups list --type consumer -o json'],
  parse: (_args, { match, state, type }): ListOptions => ({
    pattern: match,
    states: state,
    types: type.map((name) => {
      const known = types.find((each) => each === name.toLowerCase());
      if (known === undefined) throw new UsageError(`there is no group type '${name}'`, `choose among ${types.join(', ')}`);
      return known;
    }),
  }),
  canWatch: true,
  run: async ({ admin }, { pattern, states, types: wanted }, { signal }): Promise<readonly Result<Row>[]> => {
    const listed = await admin.listGroups({ states, types: wanted, signal });
    const groups = listed.filter(({ group }) => group === null || pattern === undefined || matchesPattern(group, pattern));
    const described = await admin.describeGroups(
      groups.flatMap((row) => (row.error === null && row.state !== 'Empty' ? [row] : [])),
      { signal },
    );
    const descriptions = new Map(described.map((description) => [description.group, description]));
    return (
      groups
        .map(({ group, type, state, coordinator, error }): Result<Row> => {
          const description = group === null ? undefined : descriptions.get(group);
          return {
            group,
            type,
            state: description?.state ?? state,
            coordinator,
            memberCount: state === 'Empty' ? 0 : (description?.members?.length ?? null),
            error: error ?? description?.error ?? null,
          };
        })
        // Groups that went between the two answers; and brokers before Kafka 2.6 filter nothing.
        .filter(({ state, error }) => error?.code !== 'GROUP_ID_NOT_FOUND' && (error !== null || isAmong(state, states)))
    );
  },
  view: {
    name: ({ group, coordinator }) => group ?? silentName({ coordinator }),
    columns: [
      { head: 'GROUP', cell: ({ group }) => group ?? '' },
      { head: 'TYPE', cell: ({ type }) => type ?? '' },
      { head: 'STATE', cell: ({ state }) => state ?? '' },
      { head: 'COORDINATOR', cell: ({ coordinator }) => String(coordinator ?? ''), align: 'right' },
      { head: 'MEMBERS', cell: ({ memberCount }) => String(memberCount ?? ''), align: 'right' },
    ],
  },
});

const isAmong = (state: string | null, states: readonly string[]) =>
  states.length === 0 || states.some((wanted) => wanted.toLowerCase() === state?.toLowerCase());
