import { describe, expect, it } from 'vitest';
import { parseSelection } from '../../../src/commands/topics/selection.js';

const parse = (args: readonly string[], match?: string, includeInternal = false) => parseSelection(args, { match, includeInternal });

describe('topics are', () => {
  it('those named, each once, whatever is in the name', () => {
    expect(parse(['orders', 'test-*', 'orders'])).toEqual({ names: ['orders', 'test-*'], pattern: null });
  });
  it('those that a pattern finds', () => {
    expect(parse([], 'test-*')).toEqual({ names: null, pattern: 'test-*', includeInternal: false });
    expect(parse([], '*', true)).toEqual({ names: null, pattern: '*', includeInternal: true });
  });
  it('never all of them by omission, nor both ways at once', () => {
    expect(() => parse([])).toThrow('name topics, or pass --match');
    expect(() => parse(['orders'], '*')).toThrow('not both');
    expect(() => parse(['orders'], undefined, true)).toThrow('--include-internal goes with --match');
  });
});
