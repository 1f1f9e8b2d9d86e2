import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type DescribeGroupsResponseInput, describeGroups } from '../../protocol/messages/describe-groups.js';
import type { ClassicGroup } from '../coordinator/classic-group.js';
import { metadataOf, noAssignment } from '../coordinator/group-member.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { allGroupOperations, OPERATIONS_NOT_ASKED } from './authorized-operations.js';

type DescribedGroup = DescribeGroupsResponseInput['groups'][number];

/**
 * DescribeGroups: state and members; the metadata of members only of a stable group.
 *
 * - 3: authorized operations; 4: static members; 6: an unknown group is GROUP_ID_NOT_FOUND (KIP-1043), before it is Dead.
 */
export const describeGroupsHandler = handler<BrokerContext>()({
  api: describeGroups,
  handle: ({ groups }, request, { apiVersion }) => {
    const operations = request.includeAuthorizedOperations ? allGroupOperations : OPERATIONS_NOT_ASKED;
    const describe = (groupId: string): DescribedGroup => {
      try {
        const group = groups.shardOf(groupId).groups.get(groupId);
        if (group === undefined && apiVersion >= 6) return unknown(groupId);
        return {
          ...(group === undefined ? { ...nothing(groupId), groupState: 'Dead' } : described(group)),
          authorizedOperations: operations,
        };
      } catch (error) {
        if (error instanceof KafkaError) return { ...nothing(groupId), errorCode: error.errorCode };
        throw error;
      }
    };
    return { throttleTimeMs: 0, groups: request.groups.map(describe) };
  },
});

const nothing = (groupId: string) => ({
  ...{ groupId, errorCode: 0, errorMessage: null, groupState: '', protocolType: '', protocolData: '', members: [] },
  authorizedOperations: OPERATIONS_NOT_ASKED,
});

const unknown = (groupId: string): DescribedGroup => ({
  ...nothing(groupId),
  groupState: 'Dead',
  errorCode: errorCode('GROUP_ID_NOT_FOUND'),
  errorMessage: `Group ${groupId} not found.`,
});

function described(group: ClassicGroup): DescribedGroup {
  const { groupId, state, protocolType, protocolName, members } = group;
  const isStable = state === 'Stable';
  return {
    ...nothing(groupId),
    groupState: state,
    protocolType: protocolType ?? '',
    protocolData: isStable ? (protocolName ?? '') : '',
    members: [...members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataOf(member, protocolName) : noAssignment,
      memberAssignment: member.assignment,
    })),
  };
}
