import type { AdminClient } from '../../admin/admin-client.js';
import type { DescribedGroup } from '../../admin/describe-groups.js';
import { type GroupType, type ListedGroup, noSuchGroup } from '../../admin/groups.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { Run } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import type { ArgumentSpec, Options, Values } from '../option.js';

/** The groups that a command works on: those named, those that a pattern finds, or all. A name is a name, never a pattern. */
export type GroupSelection =
  | { readonly kind: 'named'; readonly names: readonly string[] }
  | { readonly kind: 'matching'; readonly pattern: string }
  | { readonly kind: 'all' };

export const groupArguments = [
  { name: 'group', describe: 'names of groups', repeatable: true, names: 'groups' },
] as const satisfies readonly ArgumentSpec[];

export const matchOption = {
  match: { type: 'string', value: 'PATTERN', selects: true, describe: "groups whose name fits, such as 'billing-*'" },
} as const satisfies Options;

/** Throws UsageError where there are neither names nor a pattern, or both. */
export function parseGroupSelection(args: readonly string[], { match }: Values<typeof matchOption>): GroupSelection {
  if (match !== undefined && args.length > 0) throw new UsageError('name groups or pass --match, not both');
  if (match !== undefined) return { kind: 'matching', pattern: match };
  if (args.length === 0) throw new UsageError('name groups, or pass --match PATTERN');
  return { kind: 'named', names: [...new Set(args)] };
}

/** A group that is there, as its coordinator lists it; or one that may be there, as a broker did not answer. */
export interface SelectedGroup {
  readonly group: string;
  readonly type: GroupType | null;
  readonly state: string | null;
  readonly coordinator: number | null;
}
export interface SelectedGroups {
  readonly groups: readonly SelectedGroup[];
  /** Groups that are named and are not there, or not of the kind that is wanted. */
  readonly missing: readonly { readonly group: string; readonly error: KafkaFailure }[];
  /** Brokers that did not answer: what they coordinate is not known, unless it is named. */
  readonly silent: readonly Extract<ListedGroup, { readonly group: null }>[];
}

/** What a row is called that stands for groups which are not known. */
export const silentName = ({ coordinator }: { readonly coordinator: number | null }): string =>
  coordinator === null ? 'groups without a coordinator' : `broker ${coordinator}`;

/**
 * Looks for the groups in the lists of all brokers, which tell the coordinator and the type of each in one go, and, where the cluster
 * has no groups yet, make no offsets topic as a search for one coordinator does. Says so where no group matches.
 */
export async function selectGroups(admin: AdminClient, selection: GroupSelection, { signal, note }: Run): Promise<SelectedGroups> {
  const listed = await admin.listGroups({ signal });
  const silent = listed.filter((row) => row.error !== null);
  const known = new Map(listed.flatMap((row) => (row.error === null ? [[row.group, row] as const] : [])));
  if (selection.kind !== 'named') {
    const groups = [...known.values()].filter(({ group }) => selection.kind === 'all' || matchesPattern(group, selection.pattern));
    if (groups.length === 0 && selection.kind === 'matching') note(`kafka-ts: no group matches '${selection.pattern}'`);
    return { groups, missing: [], silent };
  }
  const unlisted = selection.names.filter((group) => !known.has(group));
  const whyUnlisted = silent.length > 0 ? new Map<string, DescribedGroup>() : await askFor(admin, unlisted, known.size > 0, signal);
  const isMissing = (group: string) => !known.has(group) && silent.length === 0 && whyUnlisted.get(group)?.error !== null;
  return {
    groups: selection.names
      .filter((group) => !isMissing(group))
      .map((group) => known.get(group) ?? whyUnlisted.get(group) ?? { group, type: null, state: null, coordinator: null }),
    missing: selection.names.filter(isMissing).map((group) => {
      const error = whyUnlisted.get(group)?.error ?? noSuchGroup(group);
      return { group, error: error.code === 'GROUP_ID_NOT_FOUND' ? noSuchGroup(group) : error };
    }),
    silent: [],
  };
}

/** What the coordinators say of groups that no broker lists: those are left out too that one may not know of. */
async function askFor(
  admin: AdminClient,
  names: readonly string[],
  hasGroups: boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DescribedGroup>> {
  if (names.length === 0) return new Map();
  // A search for a coordinator would make the topic.
  const [topic] = hasGroups ? [] : await admin.describeTopics(['__consumer_offsets'], { includeElr: false, signal });
  if (topic?.error?.code === 'UNKNOWN_TOPIC_OR_PARTITION') return new Map();
  const described = await admin.describeGroups(
    names.map((group) => ({ group })),
    { signal },
  );
  return new Map(described.map((row) => [row.group, row]));
}

/** The same of groups that commit offsets: share groups do not, and are no answer to a pattern, and an error where they are named. */
export async function selectCommittingGroups(admin: AdminClient, selection: GroupSelection, run: Run): Promise<SelectedGroups> {
  const { groups, missing, silent } = await selectGroups(admin, selection, run);
  const shared = selection.kind === 'named' ? groups.filter(({ type }) => type === 'share') : [];
  return {
    groups: groups.filter(({ type }) => type !== 'share'),
    missing: [...missing, ...shared.map(({ group }) => ({ group, error: commitsNothing }))],
    silent,
  };
}

const commitsNothing = failure('INVALID_REQUEST', 'It is a share group, which commits no offsets.');
