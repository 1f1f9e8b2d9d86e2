import { describe, expect, it } from 'vitest';
import { createVirtualRandom } from '../../../src/environment/virtual/random.js';

const draw = (seed: string, count: number) => {
  const { uniform } = createVirtualRandom(seed);
  return Array.from({ length: count }, uniform);
};

describe('virtual randomness', () => {
  it('is the same for the same seed and another for another', () => {
    expect(draw('1/a', 100)).toEqual(draw('1/a', 100));
    expect(draw('1/a', 100)).not.toEqual(draw('1/b', 100));
  });

  it('is uniform in [0, 1)', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const value of draw('uniform', 100_000)) {
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('gives bytes', () => {
    const { bytes } = createVirtualRandom('bytes');
    expect(bytes(16)).toHaveLength(16);
    expect(new Set(bytes(4096)).size).toBe(256);
  });
});
