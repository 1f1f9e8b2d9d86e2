import type { Log } from '../log/log.js';
import { leastOffset } from '../log/offset-bounds.js';

/**
 * How far a replica has its log as the topic wants it: all that is appended or, where flush.messages says so, all that is synced. No
 * replica vouches for more.
 */
export class DurableEnd {
  readonly #log: Log;
  readonly #monotonicMs: () => number;
  #offset: bigint;
  #unflushedMessages = 0;
  #syncingAppends = 0;
  #lastFlushMs: number;

  constructor(log: Log, monotonicMs: () => number) {
    this.#log = log;
    this.#monotonicMs = monotonicMs;
    this.#offset = log.endOffset;
    this.#lastFlushMs = monotonicMs();
  }

  get offset(): bigint {
    return this.#offset;
  }
  get msSinceFlush(): number {
    return this.#monotonicMs() - this.#lastFlushMs;
  }

  /** So many records were appended. Null where they count at once; else the promise of it, which rejects with the disk's error. */
  noteAppend(messages: number): Promise<void> | null {
    this.#unflushedMessages += messages;
    if (this.#unflushedMessages >= this.#log.config.flushMessages || this.#syncingAppends > 0) return this.#syncAppend();
    this.#offset = this.#log.endOffset;
    return null;
  }

  /** As `noteAppend` of records that were appended before, and may still be on their way to the disk with what came after them. */
  reached(endOffset: bigint): Promise<void> | null {
    return endOffset <= this.#offset ? null : this.#syncAppend();
  }

  /** Syncs what was appended before the call; rejects with the disk's error. */
  async flush(): Promise<void> {
    const { endOffset } = this.#log;
    const messages = this.#unflushedMessages;
    this.#unflushedMessages = 0;
    try {
      await this.#log.flush();
    } catch (error) {
      this.#unflushedMessages += messages;
      throw error;
    }
    this.#lastFlushMs = this.#monotonicMs();
    // A truncation in between may have taken back what was synced.
    const synced = leastOffset(endOffset, this.#log.endOffset);
    if (synced > this.#offset) this.#offset = synced;
  }

  truncateTo(endOffset: bigint): void {
    if (this.#offset > endOffset) this.#offset = endOffset;
  }

  async #syncAppend(): Promise<void> {
    this.#syncingAppends++;
    try {
      await this.flush();
    } finally {
      this.#syncingAppends--;
    }
  }
}
