import type { Log } from '../log/log.js';

/** As Log.read takes them. */
export interface ReadLimits {
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
}

interface Stretch {
  readonly offset: bigint;
  readonly endOffset: bigint;
  readonly bytes: Uint8Array;
}
/** `endOffset` is the log's end at the time. */
interface ReadStretch extends Stretch {
  /** What it was limited to. */
  readonly maxBytes: number;
}

/** What all partitions of a node together may keep in memory. */
export interface RecentRecordsBudget {
  remainingBytes: number;
}
export const createRecentRecordsBudget = (): RecentRecordsBudget => ({ remainingBytes: 32 * 1024 * 1024 });

/**
 * What a leader appended or read last, kept until all in-sync replicas have it: several followers fetch the same records within
 * milliseconds, so that most of them are sent as they came, and the others read once.
 */
export class RecentRecords {
  readonly #budget: RecentRecordsBudget;
  #appended: Stretch | null = null;
  #read: ReadStretch | null = null;

  constructor(budget: RecentRecordsBudget) {
    this.#budget = budget;
  }

  /** These very bytes are in the log. */
  noteAppend(offset: bigint, endOffset: bigint, bytes: Uint8Array): void {
    this.#appended = this.#replaced(this.#appended, { offset, endOffset, bytes });
  }

  /** As Log.read up to the log's end. */
  read(log: Log, offset: bigint, options: ReadLimits): Uint8Array {
    const { endOffset } = log;
    const appended = this.#appended;
    if (appended !== null && appended.offset === offset && appended.endOffset === endOffset) {
      // It is one batch.
      if (options.minOneBatch || appended.bytes.length <= options.maxBytes) return appended.bytes;
    }
    const known = this.#read;
    // What has come since, or had no room then, makes no difference where there is little more room now.
    const isWorthIt = (read: ReadStretch): boolean =>
      (read.endOffset === endOffset && read.maxBytes >= options.maxBytes) || read.bytes.length * 2 >= options.maxBytes;
    if (known !== null && known.offset === offset && known.bytes.length <= options.maxBytes && isWorthIt(known)) return known.bytes;
    const bytes = log.read(offset, options);
    // Nothing is what fits where the first batch is too large; another reader must have that batch all the same.
    if (bytes.length > 0) this.#read = this.#replaced(known, { offset, endOffset, bytes, maxBytes: options.maxBytes });
    return bytes;
  }

  /** All in-sync replicas have what lies below. */
  forgetBelow(offset: bigint): void {
    if (this.#appended !== null && this.#appended.endOffset <= offset) this.#appended = this.#replaced(this.#appended, null);
    if (this.#read !== null && this.#read.endOffset <= offset) this.#read = this.#replaced(this.#read, null);
  }
  forgetAll(): void {
    this.#appended = this.#replaced(this.#appended, null);
    this.#read = this.#replaced(this.#read, null);
  }

  #replaced<S extends Stretch>(old: S | null, stretch: S | null): S | null {
    const remainingBytes = this.#budget.remainingBytes + (old?.bytes.length ?? 0) - (stretch?.bytes.length ?? 0);
    if (remainingBytes < 0) return this.#replaced(old, null);
    this.#budget.remainingBytes = remainingBytes;
    return stretch;
  }
}
