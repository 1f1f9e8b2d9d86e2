import { describe, expect, it } from 'vitest';
import { moveProgressTeller } from '../../src/commands/move-progress.js';

const mebibyte = 2 ** 20;
const a = { topic: 'a', partition: 0 };

describe('the progress of moves', () => {
  it('has what is left of the batch and of those that come later, and the time that takes at the pace so far', () => {
    let nowMs = 1_000;
    const left = new Map([
      ['a-0', { moveBytes: 10 * mebibyte }],
      ['b-0', { moveBytes: 20 * mebibyte }],
    ]);
    const tell = moveProgressTeller(() => nowMs, left);
    expect(tell({ batch: [a], leftBytes: 10 * mebibyte })).toBe(', 30.0 MiB left');
    nowMs += 5_000;
    expect(tell({ batch: [a], leftBytes: 5 * mebibyte })).toBe(', 25.0 MiB left, about 25s');
    left.delete('a-0');
    nowMs += 5_000;
    expect(tell({ batch: [{ topic: 'b', partition: 0 }], leftBytes: 20 * mebibyte })).toBe(', 20.0 MiB left, about 20s');
  });

  it('has no time where more is left than at first', () => {
    const tell = moveProgressTeller(() => 0, new Map());
    tell({ batch: [a], leftBytes: 10 });
    expect(tell({ batch: [a], leftBytes: 20 })).toBe(', 20 B left');
  });

  it('is not told where brokers do not tell', () => {
    expect(moveProgressTeller(() => 0, new Map())({ batch: [a], leftBytes: null })).toBe('');
    const tell = moveProgressTeller(() => 0, new Map([['b-0', { moveBytes: null }]]));
    expect(tell({ batch: [a], leftBytes: 10 })).toBe('');
  });
});
