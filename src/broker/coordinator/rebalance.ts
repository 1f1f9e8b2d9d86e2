import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { answerSync, type ClassicGroup, failedJoin, failedSync } from './classic-group.js';
import { type GroupMember, metadataOf, needsNoHeartbeat, noAssignment } from './group-member.js';
import { groupRecord } from './group-records.js';
import type { GroupShard } from './group-shard.js';
import { joinKey, sessionKey, syncKey } from './group-timers.js';

/*
 * How a generation ends and the next begins: all members join again (or are given up), then the leader assigns.
 * Source: GroupMetadataManager, prepareRebalance to expirePendingSync.
 */

/** Asks all members to join anew. Members hear of it by their heartbeats. */
export function prepareRebalance(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'CompletingRebalance') propagateError(shard, group, errorCode('REBALANCE_IN_PROGRESS'));
  group.pendingSyncs.clear();
  shard.timers.cancel(syncKey(group.groupId));
  const isFirst = group.state === 'Empty';
  group.transitionTo('PreparingRebalance', shard.nowMs);
  if (isFirst) {
    const delayMs = shard.config.value('group.initial.rebalance.delay.ms');
    waitForNewcomers(shard, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0));
  } else if (group.haveAllJoined) completeJoin(shard, group);
  else shard.timers.start(joinKey(group.groupId), group.rebalanceTimeoutMs, () => completeJoin(shard, group));
}

/** As long as more come, within the rebalance timeout, the first rebalance of a group is put off: they come in one generation. */
function waitForNewcomers(shard: GroupShard, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  shard.timers.start(joinKey(group.groupId), delayMs, () => {
    if (!group.hasNewcomer || remainingMs === 0) {
      completeJoin(shard, group);
      return;
    }
    group.hasNewcomer = false;
    const nextMs = Math.min(shard.config.value('group.initial.rebalance.delay.ms'), remainingMs);
    waitForNewcomers(shard, group, nextMs, Math.max(remainingMs - delayMs, 0));
  });
}

/** The group has changed: begins a rebalance, or goes on with the one under way. */
export function rebalanceOrGoOn(shard: GroupShard, group: ClassicGroup): void {
  if (group.canRebalance) prepareRebalance(shard, group);
  else completeJoinIfAllCame(shard, group);
}

export function completeJoinIfAllCame(shard: GroupShard, group: ClassicGroup): void {
  // The first rebalance waits out its delay.
  if (group.state === 'PreparingRebalance' && group.previousState !== 'Empty' && group.haveAllJoined) completeJoin(shard, group);
}

/** All have joined, or had the time to: begins the next generation with those who did, and with static members, who may be restarting. */
function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  const { groupId } = group;
  shard.timers.cancel(joinKey(groupId));
  if (group.state === 'Dead') return;
  for (const { memberId, groupInstanceId, awaitingJoin } of [...group.members.values()]) {
    if (awaitingJoin !== null || groupInstanceId !== null) continue;
    group.remove(memberId);
    shard.timers.cancel(sessionKey(groupId, memberId));
  }
  if (!group.electJoinedLeader() && group.members.size > 0) {
    shard.timers.start(joinKey(groupId), group.rebalanceTimeoutMs, () => completeJoin(shard, group));
    return;
  }
  group.beginGeneration(shard.nowMs);
  if (group.state === 'Empty') {
    rememberEmpty(shard, group);
    return;
  }
  for (const member of group.members.values()) {
    group.answerJoin(member, joinedAs(group, member));
    keepSession(shard, group, member);
    member.isNew = false;
    group.pendingSyncs.add(member.memberId);
  }
  const { generationId } = group;
  shard.timers.start(syncKey(groupId), group.rebalanceTimeoutMs, () => expirePendingSyncs(shard, group, generationId));
}

/** What a member hears when its generation begins; the leader also who is in it. */
export const joinedAs = (group: ClassicGroup, { memberId }: GroupMember, toldMembers = group.leaderId === memberId) => ({
  ...{ errorCode: 0, memberId, generationId: group.generationId },
  ...{ protocolType: group.protocolType, protocolName: group.protocolName, leader: group.leaderId ?? '', skipAssignment: false },
  members: toldMembers
    ? [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        metadata: metadataOf(member, group.protocolName),
      }))
    : [],
});

/** From now on the member has another whole session timeout to be heard of. */
export function keepSession(shard: GroupShard, group: ClassicGroup, member: GroupMember, timeoutMs = member.sessionTimeoutMs): void {
  shard.timers.start(sessionKey(group.groupId, member.memberId), timeoutMs, () => {
    if (group.members.get(member.memberId) !== member || needsNoHeartbeat(member)) return;
    removeMember(shard, group, member);
    if (group.state === 'PreparingRebalance') {
      if (group.haveAllJoined) completeJoin(shard, group);
    } else if (group.state !== 'Empty' && group.state !== 'Dead') rebalanceOrGoOn(shard, group);
  });
}

/** A new id is kept for as long as its owner would be; who doesn't come back with it is waited for no more. */
export function keepPendingJoin(shard: GroupShard, group: ClassicGroup, memberId: string, sessionTimeoutMs: number): void {
  group.pendingJoins.add(memberId);
  shard.timers.start(sessionKey(group.groupId, memberId), sessionTimeoutMs, () => {
    if (!group.pendingJoins.has(memberId)) return;
    group.remove(memberId);
    if (group.state === 'PreparingRebalance' && group.haveAllJoined) completeJoin(shard, group);
  });
}

/** Takes the member out; whether a rebalance follows is the caller's to say. */
export function removeMember(shard: GroupShard, group: ClassicGroup, member: GroupMember): void {
  shard.timers.cancel(sessionKey(group.groupId, member.memberId));
  const code = errorCode('UNKNOWN_MEMBER_ID');
  group.answerJoin(member, failedJoin('', code));
  answerSync(member, failedSync(code));
  group.remove(member.memberId);
}

/** The leader's assignment is committed: every member that asked gets its own. */
export function propagateAssignments(shard: GroupShard, group: ClassicGroup, assignmentOf: (memberId: string) => Uint8Array): void {
  const { protocolType, protocolName } = group;
  for (const member of group.members.values()) {
    member.assignment = assignmentOf(member.memberId);
    const answer = { errorCode: 0, protocolType, protocolName, assignment: member.assignment };
    if (answerSync(member, answer)) keepSession(shard, group, member);
  }
  group.transitionTo('Stable', shard.nowMs);
}

/** No assignment came about. */
export function propagateError(shard: GroupShard, group: ClassicGroup, code: number): void {
  for (const member of group.members.values()) {
    member.assignment = noAssignment;
    if (answerSync(member, failedSync(code))) keepSession(shard, group, member);
  }
}

/** Members that joined but never asked for their assignment are given up. */
function expirePendingSyncs(shard: GroupShard, group: ClassicGroup, generationId: number): void {
  const isLate = group.state === 'CompletingRebalance' || group.state === 'Stable';
  if (group.generationId !== generationId || !isLate || group.pendingSyncs.size === 0) return;
  for (const memberId of [...group.pendingSyncs]) {
    group.remove(memberId);
    shard.timers.cancel(sessionKey(group.groupId, memberId));
  }
  prepareRebalance(shard, group);
}

/** Nobody waits for it: where it is lost, the group's last members are found missing again. */
function rememberEmpty(shard: GroupShard, group: ClassicGroup): void {
  try {
    shard.committed(shard.append([groupRecord(group, () => noAssignment)])).catch(noteLoss);
  } catch (error) {
    noteLoss(error);
  }
  function noteLoss(error: unknown): void {
    if (!(error instanceof KafkaError)) throw error;
    shard.environment.log('debug', `That group ${group.groupId} is empty could not be written: ${error.message}`);
  }
}
