import type { Clock } from '../../environment/environment.js';
import { BATCH_HEADER_BYTES, RecordBatch } from '../../protocol/records/record-batch.js';
import type { LeaderEpochCache } from './leader-epoch-cache.js';
import type { LogConfig } from './log-config.js';
import type { Segment } from './segment.js';

export interface RecoveryOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly config: LogConfig;
  readonly epochs: LeaderEpochCache;
}

/** Read and checked between two pauses. */
const SCAN_BYTES = 1024 * 1024;
/** Read at once: going off the loop costs more. Of thousands of logs after a crash, most have little to recover. */
const SHORT_BYTES = 64 * 1024;

/**
 * Notes each batch of a segment anew, from the index entry before `fromOffset` on, and cuts the file at the first one that is torn,
 * garbled or out of order. Returns the bytes cut off.
 */
export async function recoverSegment(segment: Segment, fromOffset: bigint, { clock, config, epochs }: RecoveryOptions): Promise<number> {
  const { fileBytes } = segment;
  let position = scanStart(segment, fromOffset);
  let nextOffset = segment.baseOffset;
  for (const { header } of segment.headers(position)) {
    nextOffset = header.baseOffset;
    break;
  }
  segment.rewind(position, nextOffset);

  let window: Uint8Array = new Uint8Array(0);
  let windowStart = position;
  const need = async (sizeBytes: number) => {
    if (position + sizeBytes <= windowStart + window.length) return;
    const isShort = fileBytes - position <= SHORT_BYTES;
    const length = Math.max(SCAN_BYTES, sizeBytes);
    window = isShort ? segment.readBytes(position, length) : await segment.readAsync(position, length);
    windowStart = position;
    if (!isShort) await new Promise<void>((resolve) => clock.after(0, resolve));
  };
  while (position + BATCH_HEADER_BYTES <= fileBytes) {
    await need(BATCH_HEADER_BYTES);
    const { magic, sizeBytes } = new RecordBatch(window.subarray(position - windowStart));
    if (magic !== 2 || sizeBytes < BATCH_HEADER_BYTES || position + sizeBytes > fileBytes) break;
    await need(sizeBytes);
    const batch = new RecordBatch(window.subarray(position - windowStart, position - windowStart + sizeBytes));
    const isNext = batch.baseOffset >= nextOffset && batch.lastOffsetDelta >= 0 && segment.canHold(batch.lastOffset);
    if (!isNext || !batch.isCrcValid) break;
    segment.noteBatch(batch, config.indexIntervalBytes);
    if (batch.partitionLeaderEpoch > (epochs.latestEpoch ?? -1)) epochs.assign(batch.partitionLeaderEpoch, batch.baseOffset);
    nextOffset = batch.lastOffset + 1n;
    position += sizeBytes;
  }
  const cutBytes = fileBytes - position;
  if (cutBytes > 0) segment.truncate(position, nextOffset);
  segment.seal();
  return cutBytes;
}

/** Where the index says that a batch at or below the offset begins, if it is true; else the beginning. */
function scanStart(segment: Segment, offset: bigint): number {
  const indexed = segment.offsetIndex.lookup(offset);
  for (const { header } of segment.headers(indexed.position)) {
    if (header.lastOffset === indexed.offset) return indexed.position;
    break;
  }
  return 0;
}
