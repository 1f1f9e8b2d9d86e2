import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import type { KafkaFailure } from '../model/outcome.js';
import { deleteGroups as deleteGroupsApi } from '../protocol/messages/delete-groups.js';
import { leaveGroup } from '../protocol/messages/leave-group.js';
import { listGroups as listGroupsApi } from '../protocol/messages/list-groups.js';
import { failureIn, failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { askCoordinators, type GroupKey } from './coordinators.js';
import { listPartitions } from './partitions.js';

/** As Kafka calls them; groups of before Kafka 3.7 are all classic. */
export type GroupType = 'classic' | 'consumer' | 'share' | 'streams';

export interface GroupListing {
  readonly type: GroupType;
  /** Kafka's name, such as Stable or Empty; null before Kafka 2.6, where `describeGroups` tells it. */
  readonly state: string | null;
  /** `consumer`, or what other programs that form groups call theirs, such as `connect`; '' of a group that holds offsets alone. */
  readonly protocolType: string;
  /** The broker that says so. */
  readonly coordinator: number;
}
/**
 * Group and all facts but the coordinator are null of a broker that did not answer; the coordinator too of groups that have none, as
 * nobody leads the partition that they are kept in.
 */
export type ListedGroup =
  | (GroupListing & { readonly group: string; readonly error: null })
  | {
      readonly group: null;
      readonly type: null;
      readonly state: null;
      readonly protocolType: null;
      readonly coordinator: number | null;
      readonly error: KafkaFailure;
    };

export interface ListGroupsOptions extends CallOptions {
  /** Kafka's names, such as Stable; of all states if left out. */
  readonly states?: readonly string[];
  readonly types?: readonly GroupType[];
}

/** What Kafka keeps groups in: who leads a partition of it coordinates the groups there. */
const OFFSETS_TOPIC = '__consumer_offsets';

/**
 * The groups, by name, from every broker at once. A broker that did not answer is a row with its error, after all others, and so are the
 * groups that have no coordinator at the moment: the brokers pass over them without a word.
 */
export async function listGroups(
  client: Client,
  { states = [], types = [], ...options }: ListGroupsOptions = {},
): Promise<readonly ListedGroup[]> {
  // The answer tells the brokers too.
  const places = await listPartitions(client, [OFFSETS_TOPIC], { includeElr: false, ...options });
  const { brokers } = await client.metadata(options);
  const rows = await Promise.all(
    brokers.map(async ({ broker }): Promise<readonly ListedGroup[]> => {
      try {
        const { groups } = await client.request(
          listGroupsApi,
          ({ version }) => ({ statesFilter: version >= 4 ? states : [], typesFilter: version >= 5 ? types : [] }),
          { to: { broker }, failure: (answer) => answer, ...options },
        );
        return groups.map(({ groupId, protocolType, groupState, groupType }) => ({
          group: groupId,
          type: (groupType || 'classic').toLowerCase() as GroupType,
          state: groupState || null,
          protocolType,
          coordinator: broker,
          error: null,
        }));
      } catch (error) {
        return [{ ...unknownGroup, coordinator: broker, error: failureOfRequest(error) }];
      }
    }),
  );
  const isWanted = ({ type, state, error }: ListedGroup) =>
    error !== null ||
    ((types.length === 0 || types.includes(type)) &&
      (states.length === 0 || state === null || states.some((wanted) => wanted.toLowerCase() === state.toLowerCase())));
  // A group whose coordinator moves at this moment may be listed by the old one and by the new one.
  const byName = new Map(
    rows
      .flat()
      .filter(isWanted)
      .map((row) => [row.group ?? row.coordinator, row]),
  );
  return [...byName.values()].sort(byGroup).concat(withoutCoordinator(places));
}

const unknownGroup = { group: null, type: null, state: null, protocolType: null } as const;

function withoutCoordinator(places: Awaited<ReturnType<typeof listPartitions>>): readonly ListedGroup[] {
  const leaderless = places.filter(({ leader }) => leader === -1);
  if (leaderless.length === 0) return [];
  const which = `${leaderless.length} of ${places.length} partitions of ${OFFSETS_TOPIC}`;
  const error = failure('COORDINATOR_NOT_AVAILABLE', `Nobody leads ${which}, so the groups that are kept there are not known.`);
  return [{ ...unknownGroup, coordinator: null, error }];
}

const byGroup = (a: ListedGroup, b: ListedGroup): number => {
  if (a.group === null || b.group === null)
    return a.group === b.group ? (a.coordinator ?? 0) - (b.coordinator ?? 0) : a.group === null ? 1 : -1;
  return a.group < b.group ? -1 : a.group > b.group ? 1 : 0;
};

/** Deletes groups without members, with their offsets (KIP-229). One result each, in their order. */
export async function deleteGroups(
  client: Client,
  groups: readonly GroupKey[],
  options: CallOptions = {},
): Promise<readonly Learned<{ readonly group: string }, object>[]> {
  return askCoordinators(
    client,
    groups,
    async (broker, names, patience) => {
      const { results } = await client.request(
        deleteGroupsApi,
        { groupsNames: names },
        { to: { broker }, failure: (answer) => patience(answer.results), ...options },
      );
      const answers = new Map(results.map((result) => [result.groupId, result]));
      return names.map((group) => ({ group, error: failureIn(answers.get(group)) }));
    },
    (group, error) => ({ group, error }),
    options,
  );
}

/** A member by its id, or by its instance id where it is static. */
export type MemberKey = { readonly memberId: string } | { readonly instanceId: string };

/** Takes members out of a classic group, as if they had left (KIP-345). One result each, in their order. Kafka 2.4 and later. */
export async function removeGroupMembers(
  client: Client,
  group: GroupKey,
  members: readonly MemberKey[],
  { reason, ...options }: CallOptions & { readonly reason?: string } = {},
): Promise<readonly { readonly member: MemberKey; readonly error: KafkaFailure | null }[]> {
  const [row] = await askCoordinators(
    client,
    [group],
    async (broker, [groupId = ''], patience) => {
      const answer = await client.request(
        leaveGroup,
        {
          groupId,
          members: members.map((member) => ({
            memberId: 'memberId' in member ? member.memberId : '',
            groupInstanceId: 'instanceId' in member ? member.instanceId : null,
            reason: reason ?? null,
          })),
        },
        { to: { broker }, failure: (response) => patience([response]), ...options },
      );
      return [{ group: groupId, error: failureIn(answer), answers: answer.members }];
    },
    (name, error) => ({ group: name, error, answers: [] }),
    options,
  );
  const { error, answers } = row!;
  return members.map((member, index) => ({ member, error: error ?? failureIn(answers[index]) }));
}

/** Of groups that are named and that no broker lists. */
export const noSuchGroup = (group: string): KafkaFailure => failure('GROUP_ID_NOT_FOUND', `Group ${group} is not there.`);
