import { join } from 'node:path';
import type { Environment } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';
import { CheckpointError } from './checkpoint-file.js';
import { DELETED_SUFFIX, deletedDirectoryName, partitionDirectoryName, SWAP_SUFFIX } from './file-names.js';
import { type EpochEndOffset, type EpochEntry, LeaderEpochCache } from './leader-epoch-cache.js';
import { type LogConfig, maxSegmentMs } from './log-config.js';
import { loadSegments } from './log-loader.js';
import { type AppendOrigin, validateForFollower, validateForLeader } from './log-validator.js';
import { greatestOffset, leastOffset } from './offset-bounds.js';
import { writePartitionMetadata } from './partition-metadata.js';
import { rebuildProducers, removeSnapshots, snapshotOffsets, takeSnapshot } from './producer-snapshots.js';
import { type ProducerEntry, type ProducerOrigin, ProducerState } from './producer-state.js';
import { countExpiredSegments } from './retention.js';
import { Segment } from './segment.js';

export type { EpochEndOffset } from './leader-epoch-cache.js';
export type { AppendOrigin } from './log-validator.js';

/** What a log needs of its environment. */
export type LogEnvironment = Pick<Environment, 'clock' | 'disk' | 'random' | 'log'>;

export interface LogOptions {
  /** The node's data directory; the log's own is `<topic>-<partition>` in it. */
  readonly dataDirectory: string;
  readonly topicPartition: TopicPartition;
  /** Goes to partition.metadata with the first record; null for the metadata log, which has no such file. */
  readonly topicId: Uuid | null;
  readonly config: LogConfig;
  /** From the checkpoint file: records below were synced and aren't scanned again. Default: 0n. */
  readonly recoveryPoint?: bigint;
  /** From the checkpoint file: what DeleteRecords or retention reached. Default: 0n. */
  readonly startOffset?: bigint;
  /** The node stopped in order, so the files end where they should and nothing is scanned. Default: false. */
  readonly isCleanShutdown?: boolean;
  /** producer.id.expiration.ms. Default: Kafka's, a day. */
  readonly producerIdExpirationMs?: number;
}

export interface AppendInfo {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** For LogAppendTime the time that the broker gave, else -1. For a duplicate the largest timestamp of the first append, as in Kafka. */
  readonly logAppendTimeMs: number;
  readonly maxTimestampMs: number;
  readonly logStartOffset: bigint;
  /** These sequence numbers were appended before; the offsets are those of that time and nothing was written. */
  readonly isDuplicate: boolean;
  /** What was written; 0 for a duplicate. */
  readonly sizeBytes: number;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Batches with this offset or a later one are left out: the high watermark, or the last stable offset. Default: the log's end. */
  readonly upToOffset?: bigint;
  /** Returns the first batch even where it is larger than `maxBytes`. Default: false. */
  readonly minOneBatch?: boolean;
}

export interface TimestampOffset {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

const noBytes = new Uint8Array(0);

/**
 * The log of one partition. All but `open`, `flush` and `close` is synchronous. Errors of the caller or the client are KafkaErrors with
 * Kafka's code; errors of the disk are Node's, and then nothing was appended. Files are made with the first record.
 *
 * Invariants: segments ascend without overlap and the last one alone grows; startOffset <= committedOffset() <= endOffset; all batches
 * below `recoveryPoint` are synced, with their indexes and epochs.
 *
 * Source: org.apache.kafka.storage.internals.log.UnifiedLog, LocalLog.
 */
export class Log {
  readonly topicPartition: TopicPartition;
  readonly topicId: Uuid | null;
  /**
   * Where cleaning and retention must stop: the high watermark. The partition's owner in replication/ sets it once; before that it is
   * the log's end.
   */
  committedOffset: () => bigint = () => this.#endOffset;

  readonly #environment: LogEnvironment;
  readonly #dataDirectory: string;
  readonly #directory: string;
  readonly #producerIdExpirationMs: number;
  readonly #epochs: LeaderEpochCache;
  readonly #producers: ProducerState;
  #config: LogConfig;
  /** Never empty; the last one is the active segment. */
  #segments: Segment[];
  #startOffset: bigint;
  #endOffset: bigint;
  #recoveryPoint: bigint;
  #hasDirectory: boolean;
  #isMetadataSynced: boolean;
  #isDeleted = false;
  #truncations = 0;
  /** Below it, what the snapshot files say is enough to know the producers. */
  #snapshotOffset: bigint;
  /** What is taken off segment.ms, so that not all partitions roll at once. */
  #rollJitterMs: number;

  private constructor(
    environment: LogEnvironment,
    options: LogOptions,
    loaded: {
      segments: Segment[];
      startOffset: bigint;
      endOffset: bigint;
      recoveryPoint: bigint;
      epochs: LeaderEpochCache;
      hasDirectory: boolean;
    },
  ) {
    this.#environment = environment;
    this.#dataDirectory = options.dataDirectory;
    this.topicPartition = options.topicPartition;
    this.topicId = options.topicId;
    this.#directory = directoryOf(options);
    this.#config = options.config;
    this.#producerIdExpirationMs = options.producerIdExpirationMs ?? 86_400_000;
    this.#epochs = loaded.epochs;
    this.#producers = new ProducerState(options.topicPartition);
    this.#segments = loaded.segments;
    this.#startOffset = loaded.startOffset;
    this.#endOffset = loaded.endOffset;
    this.#recoveryPoint = loaded.recoveryPoint;
    this.#hasDirectory = loaded.hasDirectory;
    // The first flush took it along.
    this.#isMetadataSynced = loaded.recoveryPoint > 0n;
    this.#snapshotOffset = snapshotOffsets(environment.disk, this.#directory).at(-1) ?? -1n;
    this.#rollJitterMs = this.#newRollJitter();
  }

  /** A new, empty log; nothing is written before the first record. There must be no directory of it. */
  static create(environment: LogEnvironment, options: LogOptions): Log {
    const startOffset = options.startOffset ?? 0n;
    const segment = new Segment(environment.disk, directoryOf(options), startOffset, { createdMs: environment.clock.now() });
    const bounds = { startOffset, endOffset: startOffset, recoveryPoint: startOffset };
    return new Log(environment, options, { segments: [segment], ...bounds, epochs: new LeaderEpochCache(), hasDirectory: false });
  }

  /**
   * Opens what stands in the directory, or makes a new log where there is none. Recovery reads past the recovery point, in slices.
   * A data directory cut at any byte of its tail opens; the torn batch is dropped.
   */
  static async open(environment: LogEnvironment, options: LogOptions): Promise<Log> {
    const { disk, clock } = environment;
    const directory = directoryOf(options);
    if (disk.list(directory).length === 0) return Log.create(environment, options);
    const startOffset = options.startOffset ?? 0n;
    const epochs = new LeaderEpochCache();
    const areEpochsKnown = loadEpochs(environment, epochs, directory);
    const { segments, endOffset } = await loadSegments({
      disk,
      clock,
      directory,
      config: options.config,
      recoveryPoint: areEpochsKnown ? (options.recoveryPoint ?? 0n) : 0n,
      isCleanShutdown: (options.isCleanShutdown ?? false) && areEpochsKnown,
      epochs,
    });
    const isBehindStart = segments.length === 0 || endOffset < startOffset;
    if (isBehindStart) for (const segment of segments.splice(0)) segment.removeFiles();
    if (segments.length === 0) segments.push(new Segment(disk, directory, startOffset, { createdMs: clock.now() }));
    const [first] = segments as [Segment];
    const log = new Log(environment, options, {
      segments,
      startOffset: startOffset > first.baseOffset ? startOffset : first.baseOffset,
      endOffset: isBehindStart ? startOffset : endOffset,
      recoveryPoint: isBehindStart
        ? startOffset
        : leastOffset(options.isCleanShutdown ? endOffset : (options.recoveryPoint ?? 0n), endOffset),
      epochs,
      hasDirectory: true,
    });
    epochs.truncateFromEnd(log.#endOffset);
    epochs.truncateFromStart(log.#startOffset);
    await log.#loadProducers();
    return log;
  }

  get config(): LogConfig {
    return this.#config;
  }
  /** Holds for what is written from now on, and for the next retention and cleaning. */
  updateConfig(config: LogConfig): void {
    this.#config = config;
  }
  /** Log start offset: the first that may be read. */
  get startOffset(): bigint {
    return this.#startOffset;
  }
  /** Log end offset: what the next record gets. */
  get endOffset(): bigint {
    return this.#endOffset;
  }
  /** All below survives power loss: what goes to the checkpoint file. */
  get recoveryPoint(): bigint {
    return this.#recoveryPoint;
  }
  get sizeBytes(): number {
    return this.#segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  }
  /** The log's own directory, which is there once a record is. */
  get directory(): string {
    return this.#directory;
  }
  /** Epoch of the newest record or leader, null where there was none. */
  get latestEpoch(): number | null {
    return this.#epochs.latestEpoch;
  }
  get epochs(): readonly EpochEntry[] {
    return this.#epochs.entries;
  }
  /** What is known of each producer id: DescribeProducers. */
  get producers(): readonly ProducerEntry[] {
    return this.#producers.entries;
  }
  /** Ascending; the last one is being appended to. For the cleaner. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }
  /** Changes when segments or the ends of segments went away: by truncation, retention or deletion. For the cleaner. */
  get truncations(): number {
    return this.#truncations;
  }
  /** The first offset that an open transaction may still take back, or null: the last stable offset is no higher. */
  get firstUnstableOffset(): bigint | null {
    return this.#producers.firstOpenTransactionOffset;
  }
  get #active(): Segment {
    return this.#segments.at(-1) as Segment;
  }

  /**
   * Appends batches as the leader: offsets and epoch are written into the header in place (the bytes become the log's).
   * Throws KafkaError as Kafka answers the client: CORRUPT_MESSAGE, INVALID_RECORD, INVALID_TIMESTAMP (these two as RecordValidationError
   * where records are at fault), MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, UNSUPPORTED_COMPRESSION_TYPE, OUT_OF_ORDER_SEQUENCE_NUMBER,
   * INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED.
   */
  appendAsLeader(records: Uint8Array, leaderEpoch: number, origin: AppendOrigin): AppendInfo {
    const { topicPartition } = this;
    const nowMs = this.#environment.clock.now();
    const batches = validateForLeader(records, {
      topicPartition,
      config: this.#config,
      origin,
      leaderEpoch,
      nextOffset: this.#endOffset,
      nowMs,
    });
    const [first] = batches as [RecordBatch];
    const duplicate = origin === 'client' && first.hasProducerId ? this.#producers.findDuplicate(first) : null;
    if (duplicate !== null) {
      return {
        firstOffset: duplicate.lastOffset - BigInt(duplicate.offsetDelta),
        lastOffset: duplicate.lastOffset,
        logAppendTimeMs: duplicate.timestampMs,
        maxTimestampMs: duplicate.timestampMs,
        logStartOffset: this.#startOffset,
        isDuplicate: true,
        sizeBytes: 0,
      };
    }
    const info = this.#append(batches, origin);
    return this.#config.messageTimestampType === 'LogAppendTime' ? { ...info, logAppendTimeMs: nowMs } : info;
  }

  /**
   * Appends what the leader sent, with its offsets and epochs. A torn batch at the end is left out, and so is all from the first batch on
   * that a leader later than `leaderEpoch` wrote: the fetch was answered in another epoch. Null where nothing is left.
   * Throws CORRUPT_MESSAGE where a batch is garbled or lies below the log's end.
   */
  appendAsFollower(records: Uint8Array, leaderEpoch: number = Number.MAX_SAFE_INTEGER): AppendInfo | null {
    const batches = validateForFollower(records, this.topicPartition, this.#endOffset);
    const later = batches.findIndex(({ partitionLeaderEpoch }) => partitionLeaderEpoch > leaderEpoch);
    const known = later < 0 ? batches : batches.slice(0, later);
    return known.length === 0 ? null : this.#append(known, 'replica');
  }

  /** Whole batches from the one that holds `startOffset` on; empty at the end. Throws OFFSET_OUT_OF_RANGE outside [startOffset, endOffset]. */
  read(startOffset: bigint, { maxBytes, upToOffset = this.#endOffset, minOneBatch = false }: ReadOptions): Uint8Array {
    if (startOffset < this.#startOffset || startOffset > this.#endOffset) {
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `Received request for offset ${startOffset} for partition ${this.#name}, but we only have offsets from ${this.#startOffset} to ${this.#endOffset}.`,
      );
    }
    const end = leastOffset(upToOffset, this.#endOffset);
    if (startOffset >= end) return noBytes;
    for (let index = this.#floorIndex(startOffset); index < this.#segments.length; index++) {
      // The cleaner may have left nothing at or above the offset in its own segment.
      const found = (this.#segments[index] as Segment).read(startOffset, maxBytes, end, minOneBatch);
      if (found !== null) return found;
    }
    return noBytes;
  }

  /** The first record at or after the timestamp, or null. */
  offsetForTimestamp(timestampMs: number): TimestampOffset | null {
    for (const segment of this.#segments.slice(this.#floorIndex(this.#startOffset))) {
      if (segment.maxTimestampMs < timestampMs) continue;
      const found = segment.findTimestamp(timestampMs, this.#startOffset);
      if (found !== null) return found;
    }
    return null;
  }

  /** The record with the largest timestamp (the first of several), or null in a log without one. */
  offsetOfMaxTimestamp(): TimestampOffset | null {
    let latest: Segment | null = null;
    for (const segment of this.#segments) if (segment.maxTimestampMs > (latest?.maxTimestampMs ?? -1)) latest = segment;
    return latest?.findMaxTimestamp() ?? null;
  }

  /** The epoch of a record at this offset, or null where it isn't known. */
  epochForOffset(offset: bigint): number | null {
    return this.#epochs.epochForOffset(offset);
  }

  /**
   * KIP-101: the largest epoch at or below the one asked for, and where it ends (the end of the log for the newest).
   * Null where the log can't say: it has no epochs, or the one asked for is newer than all of them.
   */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | null {
    return this.#epochs.endOffsetFor(leaderEpoch, this.#endOffset);
  }

  /**
   * A leader notes the start of its epoch, before it appends. It is written down with the first record: until then nobody has one of this
   * epoch, and a restart of many partitions need not write as many files.
   */
  assignEpochStartOffset(leaderEpoch: number, startOffset: bigint): void {
    this.#epochs.assign(leaderEpoch, startOffset);
  }

  /** Drops all from `offset` on; where it lies within a batch, the whole batch. False when there was nothing to drop. */
  truncateTo(offset: bigint): boolean {
    if (offset >= this.#endOffset) return false;
    const [first] = this.#segments as [Segment];
    if (offset < first.baseOffset) {
      this.truncateFullyAndStartAt(offset);
      return true;
    }
    this.#truncations++;
    // From the end, so that a crash in between leaves no gap.
    for (let last = this.#active; last.baseOffset > offset; last = this.#active) {
      last.removeFiles();
      this.#segments.pop();
    }
    const cut = this.#active.findBatch(offset);
    const endOffset = cut === null ? offset : leastOffset(offset, cut.header.baseOffset);
    if (cut !== null) this.#active.truncate(cut.position, endOffset);
    this.#endOffset = endOffset;
    this.#recoveryPoint = leastOffset(this.#recoveryPoint, endOffset);
    this.#startOffset = leastOffset(this.#startOffset, endOffset);
    this.#epochs.truncateFromEnd(endOffset);
    this.#saveEpochs();
    this.#dropSnapshots((snapshot) => snapshot > endOffset);
    for (const _ of this.#rebuildProducers());
    return true;
  }

  /** Drops everything and starts again at `offset`. */
  truncateFullyAndStartAt(offset: bigint): void {
    this.#truncations++;
    for (const segment of this.#segments.toReversed()) segment.removeFiles();
    this.#segments = [this.#newSegment(offset)];
    this.#startOffset = offset;
    this.#endOffset = offset;
    this.#recoveryPoint = offset;
    this.#epochs.clear();
    this.#saveEpochs();
    this.#producers.clear();
    this.#dropSnapshots(() => true);
  }

  /** DeleteRecords: raises the log start offset. Throws OFFSET_OUT_OF_RANGE above the committed offset. False when it was there already. */
  deleteRecordsBefore(offset: bigint): boolean {
    const committed = this.committedOffset();
    if (offset > committed) {
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `Cannot increment the log start offset to ${offset} of partition ${this.#name} since it is larger than the high watermark ${committed}`,
      );
    }
    if (offset <= this.#startOffset) return false;
    this.#raiseStartOffset(offset);
    return true;
  }

  /**
   * Removes the segments that retention.ms, retention.bytes or the log start offset have passed, none of them above the committed
   * offset. Returns how many.
   */
  deleteOldSegments(): number {
    const deletable = countExpiredSegments({
      segments: this.#segments,
      config: this.#config,
      startOffset: this.#startOffset,
      endOffset: this.#endOffset,
      committedOffset: this.committedOffset(),
      nowMs: this.#environment.clock.now(),
    });
    if (deletable === 0) return 0;
    if (deletable === this.#segments.length) this.#roll(this.#endOffset);
    this.#truncations++;
    const removed = this.#segments.splice(0, deletable);
    this.#raiseStartOffset((this.#segments[0] as Segment).baseOffset);
    this.#dropSnapshots((snapshot) => snapshot < (this.#segments[0] as Segment).baseOffset);
    this.#removeLater(removed);
    return removed.length;
  }

  /**
   * The cleaner's step: `cleaned`, which is whole and synced under the suffix `.cleaned`, takes the place of the segments that it was
   * made from. Crash-safe: see `finishSwap` in log-loader.ts. The caller has made sure that `truncations` is what it
   * was when it began, and that none of them is active.
   */
  replaceSegments(cleaned: Segment, replaced: readonly Segment[]): void {
    const at = this.#segments.indexOf(replaced[0] as Segment);
    cleaned.changeSuffix(SWAP_SUFFIX);
    this.#segments.splice(at, replaced.length, cleaned);
    this.#removeLater(replaced);
    // A snapshot stands at the beginning of a segment.
    const gone = new Set(replaced.slice(1).map(({ baseOffset }) => baseOffset));
    this.#dropSnapshots((snapshot) => gone.has(snapshot));
    cleaned.changeSuffix('');
  }

  /** producer.id.expiration.ms: to be called now and then. */
  removeExpiredProducers(): void {
    this.#producers.removeExpired(this.#environment.clock.now(), this.#producerIdExpirationMs);
  }

  /** Resolves when everything appended before the call survives power loss. */
  async flush(): Promise<void> {
    const { disk } = this.#environment;
    const endOffset = this.#endOffset;
    const truncations = this.#truncations;
    if (!this.#hasDirectory || (endOffset <= this.#recoveryPoint && this.#isMetadataSynced)) return;
    try {
      if (!this.#isMetadataSynced && this.topicId !== null) writePartitionMetadata(disk, this.#directory, this.topicId, { sync: true });
      this.#isMetadataSynced = true;
      this.#epochs.save(disk, this.#directory, { sync: true });
      await Promise.all(this.#segments.slice(this.#floorIndex(this.#recoveryPoint)).map((segment) => segment.sync()));
    } catch (error) {
      // A log that was deleted meanwhile has nothing left to keep.
      if (this.#isDeleted) return;
      throw error;
    }
    // A truncation in between may have taken back what was synced, and something else may stand there now: the next flush tells.
    if (truncations === this.#truncations && endOffset > this.#recoveryPoint) this.#recoveryPoint = endOffset;
  }

  /** Flushes, writes the producer snapshot and the indexes, lets go of the descriptors. */
  async close(): Promise<void> {
    if (this.#isDeleted) return;
    this.#truncations++;
    if (this.#hasDirectory) {
      this.#active.seal();
      await this.flush();
      this.#takeSnapshot();
    }
    this.release();
  }

  /** Lets go of the descriptors without writing anything: what a crash does. The next use opens the files again. */
  release(): void {
    for (const segment of this.#segments) segment.close();
  }

  /** Renames the directory to `<topic>-<partition>.<uuid>-delete` and removes it after file.delete.delay.ms. */
  delete(): void {
    const { disk, clock, random } = this.#environment;
    this.release();
    this.#isDeleted = true;
    this.#truncations++;
    if (!this.#hasDirectory) return;
    const doomed = join(this.#dataDirectory, deletedDirectoryName(this.topicPartition, random.bytes(16)));
    disk.rename(this.#directory, doomed);
    this.#hasDirectory = false;
    clock.after(this.#config.fileDeleteDelayMs, () => disk.remove(doomed));
  }

  /** All or nothing: the state changes once the batches are written. */
  #append(batches: readonly RecordBatch[], origin: ProducerOrigin): AppendInfo {
    if (this.#isDeleted) throw new KafkaError('KAFKA_STORAGE_ERROR', `The log of ${this.#name} was deleted`);
    const sizeBytes = batches.reduce((total, batch) => total + batch.bytes.length, 0);
    if (sizeBytes > this.#config.segmentBytes) {
      throw new KafkaError(
        'RECORD_LIST_TOO_LARGE',
        `Message batch size is ${sizeBytes} bytes in append to partition ${this.#name}, which exceeds the maximum configured segment size of ${this.#config.segmentBytes}.`,
      );
    }
    const producers = this.#judgeProducers(batches, origin);
    const [first] = batches as [RecordBatch];
    const last = batches.at(-1) as RecordBatch;
    const maxTimestampMs = batches.reduce((max, batch) => Math.max(max, batch.maxTimestampMs), -1);
    this.#makeDirectory();
    if (this.#mustRoll(sizeBytes, maxTimestampMs, last.lastOffset)) this.#roll(greatestOffset(first.baseOffset, this.#endOffset));
    // Before the records, so that no error comes after them: an epoch without records does no harm.
    for (const { partitionLeaderEpoch, baseOffset } of batches) this.#epochs.assign(partitionLeaderEpoch, baseOffset);
    this.#saveEpochs();
    this.#active.append(batches, this.#config.indexIntervalBytes);
    this.#endOffset = last.lastOffset + 1n;
    for (const entry of producers) this.#producers.update(entry);
    return {
      firstOffset: first.baseOffset,
      lastOffset: last.lastOffset,
      logAppendTimeMs: -1,
      maxTimestampMs,
      logStartOffset: this.#startOffset,
      isDuplicate: false,
      sizeBytes,
    };
  }

  #judgeProducers(batches: readonly RecordBatch[], origin: ProducerOrigin): Iterable<ProducerEntry> {
    const updated = new Map<bigint, ProducerEntry>();
    for (const batch of batches) {
      if (!batch.hasProducerId) continue;
      const { producerId } = batch;
      const current = updated.get(producerId) ?? this.#producers.get(producerId);
      // The transaction coordinator must know of a transaction before its first record is written (KIP-890).
      if (origin === 'client' && batch.isTransactional && (current?.currentTxnFirstOffset ?? null) === null) {
        throw new KafkaError('INVALID_TXN_STATE', 'Record was not part of an ongoing transaction');
      }
      const entry = this.#producers.judge(batch, origin, current);
      if (entry !== null) updated.set(producerId, entry);
    }
    return updated.values();
  }

  #mustRoll(growthBytes: number, maxTimestampMs: number, lastOffset: bigint): boolean {
    const active = this.#active;
    const { segmentBytes, segmentIndexBytes } = this.#config;
    if (active.sizeBytes > segmentBytes - growthBytes) return true;
    if (!active.canHold(lastOffset)) return true;
    if (active.sizeBytes === 0) return false;
    const { firstTimestampMs } = active;
    const ageMs = firstTimestampMs === null ? this.#environment.clock.now() - active.createdMs : maxTimestampMs - firstTimestampMs;
    if (ageMs > maxSegmentMs(this.#config) - this.#rollJitterMs) return true;
    return [active.offsetIndex.file, active.timeIndex.file].some((file) => file.sizeBytes + file.entryBytes > segmentIndexBytes);
  }

  /** Begins a new active segment. An empty one is replaced: two can't have the same base. */
  #roll(baseOffset: bigint): void {
    const next = this.#newSegment(baseOffset);
    const active = this.#active;
    if (active.sizeBytes === 0) {
      active.removeFiles();
      this.#segments.pop();
    } else {
      active.seal();
      this.#takeSnapshot();
    }
    this.#segments.push(next);
    this.#rollJitterMs = this.#newRollJitter();
  }

  /** With its file, though it is empty: once the segments before it are gone, its name alone tells where the log ends. */
  #newSegment(baseOffset: bigint): Segment {
    const { disk, clock } = this.#environment;
    const segment = new Segment(disk, this.#directory, baseOffset, { createdMs: clock.now() });
    if (this.#hasDirectory) segment.append([], this.#config.indexIntervalBytes);
    return segment;
  }
  #newRollJitter(): number {
    const jitterMs = Math.min(this.#config.segmentJitterMs, maxSegmentMs(this.#config));
    return Math.floor(this.#environment.random.uniform() * jitterMs);
  }

  #raiseStartOffset(offset: bigint): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = offset;
    this.#epochs.truncateFromStart(offset);
    this.#saveEpochs();
  }

  /** Readers that stand in them have their bytes already; the delay is Kafka's, for whoever reads the files by other means. */
  #removeLater(segments: readonly Segment[]): void {
    const { clock } = this.#environment;
    for (const segment of segments) segment.changeSuffix(DELETED_SUFFIX);
    clock.after(this.#config.fileDeleteDelayMs, () => {
      if (!this.#isDeleted) for (const segment of segments) segment.removeFiles();
    });
  }

  #makeDirectory(): void {
    if (this.#hasDirectory) return;
    const { disk } = this.#environment;
    disk.makeDirectory(this.#directory);
    if (this.topicId !== null) writePartitionMetadata(disk, this.#directory, this.topicId);
    this.#hasDirectory = true;
  }
  #saveEpochs(): void {
    if (this.#hasDirectory) this.#epochs.save(this.#environment.disk, this.#directory);
  }

  #takeSnapshot(): void {
    if (this.#endOffset <= this.#snapshotOffset) return;
    takeSnapshot(this.#environment.disk, this.#directory, this.#endOffset, this.#producers);
    this.#snapshotOffset = this.#endOffset;
  }
  #dropSnapshots(isUnwanted: (offset: bigint) => boolean): void {
    removeSnapshots(this.#environment.disk, this.#directory, isUnwanted);
    this.#snapshotOffset = snapshotOffsets(this.#environment.disk, this.#directory).at(-1) ?? -1n;
  }
  #rebuildProducers(): Generator<void> {
    return rebuildProducers(this.#environment.disk, this.#directory, this.#segments, this.#endOffset, this.#producers);
  }
  async #loadProducers(): Promise<void> {
    this.#dropSnapshots((snapshot) => snapshot > this.#endOffset);
    for (const _ of this.#rebuildProducers()) await new Promise<void>((resolve) => this.#environment.clock.after(0, resolve));
    this.removeExpiredProducers();
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

  get #name(): string {
    return topicPartitionName(this.topicPartition);
  }
}

const directoryOf = ({ dataDirectory, topicPartition }: LogOptions): string => join(dataDirectory, partitionDirectoryName(topicPartition));

/** False where the file is no good and the epochs must be read from the batches. */
function loadEpochs({ disk, log }: LogEnvironment, epochs: LeaderEpochCache, directory: string): boolean {
  try {
    epochs.load(disk, directory);
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    log('warn', `${error.message}; leader epochs are read from the log instead`);
    return false;
  }
}
