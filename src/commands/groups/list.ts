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
/** Of all types: Kafka's GroupState. */
const states = ['Stable', 'Empty', 'Dead', 'PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling', 'NotReady', 'Unknown'];

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
    states: state.map((name) => oneOf('state', states, name)),
    types: type.map((name) => oneOf('type', types, name)),
  }),
  canWatch: true,
  run: async ({ admin }, { pattern, states: wantedStates, types: wanted }, { signal }): Promise<readonly Result<Row>[]> => {
    const listed = await admin.listGroups({ states: wantedStates, types: wanted, signal });
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
        .filter(({ state, error }) => error?.code !== 'GROUP_ID_NOT_FOUND' && (error !== null || isAmong(state, wantedStates)))
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

function oneOf<Name extends string>(what: 'state' | 'type', names: readonly Name[], given: string): Name {
  const known = names.find((name) => name.toLowerCase() === given.toLowerCase());
  if (known === undefined) throw new UsageError(`there is no group ${what} '${given}'`, `choose among ${names.join(', ')}`);
  return known;
}

const isAmong = (state: string | null, wanted: readonly string[]) => wanted.length === 0 || (state !== null && wanted.includes(state));
