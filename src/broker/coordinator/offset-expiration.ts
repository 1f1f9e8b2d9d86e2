import { KafkaError } from '../../model/errors.js';
import { forEachInSlices } from '../replication/in-slices.js';
import type { ClassicGroup } from './classic-group.js';
import type { CommittedOffset } from './committed-offsets.js';
import { groupTombstone, type NewRecord, offsetRecord } from './group-records.js';
import type { GroupShard } from './group-shard.js';
import { expirationKey } from './group-timers.js';

/** Timers hold no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Looks now and then for offsets that nobody has needed for offsets.retention.minutes, and for groups that hold nothing any more. */
export function startOffsetExpiration(shard: GroupShard): void {
  const intervalMs = Math.min(shard.config.value('offsets.retention.check.interval.ms'), LONGEST_TIMER_MS);
  shard.timers.start(expirationKey, intervalMs, () => {
    forEachInSlices(shard.environment.clock, [...shard.groups.values()], (group) => expire(shard, group))
      .catch((error: unknown) => {
        // The next look finds them again.
        if (!(error instanceof KafkaError)) throw error;
        shard.environment.log('warn', `Offsets in ${shard.partition} have not been expired: ${error.message}`);
      })
      .then(() => startOffsetExpiration(shard));
  });
}

function expire(shard: GroupShard, group: ClassicGroup): void {
  // It may have been deleted, or moved to another broker, since the look began.
  if (shard.isClosed || group.state === 'Dead') return;
  const records: NewRecord[] = [];
  let isAllExpired = true;
  for (const { topic, partition, value } of shard.offsets.newest(group.groupId)) {
    if (isExpired(shard, group, topic, value)) records.push(offsetRecord(group.groupId, topic, partition, null));
    else isAllExpired = false;
  }
  if (isAllExpired && group.state === 'Empty') records.push(groupTombstone(group.groupId));
  if (records.length > 0) shard.append(records);
}

/** Source: OffsetMetadataManager.cleanupExpiredOffsets, OffsetExpirationConditionImpl. */
function isExpired(shard: GroupShard, group: ClassicGroup, topic: string, committed: CommittedOffset): boolean {
  const sinceMs = unusedSince(group, committed);
  if (sinceMs === null || group.mayBeSubscribedTo(topic)) return false;
  const { nowMs } = shard;
  if (committed.expireTimestampMs !== null) return nowMs >= committed.expireTimestampMs;
  return nowMs - sinceMs >= shard.config.value('offsets.retention.minutes') * 60_000;
}

/** From when on the retention of an offset counts; null while its group uses it. */
function unusedSince({ protocolType, state, isOfConsumers, topics, stateTimestampMs }: ClassicGroup, committed: CommittedOffset) {
  if (protocolType === null) return committed.commitTimestampMs;
  if (state === 'Empty') return stateTimestampMs === -1 ? committed.commitTimestampMs : stateTimestampMs;
  return isOfConsumers && topics !== null && state === 'Stable' ? committed.commitTimestampMs : null;
}
