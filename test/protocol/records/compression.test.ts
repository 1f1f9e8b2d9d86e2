import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressSync as rawSnappy } from 'snappy';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src/model/errors.js';
import { compress, decompress, initializeCompression } from '../../../src/protocol/records/compression.js';
import { compressionTypes } from '../../../src/protocol/records/compression-type.js';
import { crc32c } from '../../../src/protocol/records/crc32c.js';

beforeAll(initializeCompression);

const codecs = compressionTypes.filter((type) => type !== 'none');
const zeros = new Uint8Array(3_000_000);

describe.each(codecs)('%s', (type) => {
  it('gives back what it was given, from nothing to several blocks', () => {
    const noise = fc.sample(fc.uint8Array({ minLength: 150_000, maxLength: 150_000, size: 'max' }), { numRuns: 1, seed: 1 })[0]!;
    for (const bytes of [new Uint8Array(0), Buffer.from('a'), noise, zeros, Buffer.concat([noise, zeros])]) {
      const back = decompress(type, compress(type, bytes));
      expect(Buffer.compare(back, bytes)).toBe(0);
      expect(back).toBeInstanceOf(Buffer);
    }
  });

  it('grows to its bound and not beyond', () => {
    const bomb = compress(type, zeros);
    expect(bomb.length).toBeLessThan(zeros.length / 10);
    expect(decompress(type, bomb, zeros.length)).toHaveLength(zeros.length);
    expect(() => decompress(type, bomb, zeros.length - 1)).toThrow(ProtocolError);
    expect(() => decompress(type, bomb, 1000)).toThrow(ProtocolError);
  });

  it('answers garbage with ProtocolError', () => {
    const good = compress(type, Buffer.from('some text that is long enough, some text that is long enough'));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bytes = Uint8Array.from(isCut ? good.subarray(0, at) : good);
        if (!isCut) bytes[at]! ^= flip;
        try {
          decompress(type, bytes, 10_000);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 500 },
    );
    expect(() => decompress(type, Buffer.from('not at all what it should be, whatever it is'))).toThrow(ProtocolError);
  });
});

describe('what other writers do', () => {
  it('is snappy without framing', () => {
    expect(String(decompress('snappy', rawSnappy('no framing here')))).toBe('no framing here');
  });

  it('is gzip in several members', () => {
    expect(String(decompress('gzip', Buffer.concat([gzipSync('one '), gzipSync('two')])))).toBe('one two');
    expect(() => decompress('gzip', deflateRawSync('no header'))).toThrow(ProtocolError);
  });

  it('is zstd in several frames, with a skippable one between', () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const frames = [compress('zstd', Buffer.from('one ')), skippable, compress('zstd', Buffer.from('two'))];
    expect(String(decompress('zstd', Buffer.concat(frames)))).toBe('one two');
  });

  it('is an LZ4 frame with block checksums, stored blocks and a content size', () => {
    const text = Buffer.from('stored as it is');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(text.length + 0x80000000);
    const frame = [
      Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x78, 0x40]), // independent blocks, block checksums, content size
      Buffer.from([text.length, 0, 0, 0, 0, 0, 0, 0, 0]),
      ...[size, text, Buffer.from([9, 9, 9, 9]), Buffer.alloc(4)],
    ];
    expect(String(decompress('lz4', Buffer.concat(frame)))).toBe('stored as it is');
  });

  it('is no LZ4 frame with blocks that depend on each other, as in Kafka', () => {
    const dependent = Uint8Array.from(compress('lz4', Buffer.from('text')));
    dependent[4] = 0x40;
    expect(() => decompress('lz4', dependent)).toThrow('dependent blocks');
  });
});

describe('CRC-32C', () => {
  it('has the value of RFC 3720, from the table and from native code', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    // Any length on either side of the border agrees with the table over the parts: CRC(a) of a long input by both.
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) & 0xff));
    const bitwise = (input: Uint8Array) => {
      let crc = 0xffffffff;
      for (const byte of input) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      return (crc ^ 0xffffffff) >>> 0;
    };
    for (const length of [0, 1, 299, 300, 301, 1000]) expect(crc32c(bytes.subarray(0, length))).toBe(bitwise(bytes.subarray(0, length)));
  });
});
