import { isUtf8 } from 'node:buffer';
import type { Uuid } from '../model/uuid.js';
import { Misfit } from './misfit.js';

/** Above this many bytes the native decoder is faster than a loop over ASCII. */
const shortStringBytes = 24;

/**
 * A struct can take one byte in the frame and two hundred in memory: without a limit of its own, a frame of 100 MB could
 * exhaust the heap. A Metadata response of a million partitions stays well below.
 */
const maxStructs = 4_000_000;

/**
 * Reads Kafka's primitive types from one frame, front to back. Every length is held against the bytes that remain before
 * anything is allocated for it; whatever does not fit is a Misfit.
 */
export class Reader {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  /** Index of the next byte. */
  offset = 0;
  /** Index after the last byte that may be read; smaller than the frame while inside a tagged field. */
  end: number;

  #structs = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Steps over `length` bytes and gives the index of the first. */
  #take(length: number): number {
    const start = this.offset;
    if (length > this.end - start) throw new Misfit(`needs ${length} bytes but ${this.end - start} remain`);
    this.offset = start + length;
    return start;
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Lets no more than `length` further bytes be read, and gives the end to restore. */
  narrow(length: number): number {
    const { end } = this;
    if (length > this.remaining) throw new Misfit(`needs ${length} bytes but ${this.remaining} remain`);
    this.end = this.offset + length;
    return end;
  }

  /** Says that an array of so many structs is about to be made. */
  countStructs(length: number): void {
    this.#structs += length;
    if (this.#structs > maxStructs) throw new Misfit(`more than ${maxStructs} structs in one message`);
  }

  expectEnd(): void {
    if (this.remaining > 0) throw new Misfit(`${this.remaining} bytes are left over`);
  }

  bool(): boolean {
    return this.#view.getInt8(this.#take(1)) !== 0;
  }
  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }
  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }
  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }
  /** The next two bytes, without stepping over them. */
  peekInt16(): number {
    const value = this.int16();
    this.offset -= 2;
    return value;
  }
  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }
  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }
  safeInt64(): number {
    const start = this.#take(8);
    const value = this.#view.getInt32(start) * 2 ** 32 + this.#view.getUint32(start + 4);
    if (!Number.isSafeInteger(value)) throw new Misfit(`${this.#view.getBigInt64(start)} is beyond 2^53`);
    return value;
  }
  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }
  uuid(): Uuid {
    const start = this.#take(16);
    return this.#buffer.toString('base64url', start, start + 16);
  }

  /** At most 32 bits, seven to a byte, the low ones first. */
  unsignedVarint(): number {
    const byte = this.#view.getUint8(this.#take(1));
    return byte < 0x80 ? byte : this.#longVarint(byte);
  }
  #longVarint(first: number): number {
    let value = first & 0x7f;
    for (let shift = 7; shift <= 28; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new Misfit('varint is longer than 32 bits');
  }

  /** A view of `length` bytes, which keeps the whole frame alive. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset + start, length);
  }

  /** `length` is in bytes. */
  string(length: number): string {
    const start = this.#take(length);
    const buffer = this.#buffer;
    if (length <= shortStringBytes) {
      let text = '';
      let index = start;
      for (; index < this.offset; index++) {
        const byte = buffer[index] ?? 0;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (index === this.offset) return text;
    }
    const text = buffer.toString('utf8', start, this.offset);
    // The decoder puts U+FFFD where bytes are no UTF-8, but the text may also hold that character itself.
    if (text.includes('\ufffd') && !isUtf8(buffer.subarray(start, this.offset))) throw new Misfit('text is not UTF-8');
    return text;
  }
}
