import { join } from 'node:path';
import type { Disk, DiskFile } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import { BATCH_HEADER_BYTES, RecordBatch } from '../../protocol/records/record-batch.js';
import { LOG_SUFFIX, OFFSET_INDEX_SUFFIX, offsetFileName, TIME_INDEX_SUFFIX } from './file-names.js';
import { OffsetIndex } from './offset-index.js';
import { chunksOf, wholeBatchesBelow } from './stored-batches.js';
import { TimeIndex, type TimeIndexEntry } from './time-index.js';

/** A batch in a segment's file, of which only the header was read. */
export interface BatchPosition {
  readonly position: number;
  readonly sizeBytes: number;
  /** Its payload is not there. */
  readonly header: RecordBatch;
}

export interface SegmentOptions {
  readonly createdMs: number;
  readonly suffix?: string;
  /** None of its files is there. */
  readonly isNew?: boolean;
  /** Its index files are not there, whether that of the batches is or not. */
  readonly hasNoIndexFiles?: boolean;
}

/** How much is read at a time to walk from header to header: more than one where batches are small, little waste where they are large. */
const HEADER_WINDOW_BYTES = 8 * 1024;
/** From a segment's base offset, as the indexes hold it. */
export const MAX_RELATIVE_OFFSET = 2n ** 31n - 1n;
const SHORT_SEGMENT_BYTES = 64 * 1024;

/**
 * A stretch of the log from its base offset on: the file of batches and its two indexes. Files are made when something is written.
 * Source: org.apache.kafka.storage.internals.log.LogSegment.
 */
export class Segment {
  readonly baseOffset: bigint;
  /** When this object was made: the time that segment.ms counts from while no record has said another. */
  readonly createdMs: number;
  readonly #disk: Disk;
  readonly #directory: string;
  /** No index file is there before this object writes it: the disk need not be asked. */
  #hasNoIndexFiles: boolean;
  #suffix: string;
  #file: DiskFile | null = null;
  #offsetIndex: OffsetIndex | undefined;
  #timeIndex: TimeIndex | undefined;
  /** Undefined until it is asked for. */
  #fileBytes: number | undefined;
  #bytesSinceIndexEntry = 0;
  /**
   * The largest timestamp and the last offset of the batch that has it: what the time index will say next. Undefined until it is asked for.
   */
  #max: TimeIndexEntry | undefined;
  /** The largest timestamp of the first batch: what segment.ms counts from. Undefined where it was not looked up yet. */
  #firstTimestampMs: number | undefined;
  /** The last batch, where it was noted here: who reads on as records come begins there, and no header need be read to find it. */
  #newest: { readonly baseOffset: bigint; readonly position: number } | null = null;

  /**
   * `suffix` is that of a segment that is being written or swapped in; see file-names.ts. Costs no call to the disk: files are looked at
   * on use, and not even then where the options say that there are none.
   */
  constructor(disk: Disk, directory: string, baseOffset: bigint, options: SegmentOptions) {
    const { createdMs, suffix = '', isNew = false, hasNoIndexFiles = isNew } = options;
    this.#disk = disk;
    this.#directory = directory;
    this.#suffix = suffix;
    this.#hasNoIndexFiles = hasNoIndexFiles;
    this.baseOffset = baseOffset;
    this.createdMs = createdMs;
    if (isNew) this.#fileBytes = 0;
  }

  get offsetIndex(): OffsetIndex {
    this.#offsetIndex ??= new OffsetIndex(this.#disk, this.#pathOf(OFFSET_INDEX_SUFFIX), this.baseOffset, this.#hasNoIndexFiles);
    return this.#offsetIndex;
  }
  get timeIndex(): TimeIndex {
    this.#timeIndex ??= new TimeIndex(this.#disk, this.#pathOf(TIME_INDEX_SUFFIX), this.baseOffset, this.#hasNoIndexFiles);
    return this.#timeIndex;
  }
  get sizeBytes(): number {
    this.#fileBytes ??= this.#disk.size(this.path) ?? 0;
    return this.#fileBytes;
  }
  /** It is read from beginning to end as quickly as an index would tell a place in it, so it may have no index files. */
  get isShort(): boolean {
    return this.sizeBytes <= SHORT_SEGMENT_BYTES;
  }
  /** Where it is short it may; then its file tells all. */
  get hasNoIndexes(): boolean {
    if (!this.isShort) return false;
    const areUntouched = this.#hasNoIndexFiles && this.#offsetIndex === undefined && this.#timeIndex === undefined;
    return areUntouched || this.offsetIndex.file.count + this.timeIndex.file.count === 0;
  }
  /** Both index files hold whole entries and are there, or neither is and need be. */
  get hasSoundIndexes(): boolean {
    if (this.#hasNoIndexFiles) return this.isShort;
    const sizes = [this.offsetIndex, this.timeIndex].map(({ file }) => file.reload());
    if (this.isShort && sizes.every((sizeBytes) => sizeBytes === null)) return true;
    return this.sizeBytes === 0 || [this.offsetIndex, this.timeIndex].every(({ file }, at) => (sizes[at] ?? 1) % file.entryBytes === 0);
  }
  /** -1 where no record has one. */
  get maxTimestampMs(): number {
    return this.#maxTimestamp.timestampMs;
  }
  /** A segment that was sealed has it in its time index, but for a short one; of one that was not, recovery noted every batch. */
  get #maxTimestamp(): TimeIndexEntry {
    if (this.#max === undefined) {
      if (this.isShort) this.#restoreMaxTimestamp();
      else this.#max = this.timeIndex.last;
    }
    return this.#max as TimeIndexEntry;
  }
  get path(): string {
    return this.#pathOf(LOG_SUFFIX);
  }

  /** Whether offsets up to this one fit the indexes' 32 bits. */
  canHold(offset: bigint): boolean {
    return offset - this.baseOffset <= MAX_RELATIVE_OFFSET;
  }

  /** The largest timestamp of the first batch, or null in an empty segment or one without timestamps. */
  get firstTimestampMs(): number | null {
    if (this.#firstTimestampMs === undefined) {
      if (this.sizeBytes < BATCH_HEADER_BYTES) return null;
      const [first] = this.headers(0);
      this.#firstTimestampMs = first?.header.maxTimestampMs ?? -1;
    }
    return this.#firstTimestampMs >= 0 ? this.#firstTimestampMs : null;
  }

  /** Writes whole batches, in order; with none it only makes the file. On an error of the disk nothing is changed. */
  append(batches: readonly RecordBatch[], indexIntervalBytes: number): void {
    // What stood in the file must be known before it grows.
    this.#fileBytes = this.sizeBytes;
    this.#open().append(chunksOf(batches));
    for (const batch of batches) this.noteBatch(batch, indexIntervalBytes);
  }

  /** Takes a batch that stands at the end of the file into account; recovery calls it for what it found there. */
  noteBatch(batch: RecordBatch, indexIntervalBytes: number): void {
    const { lastOffset, maxTimestampMs, sizeBytes } = batch;
    const start = this.sizeBytes;
    if (start === 0) this.#firstTimestampMs = maxTimestampMs;
    if (maxTimestampMs > this.#maxTimestamp.timestampMs) this.#max = { timestampMs: maxTimestampMs, offset: lastOffset };
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(lastOffset, start);
      this.timeIndex.maybeAppend(this.#maxTimestamp.timestampMs, this.#maxTimestamp.offset);
      this.#bytesSinceIndexEntry = 0;
    }
    this.#bytesSinceIndexEntry += sizeBytes;
    this.#fileBytes = start + sizeBytes;
    this.#newest = { baseOffset: batch.baseOffset, position: start };
  }

  /** Headers from a batch's position on, to the end of the file or the first bytes that are no whole batch. */
  *headers(position: number): Generator<BatchPosition> {
    let window: Uint8Array = noBytes;
    let windowStart = position;
    for (;;) {
      if (position + BATCH_HEADER_BYTES > this.sizeBytes) return;
      if (position + BATCH_HEADER_BYTES > windowStart + window.length) {
        window = this.#open().read(position, HEADER_WINDOW_BYTES);
        windowStart = position;
        if (window.length < BATCH_HEADER_BYTES) return;
      }
      const start = position - windowStart;
      const header = new RecordBatch(window.subarray(start, start + BATCH_HEADER_BYTES));
      const { sizeBytes } = header;
      if (header.magic !== 2 || sizeBytes < BATCH_HEADER_BYTES || position + sizeBytes > this.sizeBytes) return;
      yield { position, sizeBytes, header };
      position += sizeBytes;
    }
  }

  /**
   * The first batch whose last offset is at or above `offset`, or null. Throws CORRUPT_MESSAGE where something else stands before the end.
   */
  findBatch(offset: bigint): BatchPosition | null {
    let end = this.#positionBefore(offset);
    for (const batch of this.headers(end)) {
      if (batch.header.lastOffset >= offset) return batch;
      end = batch.position + batch.sizeBytes;
    }
    if (end !== this.sizeBytes) throw new KafkaError('CORRUPT_MESSAGE', `${this.path} holds no batch at byte ${end}`);
    return null;
  }

  /** A whole batch. Throws CORRUPT_MESSAGE where it is not there. */
  readBatch({ position, sizeBytes }: Pick<BatchPosition, 'position' | 'sizeBytes'>): RecordBatch {
    const bytes = this.#open().read(position, sizeBytes);
    if (bytes.length < sizeBytes) throw new KafkaError('CORRUPT_MESSAGE', `${this.path} ends within the batch at byte ${position}`);
    return new RecordBatch(bytes);
  }

  /** Bytes of the file; fewer at its end. */
  readBytes(position: number, length: number): Uint8Array {
    return this.#open().read(position, length);
  }
  /** As `readBytes`, off the loop. */
  readAsync(position: number, length: number): Promise<Uint8Array> {
    return this.#open().readAsync(position, length);
  }

  /**
   * Whole batches from the one that holds `startOffset` on, below `upToOffset`: as many as fit `maxBytes`, and at least one with
   * `minOneBatch`. Null where this segment has nothing at or above `startOffset`.
   */
  read(startOffset: bigint, maxBytes: number, upToOffset: bigint, minOneBatch: boolean): Uint8Array | null {
    const first = this.findBatch(startOffset);
    if (first === null) return null;
    const length = Math.min(minOneBatch ? Math.max(maxBytes, first.sizeBytes) : maxBytes, this.sizeBytes - first.position);
    if (length < first.sizeBytes) return noBytes;
    const bytes = this.#open().read(first.position, length);
    return bytes.subarray(0, wholeBatchesBelow(bytes, upToOffset));
  }

  /** What the next record after this segment would get: found from the last index entry on. */
  findEndOffset(): bigint {
    let endOffset = this.baseOffset;
    for (const { header } of this.headers(this.offsetIndex.last.position)) endOffset = header.lastOffset + 1n;
    return endOffset;
  }

  /** Cuts the file at a batch's position, and the indexes with it. `endOffset` is the first offset that is gone. */
  truncate(position: number, endOffset: bigint): void {
    this.rewind(position, endOffset);
    if (this.fileBytes > position) this.#open().truncate(position);
  }

  /** Forgets what stands from a batch's position on, without cutting the file: recovery notes it anew, batch by batch. */
  rewind(position: number, endOffset: bigint): void {
    this.#fileBytes = position;
    this.#newest = null;
    this.offsetIndex.truncateToPosition(position);
    this.timeIndex.truncateTo(endOffset);
    if (position === 0) this.#firstTimestampMs = undefined;
    this.#bytesSinceIndexEntry = position - this.offsetIndex.last.position;
    this.#restoreMaxTimestamp();
  }

  /** What the file holds, noted or not. */
  get fileBytes(): number {
    return this.#file?.sizeBytes() ?? this.#disk.size(this.path) ?? 0;
  }

  /** The last word of the time index, and the files complete: for a segment that will not grow. Of thousands of logs most hold little. */
  seal(): void {
    if (this.sizeBytes === 0 || this.hasNoIndexes) return;
    this.timeIndex.maybeAppend(this.#maxTimestamp.timestampMs, this.#maxTimestamp.offset);
    this.offsetIndex.file.save();
    this.timeIndex.file.save();
  }

  /** Resolves when what stands now survives power loss, the indexes included: recovery reads on from there. */
  async sync(): Promise<void> {
    if (this.sizeBytes === 0 && this.#disk.size(this.path) === null) return;
    const log = this.#open().sync();
    const indexes = this.hasNoIndexes ? [] : [this.offsetIndex.file.sync(), this.timeIndex.file.sync()];
    await Promise.all([log, ...indexes]);
  }

  /** Renames the files to another suffix, '' being the real thing. */
  changeSuffix(suffix: string): void {
    const renames = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, LOG_SUFFIX].map((kind) => ({ kind, from: this.#pathOf(kind) }));
    this.close();
    this.#suffix = suffix;
    for (const { kind, from } of renames) if (this.#disk.size(from) !== null) this.#disk.rename(from, this.#pathOf(kind));
    this.#offsetIndex?.file.movedTo(this.#pathOf(OFFSET_INDEX_SUFFIX));
    this.#timeIndex?.file.movedTo(this.#pathOf(TIME_INDEX_SUFFIX));
  }

  removeFiles(): void {
    this.close();
    for (const kind of [LOG_SUFFIX, OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX]) this.#disk.remove(this.#pathOf(kind));
  }

  /** Lets go of the descriptors, and of what the files can tell again; the next use opens them. */
  close(): void {
    this.#file?.close();
    this.#file = null;
    this.#offsetIndex?.file.close();
    this.#timeIndex?.file.close();
    if (this.#offsetIndex?.file.isSaved !== true || this.#timeIndex?.file.isSaved !== true) return;
    this.#hasNoIndexFiles &&= this.#offsetIndex.file.count + this.#timeIndex.file.count === 0;
    this.#offsetIndex = undefined;
    this.#timeIndex = undefined;
  }

  /** Of a batch before which all offsets are lower. */
  #positionBefore(offset: bigint): number {
    if (this.#newest !== null && offset >= this.#newest.baseOffset) return this.#newest.position;
    return this.hasNoIndexes ? 0 : this.offsetIndex.lookup(offset).position;
  }
  #restoreMaxTimestamp(): void {
    if (this.sizeBytes === 0) {
      this.#max = { timestampMs: -1, offset: this.baseOffset };
      return;
    }
    let max = this.timeIndex.last;
    // The index is sparse: what comes after its last entry is read from the batches.
    for (const { header } of this.headers(this.offsetIndex.lookup(max.offset).position)) {
      if (header.maxTimestampMs > max.timestampMs) max = { timestampMs: header.maxTimestampMs, offset: header.lastOffset };
    }
    this.#max = max;
  }

  #pathOf(kind: string): string {
    return join(this.#directory, offsetFileName(this.baseOffset, kind) + this.#suffix);
  }
  #open(): DiskFile {
    this.#file ??= this.#disk.open(this.path);
    return this.#file;
  }
}

const noBytes = new Uint8Array(0);
