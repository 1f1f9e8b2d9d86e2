import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { KafkaError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { RecordBatch } from '../../protocol/records/record-batch.js';
import { offsetFileName, SNAPSHOT_SUFFIX } from './file-names.js';
import type { LogSegments } from './log-segments.js';
import { writeProducerSnapshot } from './producer-snapshot.js';
import { type BatchMetadata, type ProducerEntry, type ProducerOrigin, ProducerState } from './producer-state.js';
import { rebuildProducers } from './rebuild-producers.js';
import { syncFile } from './sync-file.js';

const none: readonly ProducerEntry[] = [];

/**
 * The producers of a log, and the snapshot files that spare reading the log for them. They are read when they are first asked for: most
 * logs have none, and nobody asks.
 */
export class LogProducers {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #topicPartition: TopicPartition;
  readonly #segments: LogSegments;
  /** Null where it was not read. */
  #state: ProducerState | null = null;
  /** Where a snapshot was taken, ascending: it holds all that happened below. */
  #snapshots: readonly bigint[];
  /** The snapshot that power loss may take yet. */
  #unsyncedPath: string | null = null;

  constructor(
    disk: Disk,
    log: {
      readonly directory: string;
      readonly topicPartition: TopicPartition;
      readonly segments: LogSegments;
      readonly snapshots: readonly bigint[];
    },
  ) {
    this.#disk = disk;
    this.#directory = log.directory;
    this.#topicPartition = log.topicPartition;
    this.#segments = log.segments;
    this.#snapshots = log.snapshots;
  }

  get entries(): readonly ProducerEntry[] {
    return this.#loaded().entries;
  }
  /** The first offset of an open transaction, or null. */
  get firstOpenTransactionOffset(): bigint | null {
    return this.#loaded().firstOpenTransactionOffset;
  }

  /** The batch that this one of a client repeats, or null. */
  findDuplicate(batch: RecordBatch): BatchMetadata | null {
    return batch.hasProducerId ? this.#loaded().findDuplicate(batch) : null;
  }

  /**
   * What the producers' entries are to be once these batches are written; nothing is changed yet. Throws KafkaError, see
   * ProducerState.judge.
   */
  judge(batches: readonly RecordBatch[], origin: ProducerOrigin): Iterable<ProducerEntry> {
    if (!batches.some(({ hasProducerId }) => hasProducerId)) return none;
    const state = this.#loaded();
    const updated = new Map<bigint, ProducerEntry>();
    for (const batch of batches) {
      if (!batch.hasProducerId) continue;
      const { producerId } = batch;
      const current = updated.get(producerId) ?? state.get(producerId);
      // The transaction coordinator must know of a transaction before its first record is written (KIP-890).
      if (origin === 'client' && batch.isTransactional && (current?.currentTxnFirstOffset ?? null) === null) {
        throw new KafkaError('INVALID_TXN_STATE', 'Record was not part of an ongoing transaction');
      }
      const entry = state.judge(batch, origin, current);
      if (entry !== null) updated.set(producerId, entry);
    }
    return updated.values();
  }

  update(entries: Iterable<ProducerEntry>): void {
    for (const entry of entries) this.#loaded().update(entry);
  }

  /** Forgets producers that were silent for so long and have no open transaction. */
  removeExpired(nowMs: number, expirationMs: number): void {
    this.#state?.removeExpired(nowMs, expirationMs);
  }

  /** Reads them, a step at each turn of the generator; where little is to be read that is left to the first use. */
  *load(): Generator<void> {
    if (this.#snapshots.at(-1) === this.#segments.endOffset || this.isLogShort) return;
    this.#state = new ProducerState(this.#topicPartition);
    yield* rebuildProducers(this.#disk, this.#source, this.#state);
  }

  /** The log's end is another one: what was known of its batches is read anew when it is asked for. */
  truncateToEnd(): void {
    const { endOffset } = this.#segments;
    this.dropSnapshots((snapshot) => snapshot > endOffset);
    this.#state = null;
  }

  /** The log was emptied, and its producers with it. */
  clear(): void {
    this.dropSnapshots(() => true);
    this.#state = null;
  }

  /** Writes a snapshot at the log's end where there is none, and it spares reading much. Power loss may take it until `sync`. */
  takeSnapshot(): void {
    const { endOffset } = this.#segments;
    if (endOffset <= (this.#snapshots.at(-1) ?? -1n) || this.isLogShort) return;
    const path = this.#pathOf(endOffset);
    const { entries } = this.#loaded();
    writeProducerSnapshot(this.#disk, path, entries);
    this.#snapshots = [...this.#snapshots, endOffset];
    // Without producers it says nothing that the log wouldn't.
    if (entries.length > 0) this.#unsyncedPath = path;
  }

  /**
   * Of those that a crash or earlier restarts left, only one at the beginning of a segment is of use, and the newest one within the log.
   */
  dropStraySnapshots(): void {
    const { all, endOffset } = this.#segments;
    const newest = this.#snapshots.findLast((snapshot) => snapshot <= endOffset);
    this.dropSnapshots((snapshot) => snapshot !== newest && !all.some(({ baseOffset }) => baseOffset === snapshot));
  }

  dropSnapshots(isUnwanted: (offset: bigint) => boolean): void {
    const unwanted = this.#snapshots.filter(isUnwanted);
    if (unwanted.length === 0) return;
    this.#snapshots = this.#snapshots.filter((offset) => !unwanted.includes(offset));
    for (const path of unwanted.map((offset) => this.#pathOf(offset))) {
      this.#disk.remove(path);
      if (path === this.#unsyncedPath) this.#unsyncedPath = null;
    }
  }

  /**
   * Resolves when the newest snapshot survives power loss: the segments before it may be deleted, and then nothing else tells of their
   * producers.
   */
  async sync(): Promise<void> {
    const path = this.#unsyncedPath;
    if (path === null) return;
    await syncFile(this.#disk, path);
    if (path === this.#unsyncedPath) this.#unsyncedPath = null;
  }

  #loaded(): ProducerState {
    if (this.#state === null) {
      this.#state = new ProducerState(this.#topicPartition);
      for (const _ of rebuildProducers(this.#disk, this.#source, this.#state));
    }
    return this.#state;
  }

  /** The batches of one short segment tell all there is to tell. */
  get isLogShort(): boolean {
    const { all, active } = this.#segments;
    return all.length === 1 && this.#snapshots.length === 0 && active.isShort;
  }
  get #source() {
    const { all: segments, endOffset } = this.#segments;
    return { segments, endOffset, snapshots: this.#snapshots.map((offset) => ({ offset, path: this.#pathOf(offset) })) };
  }
  #pathOf(offset: bigint): string {
    return join(this.#directory, offsetFileName(offset, SNAPSHOT_SUFFIX));
  }
}
