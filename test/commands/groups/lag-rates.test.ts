import { describe, expect, it } from 'vitest';
import { followLag, rateText } from '../../../src/commands/groups/lag-rates.js';
import { type LagRow, unknownLag } from '../../../src/commands/groups/lag-row.js';

const at = (committedOffset: bigint, lag: bigint): LagRow => ({ ...unknownLag, group: 'billing', committedOffset, lag });
const follow = () => followLag<LagRow>(() => 'billing');

describe('the rate of a group', () => {
  it('is not known at the first look, and then says when it will have caught up', () => {
    const ratesOf = follow();
    expect(ratesOf([at(100n, 1_000n)], 0).size).toBe(0);
    // 200 consumed and 100 more written in 10 s: 100 of 900 gained.
    expect(ratesOf([at(300n, 900n)], 10_000).get('billing')).toEqual({ consumedPerSecond: 20, catchUpMs: 90_000 });
  });

  it('is over the last half minute', () => {
    const ratesOf = follow();
    for (let seconds = 0; seconds <= 60; seconds++) ratesOf([at(BigInt(seconds), 1_000n)], seconds * 1_000);
    const rate = ratesOf([at(60n + 300n, 700n)], 90_000).get('billing');
    expect(rate).toEqual({ consumedPerSecond: 10, catchUpMs: 70_000 });
  });

  it('never catches up where it does not gain, and needs not where it is not behind', () => {
    const ratesOf = follow();
    ratesOf([at(0n, 10n)], 0);
    expect(ratesOf([at(5n, 10n)], 1_000).get('billing')?.catchUpMs).toBe(Number.POSITIVE_INFINITY);
    expect(ratesOf([at(20n, 0n)], 2_000).get('billing')?.catchUpMs).toBeNull();
  });

  it('is not known of an offset that was set back, or of what is not known', () => {
    const ratesOf = follow();
    ratesOf([at(10n, 0n)], 0);
    expect(ratesOf([at(5n, 5n)], 1_000).size).toBe(0);
    expect(ratesOf([{ ...unknownLag, group: 'billing' }], 2_000).size).toBe(0);
  });

  it.each([
    [0, '0/s'],
    [0.44, '0.4/s'],
    [12.5, '13/s'],
    [120_000, '120000/s'],
  ])('shows %d as %s', (rate, text) => expect(rateText(rate)).toBe(text));
});
