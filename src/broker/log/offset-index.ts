import type { Disk } from '../../environment/environment.js';
import { IndexFile } from './index-file.js';

/** Where in the segment's file the batch with this last offset begins. */
export interface OffsetPosition {
  readonly offset: bigint;
  readonly position: number;
}

/**
 * Sparse: one entry for every index.interval.bytes of a segment. Entry: offset less the segment's base int32 | position int32.
 * Source: org.apache.kafka.storage.internals.log.OffsetIndex.
 */
export class OffsetIndex {
  readonly file: IndexFile;
  readonly #baseOffset: bigint;

  constructor(disk: Disk, path: string, baseOffset: bigint, isNew = false) {
    this.file = new IndexFile(disk, path, 8, isNew);
    this.#baseOffset = baseOffset;
  }

  append(offset: bigint, position: number): void {
    this.file.append((bytes, at) => {
      bytes.writeInt32BE(Number(offset - this.#baseOffset), at);
      bytes.writeInt32BE(position, at + 4);
    });
  }

  /** The last entry at or below `offset`; the beginning of the segment where there is none. */
  lookup(offset: bigint): OffsetPosition {
    const relative = offset - this.#baseOffset;
    return this.#at(this.file.lastWhere((entry) => entry.readInt32BE(0) <= relative));
  }

  get last(): OffsetPosition {
    return this.#at(this.file.count - 1);
  }

  /** Keeps the entries whose batches begin below `position`. */
  truncateToPosition(position: number): void {
    this.file.truncate(this.file.lastWhere((entry) => entry.readInt32BE(4) < position) + 1);
  }

  #at(index: number): OffsetPosition {
    if (index < 0) return { offset: this.#baseOffset, position: 0 };
    const entry = this.file.entry(index);
    return { offset: this.#baseOffset + BigInt(entry.readInt32BE(0)), position: entry.readInt32BE(4) };
  }
}
