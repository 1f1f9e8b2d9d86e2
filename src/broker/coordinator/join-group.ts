import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { createUuid, uuidToBytes } from '../../model/uuid.js';
import type { JoinGroupRequest } from '../../protocol/messages/join-group.js';
import type { Caller } from '../server/handler.js';
import { type ClassicGroup, failedJoin } from './classic-group.js';
import { type GroupMember, hasProtocols, type JoinAnswer, noAssignment } from './group-member.js';
import { groupRecord, newborn } from './group-records.js';
import type { GroupShard } from './group-shard.js';
import { completeJoinIfAllCame, joinedAs, keepPendingJoin, keepSession, prepareRebalance, rebalanceOrGoOn } from './rebalance.js';

/**
 * A new member that waits in its first JoinGroup is given up after so long, whatever its session timeout. Kafka's newMemberJoinTimeoutMs.
 */
const NEW_MEMBER_TIMEOUT_MS = 5 * 60_000;

export interface Joining {
  readonly request: JoinGroupRequest;
  readonly caller: Pick<Caller, 'apiVersion' | 'clientId' | 'address'>;
  /** Answers the request; only the first answer counts. */
  readonly answer: (answer: JoinAnswer) => void;
}

/**
 * A member joins, or joins again. The answer comes when the generation begins, or at once where nothing changes by it. Throws KafkaError
 * where the answer is no more than an error. Source: GroupMetadataManager.classicGroupJoin.
 */
export function joinGroup(shard: GroupShard, joining: Joining): void {
  const { request } = joining;
  const { groupId, memberId } = request;
  const refuse = (code: Parameters<typeof errorCode>[0], id = memberId): void => joining.answer(failedJoin(id, errorCode(code)));
  const known = shard.groups.get(groupId);
  if (known === undefined) {
    if (memberId !== '') refuse('UNKNOWN_MEMBER_ID');
    else joinNewGroup(shard, joining);
    return;
  }
  if (!hasRoom(shard, known, memberId)) {
    known.remove(memberId);
    refuse('GROUP_MAX_SIZE_REACHED', '');
  } else if (!known.supports(request.protocolType, request.protocols)) refuse('INCONSISTENT_GROUP_PROTOCOL');
  else if (memberId === '') joinAsNew(shard, known, joining);
  else if (known.pendingJoins.has(memberId)) addMember(shard, known, memberId, joining);
  else joinAgain(shard, known, joining);
}

function joinNewGroup(shard: GroupShard, joining: Joining): void {
  const { groupId, protocolType, protocols } = joining.request;
  // Where nothing can be written, nobody is let in.
  const endOffset = shard.append([newborn(groupId, shard.nowMs)]);
  const group = shard.ensureGroup(groupId);
  shard.committed(endOffset).catch((error: unknown) => {
    if (!(error instanceof KafkaError)) throw error;
    joining.answer(failedJoin('', error.errorCode));
  });
  if (group.supports(protocolType, protocols)) joinAsNew(shard, group, joining);
  else joining.answer(failedJoin('', errorCode('INCONSISTENT_GROUP_PROTOCOL')));
}

/** Whether group.max.size lets it in. While all join again it is those who have come back that count. */
function hasRoom(shard: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const maxSize = shard.config.value('group.max.size');
  const member = group.members.get(memberId);
  if (group.state === 'PreparingRebalance') return (member?.awaitingJoin ?? null) !== null || group.awaitingJoins < maxSize;
  return group.state === 'Empty' || member !== undefined || group.members.size < maxSize;
}

function joinAsNew(shard: GroupShard, group: ClassicGroup, joining: Joining): void {
  const { groupInstanceId, sessionTimeoutMs } = joining.request;
  const { apiVersion, clientId } = joining.caller;
  const memberId = `${groupInstanceId ?? clientId ?? ''}-${randomId(shard)}`;
  if (groupInstanceId !== null) {
    const current = group.staticMemberId(groupInstanceId);
    if (current === null) addMember(shard, group, memberId, joining);
    else replaceMember(shard, group, current, memberId, joining);
  } else if (apiVersion < 4) addMember(shard, group, memberId, joining);
  else {
    keepPendingJoin(shard, group, memberId, sessionTimeoutMs);
    joining.answer(failedJoin(memberId, errorCode('MEMBER_ID_REQUIRED')));
  }
}

/** Java's UUID.randomUUID, as clients see it at the end of member ids. */
function randomId(shard: GroupShard): string {
  const hex = Buffer.from(uuidToBytes(createUuid(shard.environment.random.bytes))).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function addMember(shard: GroupShard, group: ClassicGroup, memberId: string, { request, caller, answer }: Joining): void {
  const { groupInstanceId, protocolType, protocols, sessionTimeoutMs } = request;
  const member: GroupMember = {
    ...{ memberId, groupInstanceId, protocolType, protocols, sessionTimeoutMs },
    clientId: caller.clientId ?? '',
    clientHost: `/${caller.address.host}`,
    rebalanceTimeoutMs: rebalanceTimeoutOf(request),
    assignment: noAssignment,
    ...{ awaitingJoin: null, awaitingSync: null, isNew: true },
  };
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.hasNewcomer = true;
  group.add(member, answer);
  keepSession(shard, group, member, NEW_MEMBER_TIMEOUT_MS);
  rebalanceOrGoOn(shard, group);
}

/** Version 0 has none. */
const rebalanceTimeoutOf = ({ rebalanceTimeoutMs, sessionTimeoutMs }: JoinGroupRequest): number =>
  rebalanceTimeoutMs === -1 ? sessionTimeoutMs : rebalanceTimeoutMs;

function joinAgain(shard: GroupShard, group: ClassicGroup, joining: Joining): void {
  const { request, answer } = joining;
  let member: GroupMember;
  try {
    member = group.member(request);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    answer(failedJoin(request.memberId, error.errorCode));
    return;
  }
  const isSame = hasProtocols(member, request.protocols);
  // The leader that joins a stable group wants to assign anew.
  const isLeaderOfStable = group.state === 'Stable' && group.leaderId === member.memberId;
  if (group.state === 'Empty' || group.state === 'Dead') answer(failedJoin(request.memberId, errorCode('UNKNOWN_MEMBER_ID')));
  else if (group.state !== 'PreparingRebalance' && isSame && !isLeaderOfStable) {
    // Its first answer was lost.
    answer(joinedAs(group, member, group.state === 'CompletingRebalance' && group.leaderId === member.memberId));
  } else {
    update(group, member, joining);
    rebalanceOrGoOn(shard, group);
  }
}

function update(group: ClassicGroup, member: GroupMember, { request, answer }: Joining): void {
  const { protocols, sessionTimeoutMs } = request;
  group.update(member, { protocols, sessionTimeoutMs, rebalanceTimeoutMs: rebalanceTimeoutOf(request) });
  group.awaitJoin(member, answer);
}

/** A static member has restarted: where all else stays as it was, nobody notices (KIP-345). */
function replaceMember(shard: GroupShard, group: ClassicGroup, oldMemberId: string, memberId: string, joining: Joining): void {
  const { groupInstanceId } = joining.request;
  if (groupInstanceId === null) throw new Error('a member without an instance id is not replaced');
  const formerLeader = group.leaderId ?? '';
  const member = group.replaceStaticMember(groupInstanceId, oldMemberId, memberId);
  const former = { ...member };
  update(group, member, joining);
  keepSession(shard, group, member);
  if (group.state === 'CompletingRebalance') prepareRebalance(shard, group);
  else if (group.state !== 'Stable') completeJoinIfAllCame(shard, group);
  else if (group.selectProtocol() !== group.protocolName) rebalanceOrGoOn(shard, group);
  else {
    const giveBack = (error: unknown): void => {
      if (!(error instanceof KafkaError)) throw error;
      if (group.members.get(memberId) !== member) return;
      group.update(member, former);
      group.answerJoin(member, { ...joinedAs(group, member, false), memberId: '', leader: formerLeader, errorCode: error.errorCode });
      keepSession(shard, group, group.replaceStaticMember(groupInstanceId, memberId, oldMemberId));
    };
    try {
      const written = shard.append([groupRecord(group, (id) => group.members.get(id)?.assignment ?? noAssignment)]);
      shard.committed(written).then(() => welcomeBack(group, member, formerLeader, joining.caller.apiVersion), giveBack);
    } catch (error) {
      giveBack(error);
    }
  }
}

function welcomeBack(group: ClassicGroup, member: GroupMember, formerLeader: string, apiVersion: number): void {
  if (member.awaitingJoin === null || group.state !== 'Stable') return;
  const isLeader = group.leaderId === member.memberId;
  // KIP-814: a leader that may not skip the assignment must not learn that it leads, or it would assign anew.
  const answer = apiVersion >= 9 ? { skipAssignment: isLeader } : { leader: formerLeader };
  group.answerJoin(member, { ...joinedAs(group, member, apiVersion >= 9 && isLeader), ...answer });
}
