import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { ClassicGroup, MemberIdentity } from './classic-group.js';
import type { GroupShard } from './group-shard.js';
import { sessionKey } from './group-timers.js';
import { completeJoinIfAllCame, rebalanceOrGoOn, removeMember } from './rebalance.js';

export interface Left extends MemberIdentity {
  readonly errorCode: number;
}

/** Takes members out, each with what became of it; the others rebalance once. Source: GroupMetadataManager.classicGroupLeave. */
export function leaveGroup(shard: GroupShard, groupId: string, leaving: readonly MemberIdentity[]): readonly Left[] {
  const group = shard.groups.get(groupId);
  const left = leaving.map((identity) => ({
    ...{ memberId: identity.memberId, groupInstanceId: identity.groupInstanceId },
    errorCode: group === undefined ? errorCode('UNKNOWN_MEMBER_ID') : leave(shard, group, identity),
  }));
  if (group !== undefined && left.some((one) => one.errorCode === 0)) {
    if (group.state === 'Stable' || group.state === 'CompletingRebalance') rebalanceOrGoOn(shard, group);
    else completeJoinIfAllCame(shard, group);
  }
  return left;
}

function leave(shard: GroupShard, group: ClassicGroup, { memberId, groupInstanceId }: MemberIdentity): number {
  if (memberId !== '' && group.pendingJoins.has(memberId)) {
    group.remove(memberId);
    shard.timers.cancel(sessionKey(group.groupId, memberId));
    return 0;
  }
  try {
    // An administrator knows a static member by its instance alone.
    const id = memberId === '' && groupInstanceId !== null ? (group.staticMemberId(groupInstanceId) ?? '') : memberId;
    removeMember(shard, group, group.member({ memberId: id, groupInstanceId }));
    return 0;
  } catch (error) {
    if (error instanceof KafkaError) return error.errorCode;
    throw error;
  }
}
