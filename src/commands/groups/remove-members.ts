import type { GroupMember } from '../../admin/describe-groups.js';
import { noSuchGroup } from '../../admin/groups.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { selectGroups } from './selection.js';

interface RemoveOptions {
  readonly group: string;
  /** Null for all. */
  readonly members: readonly string[] | null;
  readonly instances: readonly string[];
  readonly reason: string | undefined;
}
interface Row {
  readonly group: string;
  /** Null where there is no such member. */
  readonly memberId: string | null;
  /** Of static members. */
  readonly instanceId: string | null;
  readonly clientId: string | null;
  readonly host: string | null;
}

export const removeMembers = change({
  needs: 'cluster',
  summary: 'Take members out of a classic group',
  details:
    'What they were assigned goes to the others. A member that is alive joins again, a static one too. Kafka takes members out of classic groups alone.',
  arguments: [{ name: 'group', describe: 'the name of the group', required: true, names: 'groups' }],
  options: {
    member: { type: 'list', value: 'ID', describe: 'a member id, as groups describe shows it; repeatable' },
    instance: { type: 'list', value: 'ID', describe: 'the instance id of a static member; repeatable' },
    all: { type: 'boolean', selects: true, describe: 'every member' },
    reason: { type: 'string', value: 'TEXT', describe: "what the broker's log shall say of it" },
  },
  examples: [
    'kafka-ts groups remove-members billing --instance worker-3',
    'kafka-ts groups remove-members billing --all --reason maintenance --yes',
  ],
  parse: ([group = ''], { member, instance, all, reason }): RemoveOptions => {
    const named = member.length + instance.length > 0;
    if (all === named)
      throw new UsageError(all ? 'pass --all or name members, not both' : 'name members by --member or --instance, or pass --all');
    return { group, members: all ? null : member, instances: instance, reason };
  },
  plan: async ({ admin }, { group, members: wanted, instances }, run): Promise<readonly Outcome<Row>[]> => {
    const { groups, missing } = await selectGroups(admin, { kind: 'named', names: [group] }, run);
    const [described] = await admin.describeGroups(groups, { signal: run.signal });
    const failed = (error: KafkaFailure, key: Partial<Row> = {}): Outcome<Row> => ({ group, ...unknown, ...key, outcome: 'failed', error });
    if (described === undefined) return [failed(missing[0]?.error ?? noSuchGroup(group))];
    if (described.error !== null) return [failed(described.error)];
    if (described.type !== 'classic')
      return [failed(failure('UNSUPPORTED_VERSION', `It is a ${described.type} group: Kafka removes members of classic groups alone.`))];
    if (wanted === null) {
      if (described.members.length === 0) run.note('kafka-ts: nothing to do: the group has no members');
      return described.members.map((member) => planned(group, member));
    }
    const find = (key: 'memberId' | 'instanceId', id: string): Outcome<Row> => {
      const member = described.members.find((each) => each[key] === id);
      return member ? planned(group, member) : failed(failure('UNKNOWN_MEMBER_ID', 'The group has no such member.'), { [key]: id });
    };
    const rows = [...wanted.map((id) => find('memberId', id)), ...instances.map((id) => find('instanceId', id))];
    return [...new Map(rows.map((row) => [nameOf(row), row])).values()];
  },
  danger: () => 'moderate',
  subject: ({ group }) => group,
  async *apply({ admin }, rows, { group, reason }) {
    // No signal: a request that is on its way may remove them all the same, so its answer is waited for.
    const results = await admin.removeGroupMembers(
      { group },
      rows.map(({ memberId, instanceId }) => (instanceId === null ? { memberId: memberId ?? '' } : { instanceId })),
      { ...(reason !== undefined && { reason }) },
    );
    for (const [index, row] of rows.entries()) {
      const error = results[index]?.error ?? null;
      yield { ...row, outcome: error === null ? 'done' : 'failed', error };
    }
  },
  view: {
    name: (row) => nameOf(row),
    columns: [
      { head: 'GROUP', cell: ({ group }) => group },
      { head: 'MEMBER', cell: ({ memberId }) => memberId ?? '' },
      { head: 'INSTANCE', cell: ({ instanceId }) => instanceId ?? '', optional: true },
      { head: 'CLIENT', cell: ({ clientId }) => clientId ?? '' },
      { head: 'HOST', cell: ({ host }) => host ?? '' },
    ],
  },
});

const unknown = { memberId: null, instanceId: null, clientId: null, host: null } as const;
const nameOf = ({ group, memberId, instanceId }: Row): string => memberId ?? instanceId ?? group;
const planned = (group: string, { memberId, instanceId, clientId, host }: GroupMember): Outcome<Row> => ({
  group,
  memberId,
  instanceId,
  clientId,
  host,
  outcome: 'planned',
  error: null,
});
