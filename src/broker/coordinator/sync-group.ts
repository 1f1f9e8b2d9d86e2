import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { HeartbeatRequest } from '../../protocol/messages/heartbeat.js';
import type { SyncGroupRequest } from '../../protocol/messages/sync-group.js';
import { type ClassicGroup, failedSync } from './classic-group.js';
import { noAssignment, type SyncAnswer } from './group-member.js';
import { groupRecord } from './group-records.js';
import type { GroupShard } from './group-shard.js';
import { syncKey } from './group-timers.js';
import { keepSession, propagateAssignments, propagateError, rebalanceOrGoOn } from './rebalance.js';

/**
 * A member asks for its assignment; the leader brings those of all. The answers come when the assignment is committed. Throws KafkaError.
 * Source: GroupMetadataManager.classicGroupSync.
 */
export function syncGroup(shard: GroupShard, request: SyncGroupRequest, answer: (answer: SyncAnswer) => void): void {
  const group = shard.groups.get(request.groupId);
  if (group === undefined || group.state === 'Empty') throw new KafkaError('UNKNOWN_MEMBER_ID');
  const member = group.member(request);
  if (request.generationId !== group.generationId) throw new KafkaError('ILLEGAL_GENERATION');
  const { protocolType, protocolName } = group;
  if (differ(request.protocolType, protocolType) || differ(request.protocolName, protocolName)) {
    throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
  }
  if (group.state === 'PreparingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
  group.pendingSyncs.delete(member.memberId);
  if (group.pendingSyncs.size === 0) shard.timers.cancel(syncKey(group.groupId));
  if (group.state === 'Stable') {
    answer({ errorCode: 0, protocolType, protocolName, assignment: member.assignment });
    return;
  }
  // Asked twice: the first has been given up.
  member.awaitingSync?.(failedSync(errorCode('REBALANCE_IN_PROGRESS')));
  member.awaitingSync = answer;
  if (group.leaderId === member.memberId) assign(shard, group, request.assignments);
}

const differ = (said: string | null, known: string | null): boolean => said !== null && known !== null && said !== known;

function assign(shard: GroupShard, group: ClassicGroup, assignments: SyncGroupRequest['assignments']): void {
  const byMember = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  const assignmentOf = (memberId: string): Uint8Array => byMember.get(memberId) ?? noAssignment;
  const { generationId } = group;
  // While it was on its way to the other replicas a member may have come or gone, and another generation begun.
  const isStill = (): boolean => group.state === 'CompletingRebalance' && group.generationId === generationId && !shard.isClosed;
  const fail = (error: unknown): void => {
    if (!(error instanceof KafkaError)) throw error;
    if (!isStill()) return;
    propagateError(shard, group, error.errorCode);
    rebalanceOrGoOn(shard, group);
  };
  try {
    shard.committed(shard.append([groupRecord(group, assignmentOf)])).then(() => {
      if (isStill()) propagateAssignments(shard, group, assignmentOf);
    }, fail);
  } catch (error) {
    fail(error);
  }
}

/**
 * A member is alive. Throws KafkaError REBALANCE_IN_PROGRESS, by which it hears that it must join anew, and for who is no member any more.
 */
export function heartbeat(shard: GroupShard, request: HeartbeatRequest): void {
  const group = shard.groups.get(request.groupId);
  if (group === undefined) throw new KafkaError('UNKNOWN_MEMBER_ID');
  const member = group.member(request);
  if (request.generationId !== group.generationId) throw new KafkaError('ILLEGAL_GENERATION');
  keepSession(shard, group, member);
  if (group.state === 'PreparingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS');
}
