import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';
import { type AppendInfo, appendInfo, checkFits, duplicateInfo } from './append-info.js';
import type { TimestampOffset } from './find-timestamp.js';
import { type EpochEndOffset, type EpochEntry, LeaderEpochCache } from './leader-epoch-cache.js';
import { type LoadedLog, loadLog, restoreLog } from './load-log.js';
import type { LogConfig } from './log-config.js';
import type { LogEnvironment, LogOptions } from './log-options.js';
import { LogProducers } from './log-producers.js';
import { LogSegments, type ReadOptions } from './log-segments.js';
import type { LogSummary } from './log-summary.js';
import { type AppendOrigin, validateForFollower, validateForLeader } from './log-validator.js';
import { greatestOffset, leastOffset } from './offset-bounds.js';
import { PartitionDirectory } from './partition-directory.js';
import type { ProducerEntry, ProducerOrigin } from './producer-state.js';
import { countExpiredSegments } from './retention.js';
import { runInBackground } from './run-in-background.js';
import { MAX_RELATIVE_OFFSET, Segment } from './segment.js';
import { syncLog } from './sync-log.js';

export type { AppendInfo } from './append-info.js';
export type { TimestampOffset } from './find-timestamp.js';
export type { EpochEndOffset } from './leader-epoch-cache.js';
export type { LogEnvironment, LogOptions } from './log-options.js';
export type { AppendOrigin } from './log-validator.js';

const noBytes = new Uint8Array(0);
/** Kafka's producer.id.expiration.ms. */
const DAY_MS = 86_400_000;

/**
 * The log of one partition. All but `open`, `flush` and `close` is synchronous. Errors of the caller or the client are KafkaErrors with
 * Kafka's code; errors of the disk are Node's, and then nothing was appended. Files are made with the first record: a log without records
 * costs the disk nothing.
 *
 * Invariants: startOffset <= committedOffset() <= endOffset; all batches below `recoveryPoint` are synced, with their indexes and epochs.
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
  committedOffset: () => bigint = () => this.endOffset;

  readonly #environment: LogEnvironment;
  readonly #producerIdExpirationMs: number;
  readonly #directory: PartitionDirectory;
  readonly #epochs: LeaderEpochCache;
  readonly #segments: LogSegments;
  readonly #producers: LogProducers;
  readonly #onRewrite: (topicPartition: TopicPartition) => void;
  #config: LogConfig;
  #startOffset: bigint;
  #recoveryPoint: bigint;
  #isDeleted = false;

  private constructor(environment: LogEnvironment, options: LogOptions, directory: PartitionDirectory, loaded: LoadedLog) {
    this.#environment = environment;
    this.topicPartition = options.topicPartition;
    this.topicId = options.topicId;
    this.#producerIdExpirationMs = options.producerIdExpirationMs ?? DAY_MS;
    this.#config = options.config;
    this.#onRewrite = options.onRewrite ?? (() => {});
    this.#directory = directory;
    this.#epochs = loaded.epochs;
    this.#startOffset = loaded.startOffset;
    this.#recoveryPoint = loaded.recoveryPoint;
    this.#segments = new LogSegments(environment, directory, options.config, loaded);
    this.#producers = new LogProducers(environment.disk, {
      directory: directory.path,
      topicPartition: options.topicPartition,
      segments: this.#segments,
      snapshots: loaded.snapshots,
    });
  }

  /** A new, empty log; nothing is written before the first record. There must be no directory of it. */
  static create(environment: LogEnvironment, options: LogOptions): Log {
    const { startOffset = 0n } = options;
    const directory = new PartitionDirectory(environment, options, { isThere: false, isMetadataSynced: false });
    const segment = new Segment(environment.disk, directory.path, startOffset, { createdMs: environment.clock.now(), isNew: true });
    const bounds = { startOffset, endOffset: startOffset, recoveryPoint: startOffset };
    return new Log(environment, options, directory, { segments: [segment], ...bounds, epochs: new LeaderEpochCache(), snapshots: [] });
  }

  /**
   * Opens what stands in the directory, or makes a new log where there is none. Recovery reads past the recovery point, in slices; where
   * little or nothing is to be recovered it doesn't pause, and whoever opens many logs must. A data directory cut at any byte of its tail
   * opens; the torn batch is dropped.
   */
  static async open(environment: LogEnvironment, options: LogOptions): Promise<Log> {
    return Log.restore(environment, options) ?? (await Log.load(environment, options));
  }

  /** By its summary; null where there is none that is true. */
  static restore(environment: LogEnvironment, options: LogOptions): Log | null {
    if (options.summary === undefined) return null;
    const directory = foundDirectory(environment, options);
    const restored = restoreLog(environment, directory.path, options);
    return restored === null ? null : new Log(environment, options, directory, restored);
  }

  /** By what its files tell. */
  static async load(environment: LogEnvironment, options: LogOptions): Promise<Log> {
    const directory = foundDirectory(environment, options);
    const loaded = await loadLog(environment, directory.path, options);
    if (loaded === null) return Log.create(environment, options);
    const log = new Log(environment, options, directory, loaded);
    loaded.epochs.truncateFromEnd(log.endOffset);
    loaded.epochs.truncateFromStart(log.startOffset);
    log.#producers.dropStraySnapshots();
    for (const _ of log.#producers.load()) await new Promise<void>((resolve) => environment.clock.after(0, resolve));
    log.removeExpiredProducers();
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
    return this.#segments.endOffset;
  }
  /** All below survives power loss: what goes to the checkpoint file. */
  get recoveryPoint(): bigint {
    return this.#recoveryPoint;
  }
  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }
  /** The log's own directory, which is there once a record is. */
  get directory(): string {
    return this.#directory.path;
  }
  /** Epoch of the newest record or leader, null where there was none. */
  get latestEpoch(): number | null {
    return this.#epochs.latestEpoch;
  }
  get epochs(): readonly EpochEntry[] {
    return this.#epochs.entries;
  }
  /** What the next start may open it by while its file is as long as now, or null where that must look into the directory. */
  get summary(): LogSummary | null {
    const { topicPartition, topicId, startOffset, endOffset } = this;
    const { active, baseOffset } = this.#segments;
    const isTold = this.#producers.isLogShort && active.hasNoIndexes && active.sizeBytes > 0;
    if (topicId === null || !isTold || !this.#directory.isThere) return null;
    // An epoch that has no record yet is in no file.
    const epochs = this.#epochs.entries.filter((entry) => entry.startOffset < endOffset);
    return { topicPartition, topicId, baseOffset, sizeBytes: active.sizeBytes, startOffset, endOffset, epochs };
  }
  /** What is known of each producer id: DescribeProducers. */
  get producers(): readonly ProducerEntry[] {
    return this.#producers.entries;
  }
  /** Ascending; the last one is being appended to. For the cleaner. */
  get segments(): readonly Segment[] {
    return this.#segments.all;
  }
  /** Changes when segments or the ends of segments went away: by truncation, retention or deletion. For the cleaner. */
  get truncations(): number {
    return this.#segments.removals;
  }
  /** The first offset that an open transaction may still take back, or null: the last stable offset is no higher. */
  get firstUnstableOffset(): bigint | null {
    return this.#producers.firstOpenTransactionOffset;
  }

  /**
   * Appends batches as the leader: offsets and epoch are written into the header in place (the bytes become the log's).
   * Throws KafkaError as Kafka answers the client: CORRUPT_MESSAGE, INVALID_RECORD, INVALID_TIMESTAMP (these two as RecordValidationError
   * where records are at fault), MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, UNSUPPORTED_COMPRESSION_TYPE, OUT_OF_ORDER_SEQUENCE_NUMBER,
   * INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED.
   */
  appendAsLeader(records: Uint8Array, leaderEpoch: number, origin: AppendOrigin): AppendInfo {
    const nowMs = this.#environment.clock.now();
    const batches = validateForLeader(records, {
      topicPartition: this.topicPartition,
      config: this.#config,
      origin,
      leaderEpoch,
      nextOffset: this.endOffset,
      nowMs,
    });
    const duplicate = origin === 'client' ? this.#producers.findDuplicate(batches[0] as RecordBatch) : null;
    if (duplicate !== null) return duplicateInfo(duplicate, this.#startOffset);
    const info = this.#append(batches, origin);
    return this.#config.messageTimestampType === 'LogAppendTime' ? { ...info, logAppendTimeMs: nowMs } : info;
  }

  /**
   * Appends what the leader sent, with its offsets and epochs, in one write. A torn batch at the end is left out, and so is all from the
   * first batch on that a leader later than `leaderEpoch` wrote: the fetch was answered in another epoch. Null where nothing is left.
   * Throws CORRUPT_MESSAGE where a batch is garbled or lies below the log's end.
   */
  appendAsFollower(records: Uint8Array, leaderEpoch: number = Number.MAX_SAFE_INTEGER): AppendInfo | null {
    const batches = validateForFollower(records, this.topicPartition, this.endOffset);
    const later = batches.findIndex(({ partitionLeaderEpoch }) => partitionLeaderEpoch > leaderEpoch);
    const known = later < 0 ? batches : batches.slice(0, later);
    return known.length === 0 ? null : this.#append(known, 'replica');
  }

  /**
   * Whole batches from the one that holds `startOffset` on; empty at the end. Without `upToOffset` to the log's end, and without
   * `minOneBatch` nothing where the first batch is larger than `maxBytes`. Throws OFFSET_OUT_OF_RANGE outside [startOffset, endOffset].
   */
  read(startOffset: bigint, options: Pick<ReadOptions, 'maxBytes'> & Partial<ReadOptions>): Uint8Array {
    const { endOffset } = this;
    if (startOffset < this.#startOffset || startOffset > endOffset) {
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `Received request for offset ${startOffset} for partition ${this.#name}, but we only have offsets from ${this.#startOffset} to ${endOffset}.`,
      );
    }
    const upToOffset = leastOffset(options.upToOffset ?? endOffset, endOffset);
    if (startOffset >= upToOffset) return noBytes;
    return this.#segments.read(startOffset, { maxBytes: options.maxBytes, upToOffset, minOneBatch: options.minOneBatch ?? false });
  }

  /** The first record at or after the timestamp, or null. */
  offsetForTimestamp(timestampMs: number): TimestampOffset | null {
    return this.#segments.offsetForTimestamp(timestampMs, this.#startOffset);
  }

  /** The record with the largest timestamp (the first of several), or null in a log without one. */
  offsetOfMaxTimestamp(): TimestampOffset | null {
    return this.#segments.offsetOfMaxTimestamp();
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
    return this.#epochs.endOffsetFor(leaderEpoch, this.endOffset);
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
    if (offset >= this.endOffset) {
      // An epoch may have begun here without a record, under a leader that the new one has never heard of.
      this.#epochs.truncateFromEnd(offset);
      return false;
    }
    if (offset < this.#segments.baseOffset) {
      this.truncateFullyAndStartAt(offset);
      return true;
    }
    this.#onRewrite(this.topicPartition);
    this.#segments.truncateTo(offset);
    const { endOffset } = this;
    this.#recoveryPoint = leastOffset(this.#recoveryPoint, endOffset);
    this.#startOffset = leastOffset(this.#startOffset, endOffset);
    this.#epochs.truncateFromEnd(endOffset);
    this.#saveEpochs();
    this.#producers.truncateToEnd();
    return true;
  }

  /** Drops everything and starts again at `offset`. */
  truncateFullyAndStartAt(offset: bigint): void {
    this.#onRewrite(this.topicPartition);
    this.#segments.restartAt(offset);
    this.#startOffset = offset;
    this.#recoveryPoint = offset;
    this.#epochs.clear();
    this.#saveEpochs();
    this.#producers.clear();
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
      segments: this.segments,
      config: this.#config,
      startOffset: this.#startOffset,
      endOffset: this.endOffset,
      committedOffset: this.committedOffset(),
      nowMs: this.#environment.clock.now(),
    });
    if (deletable === 0) return 0;
    if (deletable === this.segments.length) this.#roll(this.endOffset);
    this.#segments.removeFirst(deletable, this.#config.fileDeleteDelayMs);
    const { baseOffset } = this.#segments;
    this.#raiseStartOffset(baseOffset);
    this.#producers.dropSnapshots((snapshot) => snapshot < baseOffset);
    return deletable;
  }

  /**
   * The cleaner's step: `cleaned`, which is whole and synced under the suffix `.cleaned`, takes the place of the segments that it was
   * made from. Crash-safe: see finish-swap.ts. The caller has made sure that `truncations` is what it was when it began, and that none of
   * them is active.
   */
  replaceSegments(cleaned: Segment, replaced: readonly Segment[]): void {
    this.#onRewrite(this.topicPartition);
    this.#segments.replace(cleaned, replaced, this.#config.fileDeleteDelayMs);
    // A snapshot stands at the beginning of a segment.
    const gone = new Set(replaced.slice(1).map(({ baseOffset }) => baseOffset));
    this.#producers.dropSnapshots((snapshot) => gone.has(snapshot));
  }

  /** producer.id.expiration.ms: to be called now and then. */
  removeExpiredProducers(): void {
    this.#producers.removeExpired(this.#environment.clock.now(), this.#producerIdExpirationMs);
  }

  /** Resolves when everything appended before the call survives power loss. */
  flush(): Promise<void> {
    return this.#flushBelow(this.endOffset);
  }

  /**
   * Writes the producer snapshot and the indexes, flushes, lets go of the descriptors. Gives what the next start may open it by, or null
   * where that must look into the directory.
   */
  async close(): Promise<LogSummary | null> {
    if (this.#isDeleted) return null;
    this.#segments.disown();
    if (!this.#directory.isThere) return null;
    this.#segments.active.seal();
    this.#producers.takeSnapshot();
    await this.flush();
    const summary = this.#recoveryPoint === this.endOffset ? this.summary : null;
    this.release();
    return summary;
  }

  /** Lets go of the descriptors without writing anything: what a crash does. The next use opens the files again. */
  release(): void {
    this.#segments.close();
  }

  /** Renames the directory to `<topic>-<partition>.<uuid>-delete` and removes it after file.delete.delay.ms. */
  delete(): void {
    this.#onRewrite(this.topicPartition);
    this.release();
    this.#isDeleted = true;
    this.#segments.disown();
    this.#directory.delete(this.#config.fileDeleteDelayMs);
  }

  /** All or nothing: the state changes once the batches are written. */
  #append(batches: readonly RecordBatch[], origin: ProducerOrigin): AppendInfo {
    if (this.#isDeleted) throw new KafkaError('KAFKA_STORAGE_ERROR', `The log of ${this.#name} was deleted`);
    const info = appendInfo(batches, this.#startOffset);
    checkFits(info, this.#config, this.topicPartition);
    const producers = this.#producers.judge(batches, origin);
    this.#directory.make();
    // Where the log ends, though a follower's next record may come later: a gap between segments is a sign of loss.
    if (this.#segments.mustRoll(this.#config, info)) this.#roll(greatestOffset(this.endOffset, info.lastOffset - MAX_RELATIVE_OFFSET));
    // Before the records, so that no error comes after them: an epoch without records does no harm.
    for (const { partitionLeaderEpoch, baseOffset } of batches) this.#epochs.assign(partitionLeaderEpoch, baseOffset);
    this.#saveEpochs();
    this.#segments.append(batches, this.#config.indexIntervalBytes);
    this.#producers.update(producers);
    return info;
  }

  /** What is sealed now goes to the disk in the background, as in Kafka, so that recovery never reads more than the last segment. */
  #roll(baseOffset: bigint): void {
    this.#onRewrite(this.topicPartition);
    this.#segments.roll(baseOffset, this.#config);
    if (this.#directory.isThere) this.#producers.takeSnapshot();
    const { disk, log } = this.#environment;
    runInBackground(
      disk,
      () => this.#flushBelow(baseOffset),
      (error) => log('error', `Syncing ${this.#name} up to offset ${baseOffset} failed: ${error}`),
    );
  }

  async #flushBelow(endOffset: bigint): Promise<void> {
    if (endOffset <= this.#recoveryPoint && this.#directory.isMetadataSynced) return;
    const parts = { directory: this.#directory, epochs: this.#epochs, producers: this.#producers, segments: this.#segments };
    const isSynced = await syncLog(this.#environment.disk, parts, this.#recoveryPoint, endOffset);
    if (isSynced) this.#recoveryPoint = greatestOffset(this.#recoveryPoint, endOffset);
  }

  #raiseStartOffset(offset: bigint): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = offset;
    this.#epochs.truncateFromStart(offset);
    this.#saveEpochs();
  }

  #saveEpochs(): void {
    if (this.#directory.isThere) this.#epochs.save(this.#environment.disk, this.#directory.path);
  }

  get #name(): string {
    return topicPartitionName(this.topicPartition);
  }
}

const foundDirectory = (environment: LogEnvironment, options: LogOptions): PartitionDirectory =>
  new PartitionDirectory(environment, options, { isThere: true, isMetadataSynced: (options.recoveryPoint ?? 0n) > 0n });
