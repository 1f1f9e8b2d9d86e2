import { describe, expect, it } from 'vitest';
import { includesVersion, versionRange } from '../../src/protocol/versions.js';

describe('versionRange', () => {
  it.each([
    ['3', 3, 3],
    ['8-10', 8, 10],
    ['9+', 9, Number.POSITIVE_INFINITY],
  ] as const)('%s is %d to %d', (versions, first, last) => {
    expect(versionRange(versions)).toEqual({ first, last });
  });

  it('none holds no version', () => {
    expect([0, 1, 99].some((version) => includesVersion('none', version))).toBe(false);
  });
});
