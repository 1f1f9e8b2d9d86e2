import { describe, expect, it } from 'vitest';
import { type Position, type ResetTarget, targetOffset } from '../../../src/commands/offsets/reset-target.js';

const at: Position = { committed: 50n, start: 10n, end: 100n, atTime: null, given: null };
const to = (target: ResetTarget, known: Partial<Position> = {}) => targetOffset(target, { ...at, ...known });

describe('the offset that a reset goes to', () => {
  it('is an end of the log', () => {
    expect(to({ kind: 'earliest' })).toBe(10n);
    expect(to({ kind: 'latest' })).toBe(100n);
  });
  it('is kept inside the log', () => {
    expect(to({ kind: 'offset', offset: 60n })).toBe(60n);
    expect(to({ kind: 'offset', offset: 5n })).toBe(10n);
    expect(to({ kind: 'offset', offset: 2n ** 60n })).toBe(100n);
    expect(to({ kind: 'shift', by: 10n })).toBe(60n);
    expect(to({ kind: 'shift', by: 51n })).toBe(100n);
    expect(to({ kind: 'shift', by: -41n })).toBe(10n);
    expect(to({ kind: 'current' }, { committed: 5n })).toBe(10n);
  });
  it('is the end where nothing is committed, or nothing is of that time', () => {
    expect(to({ kind: 'current' }, { committed: null })).toBe(100n);
    expect(to({ kind: 'time', atMs: 0 })).toBe(100n);
    expect(to({ kind: 'ago', ms: 5 }, { atTime: 70n })).toBe(70n);
  });
  it('is not known where there is nothing to go by', () => {
    expect(to({ kind: 'shift', by: 1n }, { committed: null })).toBeNull();
    expect(to({ kind: 'file', path: '' })).toBeNull();
    expect(to({ kind: 'group', group: 'g' }, { given: 101n })).toBe(100n);
  });
});
