import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { LOG_SUFFIX, OFFSET_INDEX_SUFFIX, offsetFileName, offsetOfFileName, TIME_INDEX_SUFFIX } from './file-names.js';
import { finishSwap } from './finish-swap.js';
import { isCompacted } from './log-config.js';
import { type RecoveryOptions, recoverSegment } from './recover-segment.js';
import { Segment } from './segment.js';

export interface LoadOptions extends RecoveryOptions {
  readonly disk: Disk;
  readonly directory: string;
  /** What is in it. */
  readonly names: readonly string[];
  /** All below was synced, indexes and epochs too. */
  readonly recoveryPoint: bigint;
  readonly isCleanShutdown: boolean;
}
export interface LoadedSegments {
  /** Ascending; none where the directory has none. */
  readonly segments: Segment[];
  /** What the next record gets; 0n where there are no segments. */
  readonly endOffset: bigint;
}

/**
 * Opens the segments of a directory in whatever state a crash left it: finishes or undoes what the cleaner was at, makes missing
 * indexes again, and reads every batch past the recovery point. The first torn or garbled one ends the log, and so does a hole between
 * segments. After a clean shutdown it looks at sizes and the log's last batches alone, and doesn't pause.
 * Source: org.apache.kafka.storage.internals.log.LogLoader.
 */
export async function loadSegments(options: LoadOptions): Promise<LoadedSegments> {
  const { disk, clock, directory, recoveryPoint, isCleanShutdown } = options;
  const segments = openSegments(disk, directory, finishSwap(disk, directory, options.names), clock.now());
  const active = segments.at(-1);
  if (active === undefined) return { segments, endOffset: 0n };

  const firstUnflushed = isCleanShutdown
    ? segments.length
    : Math.max(
        0,
        segments.findLastIndex(({ baseOffset }) => baseOffset <= recoveryPoint),
      );
  /** Of the segment that was looked at last, where that told it. */
  let endOffset: bigint | null = null;
  for (const [index, segment] of segments.entries()) {
    endOffset = null;
    const isUnflushed = index >= firstUnflushed;
    const mayKeepSome = !isUnflushed || recoveryPoint > segment.baseOffset;
    let isSound = mayKeepSome && segment.hasSoundIndexes;
    if (isSound && segment === active) {
      endOffset = wholeEndOffset(segment);
      isSound = endOffset !== null;
    }
    if (isSound && !isUnflushed) continue;
    const recovered = await recoverSegment(segment, isUnflushed && isSound ? recoveryPoint : segment.baseOffset, options);
    ({ endOffset } = recovered);
    const next = segments[index + 1];
    if (recovered.cutBytes === 0 && !(isUnflushed && next !== undefined && isHole(endOffset, next, options))) continue;
    for (const later of segments.splice(index + 1)) later.removeFiles();
    break;
  }
  return { segments, endOffset: endOffset ?? (segments.at(-1) as Segment).findEndOffset() };
}

/**
 * Whether records are missing between the end of a segment that was not flushed and the next one. Power loss may cut a file that was not synced
 * between two batches, and keep the next one whole. The cleaner touches nothing beyond the recovery point; only where no recovery point is known may
 * a gap in a compacted log be its work. Kafka's LogLoader looks for no holes.
 */
function isHole(endOffset: bigint, next: Segment, { config, recoveryPoint }: Pick<LoadOptions, 'config' | 'recoveryPoint'>): boolean {
  return next.baseOffset > endOffset && (recoveryPoint > 0n || !isCompacted(config));
}

const indexSuffixes = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX];

/** Indexes without a log are left over from a deletion. */
function openSegments(disk: Disk, directory: string, names: readonly string[], createdMs: number): Segment[] {
  const segments: Segment[] = [];
  for (const name of names) {
    const baseOffset = offsetOfFileName(name, LOG_SUFFIX);
    if (baseOffset !== null) {
      const hasNoIndexFiles = !indexSuffixes.some((suffix) => names.includes(offsetFileName(baseOffset, suffix)));
      segments.push(new Segment(disk, directory, baseOffset, { createdMs, hasNoIndexFiles }));
    }
    for (const suffix of indexSuffixes) {
      const offset = offsetOfFileName(name, suffix);
      if (offset !== null && !names.includes(offsetFileName(offset, LOG_SUFFIX))) disk.remove(join(directory, name));
    }
  }
  return segments;
}

/**
 * Where the segment ends, if its index's last word is true and nothing but whole batches in order follows it, else null: looks at some
 * headers alone.
 */
function wholeEndOffset(segment: Segment): bigint | null {
  const indexed = segment.offsetIndex.last;
  let end = 0;
  let nextOffset = segment.baseOffset;
  for (const { position, sizeBytes, header } of segment.headers(indexed.position)) {
    if (end === 0 && position > 0 && header.lastOffset !== indexed.offset) return null;
    if (header.baseOffset < nextOffset) return null;
    end = position + sizeBytes;
    nextOffset = header.lastOffset + 1n;
  }
  return end === segment.sizeBytes ? nextOffset : null;
}
