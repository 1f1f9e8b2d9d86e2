import { expect, it } from 'vitest';

type Zstd = typeof import('../../../src/protocol/records/zstd.js');

it('works however many copies of it there are in the process, and however often each is asked for', async () => {
  for (let copy = 0; copy < 4; copy++) {
    const { initializeZstd, requireZstd } = (await import(/* @vite-ignore */ `../../../src/protocol/records/zstd.js?${copy}`)) as Zstd;
    await Promise.all([initializeZstd(), initializeZstd(), initializeZstd()]);
    const zstd = requireZstd();
    for (let length = 0; length < 50_000; length += 1_000) {
      const bytes = Buffer.alloc(length, 'some text ');
      expect(Buffer.compare(zstd.decompress(zstd.compress(bytes, 3), length), bytes)).toBe(0);
    }
  }
});
