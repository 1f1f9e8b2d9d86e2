import type { Log } from './log.js';
import { isCompacted } from './log-config.js';
import { leastOffset } from './offset-bounds.js';

/** The part of a compacted log that the cleaner may look at, and how much it needs it. */
export interface DirtyRange {
  readonly log: Log;
  /** All below was cleaned. */
  readonly firstDirtyOffset: bigint;
  /** From here on nothing is touched: the active segment, what isn't stable or flushed, what is younger than min.compaction.lag.ms. */
  readonly endOffset: bigint;
  /** Dirty bytes of all that may be touched. */
  readonly ratio: number;
  /** A record waits longer than max.compaction.lag.ms. */
  readonly isOverdue: boolean;
}

/**
 * Null where there is nothing to clean. `cleanedOffset` is what the checkpoint says; it counts only within the log. All below `flushedOffset` was
 * flushed, and a restart knows it.
 * Source: org.apache.kafka.storage.internals.log.LogCleanerManager.cleanableOffsets, LogToClean.
 */
export function findDirtyRange(
  log: Log,
  { cleanedOffset, flushedOffset }: { readonly cleanedOffset: bigint | undefined; readonly flushedOffset: bigint },
  nowMs: number,
): DirtyRange | null {
  const { config, segments, startOffset } = log;
  if (!isCompacted(config)) return null;
  const active = segments.at(-1);
  if (active === undefined) return null;
  const isWithin = cleanedOffset !== undefined && cleanedOffset >= startOffset && cleanedOffset <= log.endOffset;
  const firstDirtyOffset = isWithin ? cleanedOffset : startOffset;
  let endOffset = leastOffset(log.firstUnstableOffset ?? log.committedOffset(), log.committedOffset(), active.baseOffset, flushedOffset);
  let cleanBytes = 0;
  let dirtyBytes = 0;
  let earliestDirtyMs: number | null = null;
  for (const [index, segment] of segments.slice(0, -1).entries()) {
    const segmentEnd = (segments[index + 1] as { baseOffset: bigint }).baseOffset;
    if (segmentEnd <= firstDirtyOffset) {
      cleanBytes += segment.sizeBytes;
      continue;
    }
    if (config.minCompactionLagMs > 0 && segment.maxTimestampMs > nowMs - config.minCompactionLagMs) {
      endOffset = leastOffset(endOffset, segment.baseOffset);
    }
    if (segment.baseOffset >= endOffset) break;
    dirtyBytes += segment.sizeBytes;
    const { firstTimestampMs } = segment;
    if (firstTimestampMs !== null && (earliestDirtyMs === null || firstTimestampMs < earliestDirtyMs)) earliestDirtyMs = firstTimestampMs;
  }
  if (dirtyBytes === 0 || endOffset <= firstDirtyOffset) return null;
  const lagMs = Math.max(config.maxCompactionLagMs, config.minCompactionLagMs);
  return {
    log,
    firstDirtyOffset,
    endOffset,
    ratio: dirtyBytes / (cleanBytes + dirtyBytes),
    isOverdue: earliestDirtyMs !== null && nowMs - earliestDirtyMs > lagMs,
  };
}
