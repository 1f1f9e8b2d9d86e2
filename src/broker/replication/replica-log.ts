import { batchesOf } from '../../protocol/records/record-batch.js';
import type { AppendInfo, EpochEndOffset, Log } from '../log/log.js';
import { leastOffset } from '../log/offset-bounds.js';
import { DurableEnd } from './durable-end.js';
import { HighWatermark } from './high-watermark.js';
import type { Isolation } from './read-log.js';
import { truncationOffset } from './truncation.js';
import type { WaiterList } from './waiters.js';

/** What a fetch brought to a follower. */
export interface FetchedRecords {
  readonly records: Uint8Array;
  /** The epoch that it was asked for in. */
  readonly leaderEpoch: number;
  /** The leader's. */
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
}

export interface ReplicaLogOptions {
  readonly log: Log;
  /** What the checkpoint file says. */
  readonly highWatermark: bigint;
  /** Woken by what happens here, but for what a leader appends: that is for the leader to tell. */
  readonly waiters: WaiterList;
  readonly monotonicMs: () => number;
}

/**
 * A replica's log, how far it is committed and how far durable, and what a follower does to it. The high watermark lives here alone.
 * Every method but `flush` is one synchronous transition. Source: kafka.cluster.Partition, ReplicaFetcherThread.
 */
export class ReplicaLog {
  readonly log: Log;
  readonly #waiters: WaiterList;
  readonly #committed: HighWatermark;
  readonly #durable: DurableEnd;

  constructor({ log, highWatermark, waiters, monotonicMs }: ReplicaLogOptions) {
    this.log = log;
    this.#waiters = waiters;
    this.#committed = new HighWatermark(highWatermark, log);
    this.#durable = new DurableEnd(log, monotonicMs);
    log.committedOffset = () => this.#committed.offset;
  }

  /** The first offset that is not committed. */
  get highWatermark(): bigint {
    return this.#committed.offset;
  }
  /** The first offset that an open transaction may still take back: without transactions, all that is committed is stable. */
  get lastStableOffset(): bigint {
    return this.#committed.offset;
  }
  /** All below is on this replica as its topic wants it there. */
  get durableEndOffset(): bigint {
    return this.#durable.offset;
  }
  get msSinceFlush(): number {
    return this.#durable.msSinceFlush;
  }

  /** The first offset that a reader of this kind does not see. */
  endFor(isolation: Isolation): bigint {
    if (isolation === 'log-end') return this.log.endOffset;
    return isolation === 'read-committed' ? this.lastStableOffset : this.highWatermark;
  }
  /** Bytes that a reader of this kind could have read, in this life of the node: how a waiting fetch tells how much has come. */
  bytesFor(isolation: Isolation): number {
    return isolation === 'log-end' ? this.#committed.appendedBytes : this.#committed.committedBytes;
  }

  /** The log has these records. The promise is there where they must be synced first to count: it rejects with the disk's error. */
  noteAppend({ firstOffset, lastOffset, sizeBytes }: AppendInfo): Promise<void> | null {
    this.#committed.noteAppend(lastOffset + 1n, sizeBytes);
    return this.#durable.noteAppend(Number(lastOffset - firstOffset) + 1);
  }
  /** As `noteAppend` of records that were appended before. */
  noteDuplicate({ lastOffset }: AppendInfo): Promise<void> | null {
    return this.#durable.reached(lastOffset + 1n);
  }
  /** False where it was there already. */
  raiseHighWatermark(offset: bigint): boolean {
    return this.#committed.raiseTo(offset);
  }
  /** Syncs what was appended before the call; rejects with the disk's error. */
  flush(): Promise<void> {
    return this.#durable.flush();
  }

  /**
   * Takes on what the leader answered, which begins at this log's end. The promise is there where flush.messages wants the records synced
   * before the leader may hear of them. Throws CORRUPT_MESSAGE, and the disk's error.
   */
  appendAsFollower({ records, leaderEpoch, highWatermark, logStartOffset }: FetchedRecords): Promise<void> | null {
    let durable: Promise<void> | null = null;
    if (records.length > 0) {
      this.#beginWithin({ records, logStartOffset });
      const info = this.log.appendAsFollower(records, leaderEpoch);
      if (info !== null) durable = this.noteAppend(info);
    }
    const { endOffset } = this.log;
    let hasChanged = this.#committed.raiseTo(leastOffset(highWatermark, endOffset));
    if (logStartOffset > this.log.startOffset && logStartOffset <= this.highWatermark) {
      hasChanged = this.log.deleteRecordsBefore(logStartOffset) || hasChanged;
    }
    if (hasChanged) this.#waiters.wake();
    return durable;
  }

  /** Cuts off what the leader's log does not share: see `truncationOffset`. */
  truncateToDivergence(leader: EpochEndOffset): void {
    const { log } = this;
    this.truncateTo(truncationOffset({ endOffset: log.endOffset, endOffsetForEpoch: (epoch) => log.endOffsetForEpoch(epoch) }, leader));
  }
  truncateTo(offset: bigint): void {
    this.log.truncateTo(offset);
    this.#wasCut();
  }
  /** The leader has nothing any more of what would come next here. */
  truncateFullyAndStartAt(offset: bigint): void {
    this.log.truncateFullyAndStartAt(offset);
    this.#committed.restartAt(offset);
    this.#wasCut();
  }
  #wasCut(): void {
    const { endOffset } = this.log;
    this.#committed.truncateTo(endOffset);
    this.#durable.truncateTo(endOffset);
    this.#waiters.wake();
  }

  /**
   * The leader's log start may lie within a batch, which comes whole: a log that is empty, or has nothing that the leader still has, then begins
   * with that batch. In Kafka the latter would refuse the batch for ever (Partition.doAppendRecordsToFollowerOrFutureReplica).
   */
  #beginWithin({ records, logStartOffset }: Pick<FetchedRecords, 'records' | 'logStartOffset'>): void {
    const { startOffset, endOffset } = this.log;
    if (startOffset !== endOffset && logStartOffset < endOffset) return;
    const [first] = batchesOf(records);
    if (first !== undefined && first.baseOffset < endOffset && first.lastOffset >= endOffset)
      this.truncateFullyAndStartAt(first.baseOffset);
  }
}
