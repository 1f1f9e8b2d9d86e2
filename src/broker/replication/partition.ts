import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import type { PartitionImage } from '../controller/image.js';
import type { AppendInfo, EpochEndOffset, Log, TimestampOffset } from '../log/log.js';
import { WaiterList } from './waiters.js';

/** How far a reader may see: all that is appended (followers), what is committed, or what no open transaction can still take back. */
export type Isolation = 'log-end' | 'read-uncommitted' | 'read-committed';

/** What a request says of the leader it believes in. */
export interface LeaderClaim {
  /** -1 says nothing. */
  readonly currentLeaderEpoch: number;
  /** False where any replica may answer. */
  readonly onlyLeader: boolean;
}
export interface ReadRequest extends LeaderClaim {
  readonly offset: bigint;
  /** The epoch of the record before `offset` in the reader's log; -1 says nothing. */
  readonly lastFetchedEpoch: number;
  readonly isolation: Isolation;
  readonly maxBytes: number;
  /** Gives the first batch even where it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
}
export interface ReadResult {
  readonly records: Uint8Array;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** The reader's log diverges from this one: it must cut off what it has of later epochs or beyond this end (KIP-320, KIP-595). */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: bigint };
}
export interface Append {
  readonly info: AppendInfo;
  /** What the answer must wait for besides, where flush.messages wants the records synced: rejects with the disk's error. */
  readonly durable: Promise<void> | null;
}

/**
 * One partition on this node: its log, who leads it in which epoch, and how far it is committed. The high watermark lives here
 * alone. Every method but `flush` is one synchronous transition; whoever waits for a change of the log's end, the
 * high watermark, the log start, the leadership or for the deletion joins `waiters`.
 */
export class Partition {
  readonly topicPartition: TopicPartition;
  readonly topicId: Uuid;
  readonly log: Log;
  readonly waiters = new WaiterList();
  readonly #nodeId: number;
  #image: PartitionImage | null = null;
  #highWatermark: bigint;
  #appendedBytes = 0;
  #committedBytes = 0;
  #unflushedMessages = 0;
  #syncingAppends = 0;
  #lastFlushMs: number;
  readonly #monotonicMs: () => number;

  /** `highWatermark` is what the checkpoint file says; it is brought into the bounds of the log. */
  constructor(options: {
    readonly nodeId: number;
    readonly topicId: Uuid;
    readonly log: Log;
    readonly highWatermark: bigint;
    readonly monotonicMs: () => number;
  }) {
    const { log } = options;
    this.topicPartition = log.topicPartition;
    this.topicId = options.topicId;
    this.log = log;
    this.#nodeId = options.nodeId;
    this.#monotonicMs = options.monotonicMs;
    this.#lastFlushMs = options.monotonicMs();
    this.#highWatermark = clamp(options.highWatermark, log.startOffset, log.endOffset);
    log.committedOffset = () => this.#highWatermark;
  }

  get isLeader(): boolean {
    return this.#image?.leader === this.#nodeId;
  }
  get leaderEpoch(): number {
    return this.#image?.leaderEpoch ?? -1;
  }
  /** The first offset that is not committed. */
  get highWatermark(): bigint {
    return this.#highWatermark;
  }
  /** The first offset that an open transaction may still take back: without transactions, all that is committed is stable. */
  get lastStableOffset(): bigint {
    return this.#highWatermark;
  }
  /** Bytes committed in this life of the node: how a waiting fetch tells how much has come since it looked. */
  get committedBytes(): number {
    return this.#committedBytes;
  }
  get msSinceFlush(): number {
    return this.#monotonicMs() - this.#lastFlushMs;
  }
  get hasUnflushed(): boolean {
    return this.log.recoveryPoint < this.log.endOffset;
  }

  /** Takes on what committed metadata says of this partition. A new epoch of ours begins at the log's end. */
  updateMetadata(image: PartitionImage): void {
    const isNewEpoch = image.leaderEpoch > this.leaderEpoch;
    this.#image = image;
    if (isNewEpoch && this.isLeader) {
      this.log.assignEpochStartOffset(image.leaderEpoch, this.log.endOffset);
      this.#advanceHighWatermark(this.#leastIsrEnd(), this.#appendedBytes);
    }
    this.waiters.wake();
  }

  /** Throws KafkaError as Kafka's Partition.localLogWithEpochOrThrow. */
  checkLeader({ currentLeaderEpoch, onlyLeader }: LeaderClaim): void {
    if (currentLeaderEpoch >= 0 && currentLeaderEpoch < this.leaderEpoch) throw new KafkaError('FENCED_LEADER_EPOCH');
    if (currentLeaderEpoch > this.leaderEpoch) throw new KafkaError('UNKNOWN_LEADER_EPOCH');
    if (onlyLeader && !this.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
  }

  /**
   * Appends a client's batch. Throws KafkaError as Kafka answers the client (see Log.appendAsLeader), and the disk's error with
   * the log as it was. Where flush.messages is reached, the records count as committed once they are synced.
   */
  append(records: Uint8Array): Append {
    if (!this.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    const info = this.log.appendAsLeader(records, this.leaderEpoch, 'client');
    this.#appendedBytes += info.sizeBytes;
    if (!info.isDuplicate) this.#unflushedMessages += Number(info.lastOffset - info.firstOffset) + 1;
    // The first sending of a duplicate may still be on its way to the disk, with what came after it.
    const mustSync = this.#unflushedMessages >= this.log.config.flushMessages || this.#syncingAppends > 0;
    const isCommitted = info.isDuplicate && info.lastOffset < this.#highWatermark;
    if (mustSync && !isCommitted) return { info, durable: this.#syncAppend() };
    this.#advanceHighWatermark(this.#leastIsrEnd(), this.#appendedBytes);
    return { info, durable: null };
  }

  async #syncAppend(): Promise<void> {
    this.#syncingAppends++;
    try {
      await this.flush();
    } finally {
      this.#syncingAppends--;
    }
  }

  /** Throws KafkaError: OFFSET_OUT_OF_RANGE, and those of `checkLeader`. */
  read(request: ReadRequest): ReadResult {
    this.checkLeader(request);
    const { offset, lastFetchedEpoch } = request;
    const { startOffset, endOffset } = this.log;
    const bounds = { highWatermark: this.#highWatermark, lastStableOffset: this.lastStableOffset, logStartOffset: startOffset };
    if (lastFetchedEpoch >= 0) {
      const epochEnd = this.log.endOffsetForEpoch(lastFetchedEpoch);
      if (epochEnd === null || offset < startOffset) throw new KafkaError('OFFSET_OUT_OF_RANGE');
      const { leaderEpoch, endOffset: epochEndOffset } = epochEnd;
      if (leaderEpoch < lastFetchedEpoch || epochEndOffset < offset) {
        return { ...bounds, records: noBytes, divergingEpoch: { epoch: leaderEpoch, endOffset: epochEndOffset } };
      }
    }
    if (offset < startOffset || offset > endOffset) throw new KafkaError('OFFSET_OUT_OF_RANGE');
    const upToOffset = this.endFor(request.isolation);
    if (offset >= upToOffset) return { ...bounds, records: noBytes };
    const { maxBytes, minOneBatch } = request;
    return { ...bounds, records: this.log.read(offset, { maxBytes, upToOffset, minOneBatch }) };
  }

  /** The first offset that a reader of this kind does not see. */
  endFor(isolation: Isolation): bigint {
    if (isolation === 'log-end') return this.log.endOffset;
    return isolation === 'read-committed' ? this.lastStableOffset : this.#highWatermark;
  }

  /** The first record at or after the timestamp that a reader of this kind sees, or null. */
  offsetForTimestamp(timestampMs: number, isolation: Isolation): TimestampOffset | null {
    return this.#visible(this.log.offsetForTimestamp(timestampMs), isolation);
  }
  /** The record with the largest timestamp, or null in an empty log. */
  offsetOfMaxTimestamp(isolation: Isolation): TimestampOffset | null {
    return this.#visible(this.log.offsetOfMaxTimestamp(), isolation);
  }
  #visible(found: TimestampOffset | null, isolation: Isolation): TimestampOffset | null {
    return found === null || found.offset >= this.endFor(isolation) ? null : found;
  }

  /** KIP-101; null where the log cannot say. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | null {
    return this.log.endOffsetForEpoch(leaderEpoch);
  }

  /** Raises the log start; above the high watermark it throws KafkaError OFFSET_OUT_OF_RANGE. Gives the low watermark: the least log start over the replicas. */
  deleteRecordsBefore(offset: bigint): bigint {
    if (this.log.deleteRecordsBefore(offset)) this.waiters.wake();
    return this.log.startOffset;
  }

  /** Syncs what was appended before the call; rejects with the disk's error. */
  async flush(): Promise<void> {
    const endOffset = this.log.endOffset;
    const appendedBytes = this.#appendedBytes;
    const messages = this.#unflushedMessages;
    this.#unflushedMessages = 0;
    try {
      await this.log.flush();
    } catch (error) {
      this.#unflushedMessages += messages;
      throw error;
    }
    this.#lastFlushMs = this.#monotonicMs();
    if (this.isLeader) this.#advanceHighWatermark(endOffset, appendedBytes);
  }

  /** Its topic is gone, or it is placed elsewhere: the records go too. Whoever waits finds it gone. */
  delete(): void {
    this.waiters.wake();
    this.log.delete();
  }

  /** What the high watermark may rise to: the least log end over the ISR, which is this node alone. */
  #leastIsrEnd(): bigint {
    return this.log.endOffset;
  }

  /** Never falls within an epoch. `committedBytes` of what was appended lie below `offset`. */
  #advanceHighWatermark(offset: bigint, committedBytes: number): void {
    if (offset <= this.#highWatermark) return;
    this.#highWatermark = offset;
    this.#committedBytes = committedBytes;
    this.waiters.wake();
  }

  toString(): string {
    return topicPartitionName(this.topicPartition);
  }
}

const noBytes = new Uint8Array(0);
const clamp = (value: bigint, least: bigint, most: bigint): bigint => (value < least ? least : value > most ? most : value);
