import { encodeCoordinatorRecord, type GroupRecord } from '../../protocol/coordinator-records/coordinator-record.js';
import { type GroupMetadataValue, groupMetadata } from '../../protocol/coordinator-records/group-metadata.js';
import { type OffsetCommitValue, offsetCommit } from '../../protocol/coordinator-records/offset-commit.js';
import { ClassicGroup } from './classic-group.js';
import type { CommittedOffset } from './committed-offsets.js';
import { metadataOf } from './group-member.js';

/** A record to be written, with its bytes. */
export interface NewRecord {
  readonly record: GroupRecord;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** As Kafka 4.3 writes them; 1 is the only version of a commit that has a time of its own to expire. */
const GROUP_VERSION = 3;
const OFFSET_VERSION = 4;
const EXPIRING_OFFSET_VERSION = 1;

export function offsetRecord(group: string, topic: string, partition: number, committed: CommittedOffset | null): NewRecord {
  const key = { group, topic, partition };
  const value = committed === null ? null : offsetValue(committed);
  const version = committed?.expireTimestampMs == null ? OFFSET_VERSION : EXPIRING_OFFSET_VERSION;
  return { record: { type: 'OffsetCommit', key, value }, ...encodeCoordinatorRecord(offsetCommit, version, key, value) };
}
const offsetValue = ({ offset, leaderEpoch, metadata, ...times }: CommittedOffset): OffsetCommitValue => ({
  ...{ offset, leaderEpoch, metadata, topicId: times.topicId },
  commitTimestamp: times.commitTimestampMs,
  expireTimestamp: times.expireTimestampMs ?? -1,
});
export const committedOffset = (value: OffsetCommitValue): CommittedOffset => ({
  offset: value.offset,
  leaderEpoch: value.leaderEpoch,
  metadata: value.metadata,
  commitTimestampMs: value.commitTimestamp,
  expireTimestampMs: value.expireTimestamp === -1 ? null : value.expireTimestamp,
  topicId: value.topicId,
});

/** The group with the assignments of its generation. */
export const groupRecord = (group: ClassicGroup, assignmentOf: (memberId: string) => Uint8Array): NewRecord =>
  newGroupRecord(group.groupId, {
    protocolType: group.protocolType ?? '',
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: group.stateTimestampMs,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: metadataOf(member, group.protocolName),
      assignment: assignmentOf(member.memberId),
    })),
  });
/** A group that nobody has joined yet: it shows whether the log can be written to, before anybody is let in. */
export const newborn = (groupId: string, nowMs: number): NewRecord =>
  newGroupRecord(groupId, { protocolType: '', generation: 0, protocol: null, leader: null, currentStateTimestamp: nowMs, members: [] });
export const groupTombstone = (groupId: string): NewRecord => newGroupRecord(groupId, null);

function newGroupRecord(group: string, value: GroupMetadataValue | null): NewRecord {
  const key = { group };
  return { record: { type: 'GroupMetadata', key, value }, ...encodeCoordinatorRecord(groupMetadata, GROUP_VERSION, key, value) };
}

/** The group as the record has it: what its last assignment left. Source: GroupMetadataManager.replay. */
export function groupOf(groupId: string, value: GroupMetadataValue): ClassicGroup {
  const group = new ClassicGroup(groupId, value.currentStateTimestamp);
  const { protocolType, protocol } = value;
  for (const member of value.members) {
    group.add(
      {
        ...{ memberId: member.memberId, groupInstanceId: member.groupInstanceId, clientId: member.clientId },
        ...{ clientHost: member.clientHost, protocolType, sessionTimeoutMs: member.sessionTimeout },
        rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
        protocols: protocol === null ? [] : [{ name: protocol, metadata: member.subscription }],
        assignment: member.assignment,
        ...{ awaitingJoin: null, awaitingSync: null, isNew: false },
      },
      null,
    );
  }
  group.state = value.members.length === 0 ? 'Empty' : 'Stable';
  group.generationId = value.generation;
  group.protocolType = protocolType === '' ? null : protocolType;
  group.protocolName = protocol;
  group.leaderId = value.leader;
  group.noteTopics();
  return group;
}
