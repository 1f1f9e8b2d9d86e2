import type { Client } from '../client/client.js';
import { failure } from '../model/error-code.js';
import { ProtocolError } from '../model/errors.js';
import { groupBy } from '../model/group-by.js';
import { assignedPartitions } from '../protocol/consumer-protocol.js';
import { type ConsumerGroupDescribeResponse, consumerGroupDescribe } from '../protocol/messages/consumer-group-describe.js';
import { type DescribeGroupsResponse, describeGroups as describeGroupsApi } from '../protocol/messages/describe-groups.js';
import { type ShareGroupDescribeResponse, shareGroupDescribe } from '../protocol/messages/share-group-describe.js';
import { type StreamsGroupDescribeResponse, streamsGroupDescribe } from '../protocol/messages/streams-group-describe.js';
import { factsIn, failureIn, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { type AskCoordinator, askCoordinators, type GroupKey } from './coordinators.js';
import type { GroupType } from './groups.js';

export interface GroupDescription {
  readonly type: GroupType;
  /** Kafka's name, such as Stable or Empty. */
  readonly state: string;
  readonly coordinator: number;
  /** How partitions are assigned, such as range; null where there are no members. */
  readonly assignor: string | null;
  /** Null of classic groups, whose generation Kafka does not tell. */
  readonly groupEpoch: number | null;
  readonly members: readonly GroupMember[];
}
export interface GroupMember {
  readonly memberId: string;
  /** Of static members (KIP-345). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  /** Null of classic groups. */
  readonly memberEpoch: number | null;
  /** Null where the members are no consumers, and so only they know what they were given. */
  readonly assignment: Assignment | null;
  /** What the coordinator has decided that the member shall have, not yet taken over while the group rebalances; of consumer and streams groups. */
  readonly targetAssignment: Assignment | null;
}
/** By topic and rising partition. */
export type Assignment = readonly { readonly topic: string; readonly partitions: readonly number[] }[];
export type DescribedGroup = Learned<{ readonly group: string }, GroupDescription>;

/** `type` says how to ask; null or left out where that is to be found out. */
export interface GroupToDescribe extends GroupKey {
  readonly type?: GroupType | null;
}

const unknown = { type: null, state: null, coordinator: null, assignor: null, groupEpoch: null, members: null } as const;
const failed = (group: string, error: NonNullable<DescribedGroup['error']>): DescribedGroup => ({ group, ...unknown, error });

/**
 * State and members of groups, in their order. A group that is not there is a row with GROUP_ID_NOT_FOUND. Kafka 2.4 to 4.3; types
 * that a broker does not know it has no groups of.
 */
export async function describeGroups(
  client: Client,
  groups: readonly GroupToDescribe[],
  options: CallOptions = {},
): Promise<readonly DescribedGroup[]> {
  const parts = await Promise.all(
    [...groupBy(groups, ({ type }) => type ?? 'classic')].map(([type, members]) => describeAs(client, type, members, options)),
  );
  const rows = new Map(parts.flat().map((row) => [row.group, row]));
  // Of a group without a type classic is the guess: consumer groups are not found so.
  const missing = groups.filter(({ group, type }) => type == null && rows.get(group)?.error?.code === 'GROUP_ID_NOT_FOUND');
  for (const row of missing.length === 0 ? [] : await describeAs(client, 'consumer', missing, options)) {
    if (row.error?.code !== 'UNSUPPORTED_VERSION') rows.set(row.group, row);
  }
  return groups.map(({ group }) => rows.get(group)!);
}

const describeAs = (client: Client, type: GroupType, groups: readonly GroupKey[], options: CallOptions) =>
  askCoordinators(client, groups, askOf[type](client, options), failed, options);

const askOf: Readonly<Record<GroupType, (client: Client, options: CallOptions) => AskCoordinator<DescribedGroup>>> = {
  classic: (client, options) => async (broker, names, patience) => {
    const { groups } = await client.request(
      describeGroupsApi,
      { groups: names },
      { to: { broker }, failure: (answer) => patience(answer.groups), ...options },
    );
    const answers = new Map(groups.map((answer) => [answer.groupId, answer]));
    return names.map((group) => classicGroup(group, broker, answers.get(group)));
  },
  consumer: (client, options) => async (broker, names, patience) => {
    const body = { groupIds: names, includeAuthorizedOperations: false };
    const { groups } = await client.request(consumerGroupDescribe, body, {
      to: { broker },
      failure: (answer) => patience(answer.groups),
      ...options,
    });
    return rowsOf(names, groups, (answer) => ({ type: 'consumer', coordinator: broker, ...epochGroup(answer) }));
  },
  share: (client, options) => async (broker, names, patience) => {
    const body = { groupIds: names, includeAuthorizedOperations: false };
    const { groups } = await client.request(shareGroupDescribe, body, {
      to: { broker },
      failure: (answer) => patience(answer.groups),
      ...options,
    });
    return rowsOf(names, groups, (answer) => ({ type: 'share', coordinator: broker, ...epochGroup(answer) }));
  },
  streams: (client, options) => async (broker, names, patience) => {
    const body = { groupIds: names, includeAuthorizedOperations: false };
    const { groups } = await client.request(streamsGroupDescribe, body, {
      to: { broker },
      failure: (answer) => patience(answer.groups),
      ...options,
    });
    return rowsOf(names, groups, (answer) => ({ type: 'streams', coordinator: broker, ...streamsGroup(answer) }));
  },
};

/** A row for each name, in their order. */
function rowsOf<Answer extends { readonly groupId: string; readonly errorCode: number; readonly errorMessage: string | null }>(
  names: readonly string[],
  answers: readonly Answer[],
  describe: (answer: Answer) => GroupDescription,
): readonly DescribedGroup[] {
  const answerOf = new Map(answers.map((answer) => [answer.groupId, answer]));
  return names.map((group) => ({ group, ...factsIn(answerOf.get(group), describe, unknown) }));
}

/** Assignors give partitions in an order of their own. */
const inOrder = (assignment: Assignment): Assignment =>
  assignment
    .map(({ topic, partitions }) => ({ topic, partitions: [...partitions].sort((a, b) => a - b) }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));

type ClassicAnswer = DescribeGroupsResponse['groups'][number];

function classicGroup(group: string, broker: number, answer: ClassicAnswer | undefined): DescribedGroup {
  const error = failureIn(answer);
  if (answer === undefined || error !== null) return failed(group, error ?? failure('UNKNOWN_SERVER_ERROR'));
  if (answer.groupState === 'Dead') return failed(group, failure('GROUP_ID_NOT_FOUND', `Group ${group} not found.`));
  try {
    return {
      group,
      type: 'classic',
      state: answer.groupState,
      coordinator: broker,
      assignor: answer.protocolData || null,
      groupEpoch: null,
      members: answer.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        host: member.clientHost,
        memberEpoch: null,
        assignment: answer.protocolType === 'consumer' ? inOrder(assignedPartitions(member.memberAssignment)) : null,
        targetAssignment: null,
      })),
      error: null,
    };
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    return failed(group, failure('INCONSISTENT_GROUP_PROTOCOL', `Its assignments cannot be read: ${cause.message}`));
  }
}

type EpochAnswer = ConsumerGroupDescribeResponse['groups'][number] | ShareGroupDescribeResponse['groups'][number];

const epochGroup = (answer: EpochAnswer) => ({
  state: answer.groupState,
  assignor: answer.assignorName || null,
  groupEpoch: answer.groupEpoch,
  members: answer.members.map((member) => ({
    memberId: member.memberId,
    instanceId: 'instanceId' in member ? member.instanceId : null,
    clientId: member.clientId,
    host: member.clientHost,
    memberEpoch: member.memberEpoch,
    assignment: partitionsIn(member.assignment),
    targetAssignment: 'targetAssignment' in member ? partitionsIn(member.targetAssignment) : null,
  })),
});

const partitionsIn = ({ topicPartitions }: EpochAnswer['members'][number]['assignment']): Assignment =>
  inOrder(topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions })));

type StreamsAnswer = StreamsGroupDescribeResponse['groups'][number];

/** A streams task is a partition of each of its subtopology's source topics. */
function streamsGroup({ groupState, groupEpoch, topology, members }: StreamsAnswer) {
  const subtopologies = topology?.subtopologies ?? [];
  const sourcesOf = new Map(
    subtopologies.map((each) => [each.subtopologyId, [...each.sourceTopics, ...each.repartitionSourceTopics.map(({ name }) => name)]]),
  );
  const sourcePartitions = (tasks: readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[]): Assignment =>
    inOrder(tasks.flatMap(({ subtopologyId, partitions }) => (sourcesOf.get(subtopologyId) ?? []).map((topic) => ({ topic, partitions }))));
  return {
    state: groupState,
    assignor: null,
    groupEpoch,
    members: members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      host: member.clientHost,
      memberEpoch: member.memberEpoch,
      assignment: sourcePartitions(member.assignment.activeTasks),
      targetAssignment: sourcePartitions(member.targetAssignment.activeTasks),
    })),
  };
}
