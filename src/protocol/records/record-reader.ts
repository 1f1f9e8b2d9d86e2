import { ProtocolError } from '../../model/errors.js';

/**
 * Walks over the records of a batch, after decompression, without making an object for each: `next` moves on, the fields tell
 * where things are. Trusts no length.
 *
 *     Record: length varint | attributes int8 | timestampDelta varlong | offsetDelta varint
 *             | keyLength varint, key | valueLength varint, value | headerCount varint, Header*
 *     Header: keyLength varint, key (UTF-8) | valueLength varint, value        (a negative length is null)
 *
 * Source: org.apache.kafka.common.record.DefaultRecord.
 */
export class RecordReader {
  readonly bytes: Uint8Array;
  /** Of the record, from its length on; `end` is the position after it. */
  start = 0;
  end = 0;
  timestampDelta = 0;
  offsetDelta = 0;
  keyStart = 0;
  /** -1 for null. */
  keyLength = -1;
  valueStart = 0;
  /** -1 for null. */
  valueLength = -1;
  headerCount = 0;
  headersStart = 0;
  #position = 0;

  constructor(records: Uint8Array) {
    this.bytes = records;
  }

  /** Nothing is left. */
  get isAtEnd(): boolean {
    return this.end === this.bytes.length;
  }

  /** Reads the next record but for its headers. Throws ProtocolError where the bytes are no record. */
  next(): void {
    this.start = this.end;
    this.#position = this.start;
    const length = this.#varint('length', this.bytes.length);
    if (length < 0 || length > this.bytes.length - this.#position) this.#fail(`has a length of ${length}`);
    this.end = this.#position + length;
    if (length === 0) this.#fail('is empty');
    this.#position++; // attributes, unused
    this.timestampDelta = this.#varint('timestampDelta', this.end);
    this.offsetDelta = this.#varint('offsetDelta', this.end);
    this.keyLength = this.#skipBytes('key');
    this.keyStart = this.#position - Math.max(this.keyLength, 0);
    this.valueLength = this.#skipBytes('value');
    this.valueStart = this.#position - Math.max(this.valueLength, 0);
    this.headerCount = this.#varint('headerCount', this.end);
    this.headersStart = this.#position;
    // A header takes two bytes at least.
    if (this.headerCount < 0 || this.headerCount * 2 > this.end - this.#position) this.#fail(`has ${this.headerCount} headers`);
    if (this.headerCount === 0 && this.#position !== this.end) this.#fail('ends before its declared length');
  }

  /** The current record's headers; `visit` gets positions, and -1 as length for a null value. Throws ProtocolError. */
  readHeaders(visit: (keyStart: number, keyLength: number, valueStart: number, valueLength: number) => void): void {
    this.#position = this.headersStart;
    for (let index = 0; index < this.headerCount; index++) {
      const keyLength = this.#skipBytes('header key');
      if (keyLength < 0) this.#fail('has a header without a key');
      const keyStart = this.#position - keyLength;
      const valueLength = this.#skipBytes('header value');
      visit(keyStart, keyLength, this.#position - Math.max(valueLength, 0), valueLength);
    }
    if (this.#position !== this.end) this.#fail('ends before its declared length');
  }

  #skipBytes(field: string): number {
    const length = this.#varint(field, this.end);
    if (length < 0) return -1;
    if (length > this.end - this.#position) this.#fail(`has a ${field} of ${length} bytes`);
    this.#position += length;
    return length;
  }

  /** Zigzag, up to ten bytes; refused beyond 2^53, which nothing real needs. */
  #varint(field: string, end: number): number {
    const { bytes } = this;
    let position = this.#position;
    let raw = 0;
    let scale = 1;
    for (;;) {
      if (position >= end) this.#fail(`is cut off in its ${field}`);
      const byte = bytes[position++] as number;
      raw += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
      if (scale > 2 ** 63) this.#fail(`has an over-long ${field}`);
    }
    this.#position = position;
    if (raw > Number.MAX_SAFE_INTEGER) this.#fail(`has a ${field} beyond 2^53`);
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  #fail(what: string): never {
    throw new ProtocolError(`The record at byte ${this.start} of its batch ${what}`);
  }
}
