import type { Disk } from '../../environment/environment.js';
import { IndexFile } from './index-file.js';

/** The largest timestamp up to this offset. */
export interface TimeIndexEntry {
  readonly timestampMs: number;
  readonly offset: bigint;
}

/**
 * Says that all records up to an offset have timestamps no larger than this. Entry: timestamp int64 | offset less the segment's base int32.
 * Source: org.apache.kafka.storage.internals.log.TimeIndex.
 */
export class TimeIndex {
  readonly file: IndexFile;
  readonly #baseOffset: bigint;

  constructor(disk: Disk, path: string, baseOffset: bigint, isNew = false) {
    this.file = new IndexFile(disk, path, 12, isNew);
    this.#baseOffset = baseOffset;
  }

  /** Nothing where the timestamp is no larger than the last one: entries ascend in both fields. */
  maybeAppend(timestampMs: number, offset: bigint): void {
    const { last } = this;
    if (timestampMs <= last.timestampMs) return;
    this.file.append((bytes, at) => {
      bytes.writeBigInt64BE(BigInt(timestampMs), at);
      bytes.writeInt32BE(Number(offset - this.#baseOffset), at + 8);
    });
  }

  /** The last entry at or below the timestamp; -1 and the segment's base where there is none. */
  lookup(timestampMs: number): TimeIndexEntry {
    return this.#at(this.file.lastWhere((entry) => Number(entry.readBigInt64BE(0)) <= timestampMs));
  }

  get last(): TimeIndexEntry {
    return this.#at(this.file.count - 1);
  }

  /** Keeps the entries below `offset`. */
  truncateTo(offset: bigint): void {
    const relative = offset - this.#baseOffset;
    this.file.truncate(this.file.lastWhere((entry) => entry.readInt32BE(8) < relative) + 1);
  }

  #at(index: number): TimeIndexEntry {
    if (index < 0) return { timestampMs: -1, offset: this.#baseOffset };
    const entry = this.file.entry(index);
    return { timestampMs: Number(entry.readBigInt64BE(0)), offset: this.#baseOffset + BigInt(entry.readInt32BE(8)) };
  }
}
