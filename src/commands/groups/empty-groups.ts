import type { AdminClient } from '../../admin/admin-client.js';
import type { GroupMember } from '../../admin/describe-groups.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { SelectedGroup } from './selection.js';

/** Why a group's offsets cannot be changed from outside, by group; groups that have no members are not in it. */
export async function whyNotEmpty(
  admin: AdminClient,
  groups: readonly SelectedGroup[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KafkaFailure>> {
  const described = await admin.describeGroups(
    groups.filter(({ state }) => state !== 'Empty'),
    { signal },
  );
  return new Map(
    described.flatMap(({ group, members, error }): readonly (readonly [string, KafkaFailure])[] => {
      if (error !== null) return [[group, error]];
      if (members.length === 0) return [];
      const what = members.length === 1 ? '1 member' : `${members.length} members`;
      return [[group, failure('NON_EMPTY_GROUP', `The group has ${what}, to be stopped first: ${members.map(memberText).join(', ')}.`)]];
    }),
  );
}

/** How a member is named to whoever is to stop it. */
export const memberText = ({ memberId, clientId, host }: GroupMember): string => `${memberId} (${clientId} at ${host.replace(/^\//, '')})`;
