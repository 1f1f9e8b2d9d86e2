import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/protocol/misfit.js';
import { Reader } from '../../src/protocol/reader.js';

const reader = (hex: string): Reader => new Reader(Buffer.from(hex, 'hex'));

function detailOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Misfit) return error.detail;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('Reader', () => {
  it.each([
    ['00', 0],
    ['7f', 127],
    ['8001', 128],
    ['ffff7f', 2 ** 21 - 1],
    ['ffffffff0f', 2 ** 32 - 1],
    ['8080808000', 0],
  ])('reads varint %s as %d', (hex, value) => {
    expect(reader(hex).unsignedVarint()).toBe(value);
  });

  it.each(['ffffffff1f', '808080808000', 'ffffffffffffffffff01'])('refuses the varint %s, longer than 32 bits', (hex) => {
    expect(detailOf(() => reader(hex).unsignedVarint())).toBe('varint is longer than 32 bits');
  });

  it('refuses a varint that ends early', () => {
    expect(detailOf(() => reader('8080').unsignedVarint())).toBe('needs 1 bytes but 0 remain');
  });

  it.each([
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['ffe0000000000001', Number.MIN_SAFE_INTEGER],
    ['ffffffffffffffff', -1],
    ['ffffffff00000000', -(2 ** 32)],
    ['00000000ffffffff', 2 ** 32 - 1],
  ])('reads int64 %s as the number %d', (hex, value) => {
    expect(reader(hex).safeInt64()).toBe(value);
  });

  it.each([
    ['0020000000000000', '9007199254740992 is beyond 2^53'],
    ['8000000000000000', '-9223372036854775808 is beyond 2^53'],
    ['7fffffffffffffff', '9223372036854775807 is beyond 2^53'],
  ])('refuses int64 %s as a number', (hex, detail) => {
    expect(detailOf(() => reader(hex).safeInt64())).toBe(detail);
  });

  it.each(['', 'orders', 'a'.repeat(24), 'a'.repeat(25), 'naïve', '漢字', '😀', '\ufffd', `${'é'.repeat(40)}\ufffd`, '\0'])(
    'reads the text %j',
    (text) => {
      const bytes = Buffer.from(text, 'utf8');
      expect(new Reader(bytes).string(bytes.byteLength)).toBe(text);
    },
  );

  // A lone continuation byte, a cut sequence, an overlong form, a surrogate, a code point beyond the last.
  it.each(['80', 'e6bc', 'c0af', 'eda080', 'f4908080', `${'61'.repeat(30)}ff`])('refuses %s, which is not UTF-8', (hex) => {
    expect(detailOf(() => reader(hex).string(hex.length / 2))).toBe('text is not UTF-8');
  });

  it('gives views, not copies, as plain Uint8Arrays', () => {
    const frame = Buffer.from('00010203', 'hex');
    const frameReader = new Reader(frame.subarray(1));
    const view = frameReader.bytes(2);
    expect(view).toEqual(Uint8Array.of(1, 2));
    expect(view.buffer).toBe(frame.buffer);
    expect(Buffer.isBuffer(view)).toBe(false);
    expect(detailOf(() => frameReader.bytes(2))).toBe('needs 2 bytes but 1 remain');
  });

  it('limits the structs of one message', () => {
    const many = reader('');
    many.countStructs(4_000_000);
    expect(detailOf(() => many.countStructs(1))).toBe('more than 4000000 structs in one message');
  });
});
