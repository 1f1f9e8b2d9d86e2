import { join } from 'node:path';
import type { Clock, Disk } from '../../environment/environment.js';
import { BATCH_HEADER_BYTES, RecordBatch } from '../../protocol/records/record-batch.js';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetFileName,
  offsetOfFileName,
  SWAP_SUFFIX,
  TIME_INDEX_SUFFIX,
} from './file-names.js';
import type { LeaderEpochCache } from './leader-epoch-cache.js';
import type { LogConfig } from './log-config.js';
import { Segment } from './segment.js';

export interface LoadOptions {
  readonly disk: Disk;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly directory: string;
  readonly config: LogConfig;
  /** All below was synced, indexes and epochs too. */
  readonly recoveryPoint: bigint;
  readonly isCleanShutdown: boolean;
  readonly epochs: LeaderEpochCache;
}
export interface LoadedSegments {
  /** Ascending; none where the directory has none. */
  readonly segments: Segment[];
  /** What the next record gets; 0n where there are no segments. */
  readonly endOffset: bigint;
}

/** Read and checked between two pauses. */
const SCAN_BYTES = 1024 * 1024;

/**
 * Opens the segments of a directory in whatever state a crash left it: finishes or undoes what the cleaner was at, makes missing
 * indexes again, and reads every batch past the recovery point. The first torn or garbled one ends the log.
 * Source: org.apache.kafka.storage.internals.log.LogLoader.
 */
export async function loadSegments(options: LoadOptions): Promise<LoadedSegments> {
  const { disk, clock, directory, recoveryPoint, isCleanShutdown } = options;
  finishSwap(disk, directory);
  const segments = openSegments(disk, directory, clock.now());
  const active = segments.at(-1);
  if (active === undefined) return { segments, endOffset: 0n };

  const firstUnflushed = isCleanShutdown
    ? segments.length
    : Math.max(
        0,
        segments.findLastIndex(({ baseOffset }) => baseOffset <= recoveryPoint),
      );
  for (const [index, segment] of segments.entries()) {
    const isUnflushed = index >= firstUnflushed;
    const isSound = hasIndexes(disk, segment) && (segment !== active || endsWhole(segment));
    if (!isUnflushed && isSound) continue;
    const from = isUnflushed && recoveryPoint > segment.baseOffset && isSound ? recoveryPoint : segment.baseOffset;
    const cutBytes = await recoverSegment(segment, from, options);
    if (cutBytes === 0) continue;
    for (const later of segments.splice(index + 1)) later.removeFiles();
    break;
  }
  return { segments, endOffset: (segments.at(-1) as Segment).findEndOffset() };
}

/**
 * A crash in the middle of cleaning leaves `.cleaned` files, which are worthless, or `.swap` files, which are whole and replace the
 * segments that they were made from. Where both are there, the swap had not begun and the old segments are all still there.
 */
function finishSwap(disk: Disk, directory: string): void {
  const remove = (names: readonly string[]) => {
    for (const name of names) disk.remove(join(directory, name));
  };
  const names = disk.list(directory);
  const cleaned = names.filter((name) => name.endsWith(CLEANED_SUFFIX));
  remove(names.filter((name) => name.endsWith(DELETED_SUFFIX)));
  remove(cleaned);
  const swaps = names.filter((name) => name.endsWith(SWAP_SUFFIX));
  if (cleaned.length > 0) {
    remove(swaps);
    return;
  }
  for (const name of swaps) {
    const baseOffset = offsetOfFileName(name, LOG_SUFFIX + SWAP_SUFFIX);
    if (baseOffset === null) continue;
    const swap = new Segment(disk, directory, baseOffset, { createdMs: 0, suffix: SWAP_SUFFIX });
    let endOffset = baseOffset;
    for (const { header } of swap.headers(0)) endOffset = header.lastOffset;
    swap.close();
    for (const suffix of [LOG_SUFFIX, OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX]) {
      remove(
        disk.list(directory).filter((other) => {
          const offset = offsetOfFileName(other, suffix);
          return offset !== null && offset >= baseOffset && offset <= endOffset;
        }),
      );
    }
  }
  for (const name of swaps) disk.rename(join(directory, name), join(directory, name.slice(0, -SWAP_SUFFIX.length)));
}

/** Indexes without a log are left over from a deletion. */
function openSegments(disk: Disk, directory: string, createdMs: number): Segment[] {
  const names = disk.list(directory);
  const segments: Segment[] = [];
  for (const name of names) {
    const baseOffset = offsetOfFileName(name, LOG_SUFFIX);
    if (baseOffset !== null) segments.push(new Segment(disk, directory, baseOffset, { createdMs }));
    for (const suffix of [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX]) {
      const offset = offsetOfFileName(name, suffix);
      if (offset !== null && !names.includes(offsetFileName(offset, LOG_SUFFIX))) disk.remove(join(directory, name));
    }
  }
  return segments;
}

const hasIndexes = (disk: Disk, { sizeBytes, offsetIndex, timeIndex }: Segment): boolean =>
  sizeBytes === 0 || [offsetIndex.file, timeIndex.file].every(({ path, entryBytes }) => (disk.size(path) ?? 1) % entryBytes === 0);

/** Whether the index's last word is true and nothing but whole batches in order follows it: looks at some headers alone. */
function endsWhole(segment: Segment): boolean {
  const indexed = segment.offsetIndex.last;
  let end = 0;
  let nextOffset = segment.baseOffset;
  for (const { position, sizeBytes, header } of segment.headers(indexed.position)) {
    if (end === 0 && position > 0 && header.lastOffset !== indexed.offset) return false;
    if (header.baseOffset < nextOffset) return false;
    end = position + sizeBytes;
    nextOffset = header.lastOffset + 1n;
  }
  return end === segment.sizeBytes;
}

/**
 * Notes each batch of a segment anew, from the index entry before `fromOffset` on, and cuts the file at the first one that is torn,
 * garbled or out of order. Returns the bytes cut off.
 */
async function recoverSegment(segment: Segment, fromOffset: bigint, { clock, config, epochs }: LoadOptions): Promise<number> {
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
