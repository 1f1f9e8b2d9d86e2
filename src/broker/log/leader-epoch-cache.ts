import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { LEADER_EPOCH_CHECKPOINT } from './file-names.js';
import { syncFile } from './sync-file.js';
import { SyncState } from './sync-state.js';

export interface EpochEntry {
  readonly epoch: number;
  /** Of the first record that a leader of this epoch appended. */
  readonly startOffset: bigint;
}
export interface EpochEndOffset {
  readonly leaderEpoch: number;
  readonly endOffset: bigint;
}

/**
 * Which leader epoch each stretch of a log was written in (KIP-101). Both fields rise from entry to entry. Kept in memory, saved to
 * `leader-epoch-checkpoint` when `save` is called; what a crash takes of it, recovery reads from the batches.
 * Source: org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache.
 */
export class LeaderEpochCache {
  #entries: EpochEntry[] = [];
  #isSaved = true;
  #hasFile = false;
  readonly #syncState = new SyncState();

  /** As the file has it. */
  static of(entries: readonly EpochEntry[]): LeaderEpochCache {
    const cache = new LeaderEpochCache();
    cache.#entries = [...entries];
    cache.#hasFile = entries.length > 0;
    return cache;
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }
  get latestEpoch(): number | null {
    return this.#entries.at(-1)?.epoch ?? null;
  }

  /**
   * Replaces entries that contradict it: those of a higher epoch, and those that begin no earlier. The epoch itself goes on where it has begun
   * before: after an append that failed, the same batches come once more.
   */
  assign(epoch: number, startOffset: bigint): void {
    const latest = this.#entries.at(-1);
    if (epoch < 0 || (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset)) return;
    while (this.#entries.length > 0) {
      const last = this.#entries.at(-1) as EpochEntry;
      if (last.epoch <= epoch && last.startOffset < startOffset) break;
      this.#entries.pop();
    }
    if (this.latestEpoch !== epoch) this.#entries.push({ epoch, startOffset });
    this.#changed();
  }

  /**
   * The largest epoch at or below the one asked for and where it ends; for the newest that is the log's end. Below all that is known it
   * is the epoch asked for, ending where the oldest begins. Null above all that is known.
   */
  endOffsetFor(epoch: number, logEndOffset: bigint): EpochEndOffset | null {
    if (epoch < 0) return null;
    if (epoch === this.latestEpoch) return { leaderEpoch: epoch, endOffset: logEndOffset };
    const higher = this.#entries.findIndex((entry) => entry.epoch > epoch);
    if (higher < 0) return null;
    return { leaderEpoch: this.#entries[higher - 1]?.epoch ?? epoch, endOffset: (this.#entries[higher] as EpochEntry).startOffset };
  }

  /** The epoch of the record at this offset, or null below all that is known. */
  epochForOffset(offset: bigint): number | null {
    return this.#entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? null;
  }

  /** Drops the epochs that begin at or after the log's new end. */
  truncateFromEnd(endOffset: bigint): void {
    this.#replace(this.#entries.filter(({ startOffset }) => startOffset < endOffset));
  }

  /** Drops the epochs that ended before the log's new start; the one that it falls into begins there. */
  truncateFromStart(startOffset: bigint): void {
    const current = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    if (current < 0) return;
    const [first, ...later] = this.#entries.slice(current) as [EpochEntry, ...EpochEntry[]];
    if (current === 0 && first.startOffset === startOffset) return;
    this.#entries = [{ ...first, startOffset }, ...later];
    this.#changed();
  }

  clear(): void {
    this.#replace([]);
  }

  /** Throws CheckpointError where the file is malformed. */
  load(disk: Disk, directory: string): void {
    const entries = readCheckpoint(disk, join(directory, LEADER_EPOCH_CHECKPOINT), (line): EpochEntry | null => {
      const match = /^(\d+) (\d+)$/.exec(line);
      return match === null ? null : { epoch: Number(match[1]), startOffset: BigInt(match[2] as string) };
    });
    this.#entries = [...(entries ?? [])];
    this.#hasFile = entries !== null;
  }

  /** Writes the file where something changed since. */
  save(disk: Disk, directory: string): void {
    if (this.#isSaved) return;
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
    writeCheckpoint(disk, join(directory, LEADER_EPOCH_CHECKPOINT), lines);
    this.#isSaved = true;
    this.#hasFile = true;
  }

  /** Saves, and resolves when what stands now survives power loss. */
  async sync(disk: Disk, directory: string): Promise<void> {
    this.save(disk, directory);
    if (this.#hasFile) await this.#syncState.cover(() => syncFile(disk, join(directory, LEADER_EPOCH_CHECKPOINT)));
  }

  #replace(entries: EpochEntry[]): void {
    if (entries.length === this.#entries.length) return;
    this.#entries = entries;
    this.#changed();
  }
  #changed(): void {
    this.#isSaved = false;
    this.#syncState.changed();
  }
}
