import { describe, expect, it } from 'vitest';
import { SampledRate } from '../../../src/broker/replication/sampled-rate.js';

const create = () => new SampledRate({ windowMs: 1000, windows: 3 });

describe('SampledRate', () => {
  it('is 0 before anything came', () => {
    expect(create().perSecond(5000)).toBe(0);
    expect(create().fallsTo(0, 5000)).toBe(5000);
  });

  it('measures over one window at least, and over the time since the oldest began', () => {
    const rate = create();
    rate.record(600, 100);
    expect(rate.perSecond(101)).toBe(600);
    rate.record(600, 600);
    expect(rate.perSecond(1100)).toBe(1200);
    expect(rate.perSecond(2100)).toBe(600);
    rate.record(600, 2100);
    expect(rate.perSecond(2100)).toBe(900);
  });

  it('forgets what came before the windows, but not what overlaps them', () => {
    const rate = create();
    rate.record(100, 0);
    rate.record(100, 900);
    rate.record(300, 1500);
    expect(rate.perSecond(3899)).toBeCloseTo(500 / 3.899);
    expect(rate.perSecond(3900)).toBe(300 / 2.4);
    expect(rate.perSecond(4500)).toBe(0);
  });

  it('keeps one sample more than there are windows', () => {
    const rate = create();
    for (const ms of [0, 900, 1000, 1900, 2000, 2900, 3000]) rate.record(100, ms);
    expect(rate.perSecond(3000)).toBe(700 / 3);
    rate.record(100, 3900);
    rate.record(100, 4000);
    expect(rate.perSecond(4000)).toBe(700 / 3);
  });

  it('tells when it will have fallen to a limit', () => {
    const rate = create();
    rate.record(500, 1000);
    expect(rate.fallsTo(500, 1000)).toBe(1000);
    expect(rate.fallsTo(250, 1000)).toBe(3000);
    expect(rate.perSecond(3000)).toBe(250);
    // By then nothing is left of it.
    expect(rate.fallsTo(1, 1000)).toBe(4000);
    expect(rate.fallsTo(0, 1000)).toBe(4000);
    expect(rate.perSecond(4000)).toBe(0);
  });
});
