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

export interface Recovered {
  /** What stood behind the last sound batch. */
  readonly cutBytes: number;
  /** What the next record after the segment gets. */
  readonly endOffset: bigint;
}

/** Read and checked between two pauses. */
const SCAN_BYTES = 1024 * 1024;
/** Read at once: going off the loop costs more. Of thousands of logs after a crash most are no longer, and each call to the disk tells. */
const SHORT_BYTES = 64 * 1024;

/**
 * Notes each batch of a segment anew, from the index entry before `fromOffset` on, and cuts the file at the first one that is torn,
 * garbled or out of order.
 */
export async function recoverSegment(segment: Segment, fromOffset: bigint, { clock, config, epochs }: RecoveryOptions): Promise<Recovered> {
  let position = scanStart(segment, fromOffset);
  let window = segment.readBytes(position, SHORT_BYTES);
  let windowStart = position;
  const { fileBytes } = segment;
  let nextOffset = position === 0 ? segment.baseOffset : new RecordBatch(window).baseOffset;
  segment.rewind(position, nextOffset);

  const need = async (sizeBytes: number) => {
    if (position + sizeBytes <= windowStart + window.length) return;
    window = await segment.readAsync(position, Math.max(SCAN_BYTES, sizeBytes));
    windowStart = position;
    await new Promise<void>((resolve) => clock.after(0, resolve));
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
  return { cutBytes, endOffset: nextOffset };
}

/** Where the index says that a batch at or below the offset begins, if it is true; else the beginning. */
function scanStart(segment: Segment, offset: bigint): number {
  const indexed = segment.offsetIndex.lookup(offset);
  if (indexed.position === 0) return 0;
  for (const { header } of segment.headers(indexed.position)) {
    if (header.lastOffset === indexed.offset) return indexed.position;
    break;
  }
  return 0;
}
