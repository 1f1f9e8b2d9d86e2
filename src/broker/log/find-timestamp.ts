import type { Segment } from './segment.js';
import { timestampsOf } from './stored-batches.js';

/** A record that was looked for by its time. */
export interface TimestampOffset {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

/** The first record of a segment at or after the timestamp whose offset is at least `startOffset`. Source: LogSegment.findOffsetByTimestamp. */
export function findTimestamp(segment: Segment, timestampMs: number, startOffset: bigint): TimestampOffset | null {
  const from = segment.timeIndex.lookup(timestampMs).offset;
  const begin = segment.offsetIndex.lookup(from > startOffset ? from : startOffset).position;
  for (const batch of segment.headers(begin)) {
    if (batch.header.maxTimestampMs < timestampMs || batch.header.lastOffset < startOffset) continue;
    const whole = segment.readBatch(batch);
    for (const record of timestampsOf(whole)) {
      if (record.timestampMs >= timestampMs && record.offset >= startOffset) {
        return { ...record, leaderEpoch: whole.partitionLeaderEpoch };
      }
    }
  }
  return null;
}

/** The first record that has the segment's largest timestamp, or null where no record has one. */
export function findMaxTimestamp(segment: Segment): TimestampOffset | null {
  const { maxTimestampMs, baseOffset } = segment;
  return maxTimestampMs < 0 ? null : findTimestamp(segment, maxTimestampMs, baseOffset);
}
