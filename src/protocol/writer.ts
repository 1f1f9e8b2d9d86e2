import type { Uuid } from '../model/uuid.js';
import { Misfit } from './misfit.js';

const largestChunkBytes = 65_536;
/** What most tagged fields fit in. */
const nestedChunkBytes = 64;
/** From this size on bytes are handed on as a chunk of their own; below it a copy is cheaper than one more chunk. */
const uncopiedBytes = 4_096;

/**
 * Writes Kafka's primitive types into a row of chunks that grows as needed and is never copied together. Numbers out of
 * range are a Misfit rather than wrapped.
 */
export class Writer {
  #chunks: Uint8Array[] = [];
  #chunksBytes = 0;
  #buffer: Buffer;
  #view: DataView;
  #start = 0;
  #offset = 0;
  #nested: Writer | null = null;

  constructor(firstChunkBytes = 512) {
    this.#buffer = Buffer.allocUnsafe(firstChunkBytes);
    this.#view = viewOf(this.#buffer);
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.#chunksBytes + this.#offset - this.#start;
  }

  /** What was written, in order, since the last time. */
  finish(): Uint8Array[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunksBytes = 0;
    return chunks;
  }

  /** For what must follow its own size: `append` it before the next is asked for. One for all of them, as writers cost more than what they write. */
  nested(): Writer {
    this.#nested ??= new Writer(nestedChunkBytes);
    return this.#nested;
  }

  /** Makes room for `length` bytes in one chunk and gives the index of the first. May replace the buffer: call it before naming that. */
  #reserve(length: number): number {
    if (this.#offset + length > this.#buffer.length) {
      this.#closeChunk();
      this.#buffer = Buffer.allocUnsafe(Math.max(length, Math.min(2 * this.#buffer.length, largestChunkBytes)));
      this.#view = viewOf(this.#buffer);
      this.#start = 0;
      this.#offset = 0;
    }
    const start = this.#offset;
    this.#offset = start + length;
    return start;
  }

  #closeChunk(): void {
    if (this.#offset > this.#start) this.#push(this.#buffer.subarray(this.#start, this.#offset));
    this.#start = this.#offset;
  }
  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#chunksBytes += chunk.byteLength;
  }

  bool(value: boolean): void {
    if (typeof value !== 'boolean') throw outOfRange('bool', value);
    const start = this.#reserve(1);
    this.#view.setInt8(start, value ? 1 : 0);
  }
  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange('int8', value);
    const start = this.#reserve(1);
    this.#view.setInt8(start, value);
  }
  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange('int16', value);
    const start = this.#reserve(2);
    this.#view.setInt16(start, value);
  }
  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange('uint16', value);
    const start = this.#reserve(2);
    this.#view.setUint16(start, value);
  }
  int32(value: number): void {
    if ((value | 0) !== value) throw outOfRange('int32', value);
    const start = this.#reserve(4);
    this.#view.setInt32(start, value);
  }
  int64(value: bigint): void {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw outOfRange('int64', value);
    const start = this.#reserve(8);
    this.#view.setBigInt64(start, value);
  }
  safeInt64(value: number): void {
    if (!Number.isSafeInteger(value)) throw outOfRange('integer within 2^53', value);
    const start = this.#reserve(8);
    this.#view.setInt32(start, Math.floor(value / 2 ** 32));
    this.#view.setUint32(start + 4, value >>> 0);
  }
  float64(value: number): void {
    if (typeof value !== 'number') throw outOfRange('float64', value);
    const start = this.#reserve(8);
    this.#view.setFloat64(start, value);
  }
  uuid(value: Uuid): void {
    const start = this.#reserve(16);
    if (typeof value !== 'string' || value.length !== 22 || this.#buffer.write(value, start, 16, 'base64url') !== 16) {
      throw new Misfit(`'${value}' is no uuid: 22 characters of url-safe base64`);
    }
  }

  unsignedVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      const start = this.#reserve(1);
      this.#view.setUint8(start, (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    const start = this.#reserve(1);
    this.#view.setUint8(start, rest);
  }

  /** Everything that another writer holds, uncopied where it is large. */
  append(other: Writer): void {
    for (const chunk of other.finish()) this.bytes(chunk);
  }

  /** Large ones are passed on uncopied, and must then stay as they are until the message is sent. */
  bytes(value: Uint8Array): void {
    if (value.byteLength >= uncopiedBytes) {
      this.#closeChunk();
      this.#push(value);
      return;
    }
    const start = this.#reserve(value.byteLength);
    this.#buffer.set(value, start);
  }

  /** `length` is that of the text as UTF-8, in bytes. */
  string(value: string, length: number): void {
    const start = this.#reserve(length);
    this.#buffer.write(value, start, length, 'utf8');
  }
}

const viewOf = (buffer: Buffer): DataView => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

const outOfRange = (what: string, value: unknown): Misfit => new Misfit(`${String(value)} is no ${what}`);
