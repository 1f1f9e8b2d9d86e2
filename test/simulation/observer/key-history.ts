import { type DecodedRecord, decodeBatch } from '../../../src/protocol/records/decode-batch.js';
import type { RecordBatch } from '../../../src/protocol/records/record-batch.js';

/** What of a record a reader is given. */
export type KeyedRecord = Pick<DecodedRecord, 'offset' | 'key' | 'value'>;
interface Committed {
  readonly key: string;
  /** Null for a tombstone. */
  readonly value: string | null;
}

/** What a log or a reader of it has that it must not have, or lacks. */
export interface KeyMismatch {
  readonly kind: 'changed' | 'lost';
  readonly detail: string;
}

/**
 * All that was ever committed in one partition of a compacted topic, record by record: what compaction may take away, and what it may not.
 */
export class KeyHistory {
  readonly #records = new Map<number, Committed>();
  /** Of each key, ascending. */
  readonly #offsets = new Map<string, number[]>();

  /** Records that were committed. */
  get size(): number {
    return this.#records.size;
  }

  commit(batch: RecordBatch): void {
    for (const { offset, key, value } of decodeBatch(batch)) {
      const name = textOf(key) ?? '';
      const offsets = this.#offsets.get(name);
      this.#records.set(Number(offset), { key: name, value: textOf(value) });
      if (offsets === undefined) this.#offsets.set(name, [Number(offset)]);
      else offsets.push(Number(offset));
    }
  }

  /** Whether a record from `base` to `last` must be in every log: it is the last of its key, and no tombstone, whose time may be over. */
  mustKeep(base: number, last: number): boolean {
    for (let offset = base; offset <= last; offset++) {
      const record = this.#records.get(offset);
      if (record !== undefined && record.value !== null && this.#offsets.get(record.key)?.at(-1) === offset) return true;
    }
    return false;
  }

  /**
   * Compares what was read, from the beginning of a log up to `end`: each record is the one that was committed at its offset, and the last
   * one of each key is there. Of a key that was deleted, nothing may be there or its tombstone. Null where all is well.
   *
   * Where the log, which ends at `logEnd`, holds a later record of the key, from `end` on, compaction may have taken what is before: a leader that has
   * just begun knows of less than who cleaned knew of, be it itself before a restart. So is Kafka's: LogCleanerManager.cleanableOffsets asks for
   * nothing but the high watermark of that time, and Partition.createLog begins with the checkpoint's, Partition.makeLeader with the follower's.
   */
  compare(read: readonly KeyedRecord[], end: number, logEnd: number): KeyMismatch | null {
    const last = new Map<string, number>();
    let next = 0;
    for (const record of read) {
      const offset = Number(record.offset);
      const key = textOf(record.key) ?? '';
      const committed = this.#records.get(offset);
      if (offset < next || committed?.key !== key || committed.value !== textOf(record.value)) {
        return { kind: 'changed', detail: `offset ${offset} is not the record of ${nameOf(committed?.key)} that was committed there` };
      }
      next = offset + 1;
      last.set(key, offset);
    }
    for (const [key, offsets] of this.#offsets) {
      const wanted = offsets.findLast((offset) => offset < end);
      const found = last.get(key);
      if (offsets.some((offset) => offset >= end && offset < logEnd)) continue;
      if (found === wanted || (found === undefined && this.#records.get(wanted as number)?.value === null)) continue;
      return { kind: 'lost', detail: `the last record of ${nameOf(key)} below ${end} is at ${wanted}, and ${found ?? 'none'} was found` };
    }
    return null;
  }
}

/** A character for each byte. */
const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
const nameOf = (key: string | undefined): string => (key === undefined ? 'no key' : JSON.stringify(key));
