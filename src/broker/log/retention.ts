import type { LogConfig } from './log-config.js';
import type { Segment } from './segment.js';

export interface RetentionBounds {
  /** Ascending; the last one is active. */
  readonly segments: readonly Segment[];
  readonly config: LogConfig;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  /** No segment that reaches above it is removed. */
  readonly committedOffset: bigint;
  readonly nowMs: number;
}

/**
 * How many segments at the log's beginning are past the log start offset or, where cleanup.policy has delete, past retention.ms or
 * retention.bytes. Time counts for the active segment too. Source: org.apache.kafka.storage.internals.log.UnifiedLog.deleteOldSegments.
 */
export function countExpiredSegments(bounds: RetentionBounds): number {
  const { segments, config, startOffset, nowMs } = bounds;
  const { cleanupPolicy, retentionMs, retentionBytes } = config;
  const counts = [countWhile(bounds, (_segment, next) => next !== undefined && next.baseOffset <= startOffset)];
  if (cleanupPolicy.includes('delete') && retentionMs >= 0) {
    counts.push(
      countWhile(bounds, ({ maxTimestampMs, createdMs }) => nowMs - (maxTimestampMs >= 0 ? maxTimestampMs : createdMs) > retentionMs),
    );
  }
  if (cleanupPolicy.includes('delete') && retentionBytes >= 0) {
    let excessBytes = segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0) - retentionBytes;
    counts.push(
      countWhile(bounds, ({ sizeBytes }) => {
        excessBytes -= sizeBytes;
        return excessBytes >= 0;
      }),
    );
  }
  return Math.max(...counts);
}

function countWhile(
  { segments, endOffset, committedOffset }: RetentionBounds,
  isExpired: (segment: Segment, next: Segment | undefined) => boolean,
): number {
  let count = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    const isEmptyActive = next === undefined && segment.sizeBytes === 0;
    if (isEmptyActive || (next?.baseOffset ?? endOffset) > committedOffset || !isExpired(segment, next)) break;
    count++;
  }
  return count;
}
