import { describe, expect, it } from 'vitest';
import { chunks, chunksBySize } from '../../src/model/chunks.js';

describe('chunks', () => {
  it('are as large as they may be, but for the last', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });
});

describe('chunksBySize', () => {
  const parts = (sizes: readonly number[]) => chunksBySize(sizes, (size) => size, 10);
  it('adds up to what is allowed, in the order of the items', () => {
    expect(parts([4, 6, 1, 9, 1])).toEqual([[4, 6], [1, 9], [1]]);
    expect(parts([])).toEqual([]);
  });
  it('leaves what is too large by itself', () => expect(parts([3, 11, 3])).toEqual([[3], [11], [3]]));
});
