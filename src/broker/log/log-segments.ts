import { messageOf } from '../../model/errors.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';
import { DELETED_SUFFIX, SWAP_SUFFIX } from './file-names.js';
import { findMaxTimestamp, findTimestamp, type TimestampOffset } from './find-timestamp.js';
import { type LogConfig, maxSegmentMs } from './log-config.js';
import type { LogEnvironment } from './log-options.js';
import { leastOffset } from './offset-bounds.js';
import type { PartitionDirectory } from './partition-directory.js';
import { Segment } from './segment.js';

export interface ReadOptions {
  readonly maxBytes: number;
  /** Batches with this offset or a later one are left out. */
  readonly upToOffset: bigint;
  /** Returns the first batch even where it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
}

/**
 * The segments of a log: ascending, without overlap, never none; the last one, the active one, alone grows.
 * Source: org.apache.kafka.storage.internals.log.LogSegments, LocalLog.
 */
export class LogSegments {
  readonly #environment: LogEnvironment;
  readonly #directory: PartitionDirectory;
  #segments: Segment[];
  #endOffset: bigint;
  #removals = 0;
  /** What is taken off segment.ms, so that not all partitions roll at once. */
  #rollJitterMs: number;

  constructor(
    environment: LogEnvironment,
    directory: PartitionDirectory,
    config: LogConfig,
    loaded: { readonly segments: Segment[]; readonly endOffset: bigint },
  ) {
    this.#environment = environment;
    this.#directory = directory;
    this.#segments = loaded.segments;
    this.#endOffset = loaded.endOffset;
    this.#rollJitterMs = this.#newRollJitter(config);
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }
  get active(): Segment {
    return this.#segments.at(-1) as Segment;
  }
  get baseOffset(): bigint {
    return (this.#segments[0] as Segment).baseOffset;
  }
  /** What the next record gets. */
  get endOffset(): bigint {
    return this.#endOffset;
  }
  get sizeBytes(): number {
    return this.#segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  }
  /** Changes when segments or the ends of segments went away. */
  get removals(): number {
    return this.#removals;
  }

  /** Whole batches from the one that holds `startOffset` on; empty where there is none below `upToOffset`. */
  read(startOffset: bigint, { maxBytes, upToOffset, minOneBatch }: ReadOptions): Uint8Array {
    for (let index = this.#floorIndex(startOffset); index < this.#segments.length; index++) {
      // The cleaner may have left nothing at or above the offset in its own segment.
      const found = (this.#segments[index] as Segment).read(startOffset, maxBytes, upToOffset, minOneBatch);
      if (found !== null) return found;
    }
    return noBytes;
  }

  /** The first record at or after the timestamp, from `startOffset` on, or null. */
  offsetForTimestamp(timestampMs: number, startOffset: bigint): TimestampOffset | null {
    for (const segment of this.#segments.slice(this.#floorIndex(startOffset))) {
      if (segment.maxTimestampMs < timestampMs) continue;
      const found = findTimestamp(segment, timestampMs, startOffset);
      if (found !== null) return found;
    }
    return null;
  }

  /** The record with the largest timestamp (the first of several), or null where none has one. */
  offsetOfMaxTimestamp(): TimestampOffset | null {
    let latest: Segment | null = null;
    for (const segment of this.#segments) if (segment.maxTimestampMs > (latest?.maxTimestampMs ?? -1)) latest = segment;
    return latest === null ? null : findMaxTimestamp(latest);
  }

  /** Writes whole batches, in order, to the active segment. On an error of the disk nothing is changed. */
  append(batches: readonly RecordBatch[], indexIntervalBytes: number): void {
    this.active.append(batches, indexIntervalBytes);
    this.#endOffset = (batches.at(-1) as RecordBatch).lastOffset + 1n;
  }

  /** Whether batches of this size, with this largest timestamp and last offset, need a new segment. */
  mustRoll(
    config: LogConfig,
    growth: { readonly sizeBytes: number; readonly maxTimestampMs: number; readonly lastOffset: bigint },
  ): boolean {
    const { active } = this;
    const { segmentBytes, segmentIndexBytes } = config;
    if (active.sizeBytes > segmentBytes - growth.sizeBytes) return true;
    if (!active.canHold(growth.lastOffset)) return true;
    if (active.sizeBytes === 0) return false;
    const { firstTimestampMs } = active;
    const ageMs = firstTimestampMs === null ? this.#environment.clock.now() - active.createdMs : growth.maxTimestampMs - firstTimestampMs;
    if (ageMs > maxSegmentMs(config) - this.#rollJitterMs) return true;
    if (active.hasNoIndexes) return false;
    return [active.offsetIndex.file, active.timeIndex.file].some((file) => file.sizeBytes + file.entryBytes > segmentIndexBytes);
  }

  /** Begins a new active segment. An empty one is replaced: two can't have the same base. */
  roll(baseOffset: bigint, config: LogConfig): void {
    const next = this.#create(baseOffset);
    const { active } = this;
    if (active.sizeBytes === 0) {
      if (this.#directory.isThere) active.removeFiles();
      this.#segments.pop();
    } else active.seal();
    this.#segments.push(next);
    this.#rollJitterMs = this.#newRollJitter(config);
  }

  /** Drops all from `offset` on; where it lies within a batch, the whole batch. `offset` is no lower than the first segment's base. */
  truncateTo(offset: bigint): void {
    this.#removals++;
    // From the end, so that a crash in between leaves no gap.
    for (let last = this.active; last.baseOffset > offset; last = this.active) {
      last.removeFiles();
      this.#segments.pop();
    }
    const cut = this.active.findBatch(offset);
    const endOffset = cut === null ? offset : leastOffset(offset, cut.header.baseOffset);
    if (cut !== null) this.active.truncate(cut.position, endOffset);
    this.#endOffset = endOffset;
  }

  /** Drops everything and starts again at `offset`. */
  restartAt(offset: bigint): void {
    this.#removals++;
    if (this.#directory.isThere) for (const segment of this.#segments.toReversed()) segment.removeFiles();
    this.#segments = [this.#create(offset)];
    this.#endOffset = offset;
  }

  /** Removes so many at the beginning, not all; their files go after `delayMs`. */
  removeFirst(count: number, delayMs: number): void {
    this.#removals++;
    this.#removeLater(this.#segments.splice(0, count), delayMs);
  }

  /** See Log.replaceSegments. */
  replace(cleaned: Segment, replaced: readonly Segment[], delayMs: number): void {
    const at = this.#segments.indexOf(replaced[0] as Segment);
    cleaned.changeSuffix(SWAP_SUFFIX);
    this.#segments.splice(at, replaced.length, cleaned);
    this.#removeLater(replaced, delayMs);
    cleaned.changeSuffix('');
  }

  /** Whoever reads the segments from the side, as the cleaner does, must stop. */
  disown(): void {
    this.#removals++;
  }

  /**
   * Resolves when the segments from the one that holds `fromOffset` on, up to the last that begins below `toOffset`, survive power loss.
   */
  async sync(fromOffset: bigint, toOffset: bigint): Promise<void> {
    const unsynced = this.#segments.slice(this.#floorIndex(fromOffset)).filter(({ baseOffset }) => baseOffset < toOffset);
    await Promise.all(unsynced.map((segment) => segment.sync()));
  }

  /** Lets go of the descriptors. */
  close(): void {
    for (const segment of this.#segments) segment.close();
  }

  /** With its file, though it is empty: once the segments before it are gone, its name alone tells where the log ends. */
  #create(baseOffset: bigint): Segment {
    const { disk, clock } = this.#environment;
    const segment = new Segment(disk, this.#directory.path, baseOffset, { createdMs: clock.now(), isNew: !this.#directory.isThere });
    if (this.#directory.isThere) segment.append([], 0);
    return segment;
  }
  #newRollJitter(config: LogConfig): number {
    const jitterMs = Math.min(config.segmentJitterMs, maxSegmentMs(config));
    return jitterMs === 0 ? 0 : Math.floor(this.#environment.random.uniform() * jitterMs);
  }

  /** Readers that stand in them have their bytes already; the delay is Kafka's, for whoever reads the files by other means. */
  #removeLater(segments: readonly Segment[], delayMs: number): void {
    for (const segment of segments) segment.changeSuffix(DELETED_SUFFIX);
    const { clock, log } = this.#environment;
    clock.after(delayMs, () => {
      if (!this.#directory.isThere) return;
      try {
        for (const segment of segments) segment.removeFiles();
      } catch (error) {
        log('warn', `Removing old segments in ${this.#directory.path} failed: ${messageOf(error)}; the next start tries again`);
      }
    });
  }

  /** The place of the segment that holds the offset, or of the first. */
  #floorIndex(offset: bigint): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle] as Segment).baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }
}

const noBytes = new Uint8Array(0);
