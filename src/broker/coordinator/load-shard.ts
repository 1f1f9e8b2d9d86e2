import { decodeCoordinatorRecord, groupRecordTypes } from '../../protocol/coordinator-records/coordinator-record.js';
import { decodeBatch } from '../../protocol/records/decode-batch.js';
import { batchesOf, type RecordBatch } from '../../protocol/records/record-batch.js';
import { forEachInSlices } from '../replication/in-slices.js';
import { waitUntil } from '../replication/waiters.js';
import type { GroupShard } from './group-shard.js';
import { startOffsetExpiration } from './offset-expiration.js';
import { keepSession, prepareRebalance } from './rebalance.js';

/** So long a wait ends by its condition. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Reads all that former leaders wrote, in slices, and begins the members' sessions. Ends early, with nothing begun, where the shard is closed
 * meanwhile. Rejects where the log can't be read. Source: CoordinatorLoaderImpl, GroupMetadataManager.onLoaded.
 *
 * Unlike Kafka it waits until all that it has read is committed, as KIP-207 has it for ListOffsets: a new leader's high watermark may
 * be behind what the former one told, and a committed offset must not go back.
 */
export async function loadShard(shard: GroupShard): Promise<void> {
  const { partition, environment } = shard;
  const { endOffset } = partition.log;
  await forEachInSlices(environment.clock, batchesBelow(shard, endOffset), (batch) => applyBatch(shard, batch));
  await waitUntil(environment.clock, {
    lists: [partition.waiters],
    isSatisfied: () => shard.isClosed || partition.highWatermark >= endOffset,
    isAbandoned: () => false,
    timeoutMs: FOR_EVER_MS,
  });
  if (shard.isClosed) return;
  shard.offsets.settle(partition.highWatermark);
  for (const group of shard.groups.values()) {
    for (const member of group.members.values()) keepSession(shard, group, member);
    // As many as there is room for may stay.
    if (group.members.size > shard.config.value('group.max.size')) prepareRebalance(shard, group);
  }
  startOffsetExpiration(shard);
}

function* batchesBelow(shard: GroupShard, endOffset: bigint): Generator<RecordBatch> {
  const { log } = shard.partition;
  let offset = log.startOffset;
  for (let fromOffset = -1n; fromOffset < offset && offset < endOffset; ) {
    fromOffset = offset;
    const maxBytes = shard.config.value('offsets.load.buffer.size');
    for (const batch of batchesOf(log.read(offset, { maxBytes, minOneBatch: true }))) {
      if (shard.isClosed) return;
      yield batch;
      offset = batch.lastOffset + 1n;
    }
  }
}

function applyBatch(shard: GroupShard, batch: RecordBatch): void {
  if (batch.isControl) return;
  for (const { key, value, offset } of decodeBatch(batch)) {
    const record = key === null ? null : decodeCoordinatorRecord(groupRecordTypes, key, value);
    if (record !== null) shard.apply(record, offset);
  }
}
