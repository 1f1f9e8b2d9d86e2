import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/protocol/misfit.js';
import { Writer } from '../../src/protocol/writer.js';

const hexOf = (write: (writer: Writer) => void): string => {
  const writer = new Writer();
  write(writer);
  return Buffer.concat(writer.finish()).toString('hex');
};

describe('Writer', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [2 ** 32 - 1, 'ffffffff0f'],
  ])('writes the varint %d', (value, hex) => {
    expect(hexOf((writer) => writer.unsignedVarint(value))).toBe(hex);
  });

  it.each([
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
    [-1, 'ffffffffffffffff'],
    [2 ** 32, '0000000100000000'],
  ])('writes the number %d as an int64', (value, hex) => {
    expect(hexOf((writer) => writer.safeInt64(value))).toBe(hex);
  });

  it.each([
    ['int8', 128],
    ['int8', -129],
    ['int16', 32_768],
    ['uint16', -1],
    ['uint16', 65_536],
    ['int32', 2 ** 31],
    ['int32', 1.5],
    ['safeInt64', 2 ** 53],
    ['safeInt64', Number.NaN],
  ] as const)('refuses, rather than wraps, as %s %d', (kind, value) => {
    expect(() => hexOf((writer) => writer[kind](value))).toThrow(Misfit);
  });

  it.each([2n ** 63n, -(2n ** 63n) - 1n])('refuses the int64 %d', (value) => {
    expect(() => hexOf((writer) => writer.int64(value))).toThrow(Misfit);
  });

  it.each(['', 'short', 'AAAAAAAAAAAAAAAAAAAA!!', 'AAAAAAAAAAAAAAAAAAAAAAA'])('refuses the uuid %j', (value) => {
    expect(() => hexOf((writer) => writer.uuid(value))).toThrow(Misfit);
  });

  it('passes large bytes on uncopied, between what stands before and after', () => {
    const large = new Uint8Array(10_000).fill(7);
    const writer = new Writer();
    writer.int8(1);
    writer.bytes(large);
    writer.int8(2);
    expect(writer.sizeBytes).toBe(10_002);
    const chunks = writer.finish();
    expect(chunks.map(({ byteLength }) => byteLength)).toEqual([1, 10_000, 1]);
    expect(chunks[1]).toBe(large);
  });

  it('grows over many chunks without losing a byte', () => {
    const writer = new Writer();
    for (let value = 0; value < 100_000; value++) writer.int32(value);
    expect(writer.sizeBytes).toBe(400_000);
    const bytes = Buffer.concat(writer.finish());
    expect(Array.from({ length: 100_000 }, (_, index) => bytes.readInt32BE(4 * index)).every((value, index) => value === index)).toBe(true);
  });
});
