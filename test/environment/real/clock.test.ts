import { describe, expect, it } from 'vitest';
import { createLifetime } from '../../../src/environment/lifetime.js';
import { createRealClock } from '../../../src/environment/real/clock.js';

describe('the real clock', () => {
  it('runs tasks in the order of their delays', async () => {
    const clock = createRealClock(createLifetime());
    const ran: number[] = [];
    await new Promise<void>((resolve) => {
      clock.after(10, resolve);
      for (const delayMs of [5, 0, 1]) clock.after(delayMs, () => ran.push(delayMs));
    });
    expect(ran).toEqual([0, 1, 5]);
  });

  it('does not run what was cancelled, before its time or at it', async () => {
    const clock = createRealClock(createLifetime());
    const ran: string[] = [];
    const cancelZero = clock.after(0, () => ran.push('zero'));
    const cancelOne = clock.after(1, () => ran.push('one'));
    const cancelNever = clock.after(2 ** 40, () => ran.push('far'));
    cancelZero();
    cancelOne();
    await new Promise<void>((resolve) => clock.after(5, resolve));
    cancelNever();
    expect(ran).toEqual([]);
  });

  it('has the slices of one turn of the loop share what it may take', async () => {
    const [one, other] = [createRealClock(createLifetime()), createRealClock(createLifetime())];
    const isOverAtOnce = () => other.beginSlice()();
    const useUp = () => {
      for (const isOver = one.beginSlice(); !isOver(); );
    };
    const nextTurn = () => new Promise<void>((resolve) => one.after(0, resolve));
    await nextTurn();
    for (let slice = 0; slice < 3; slice++) useUp();
    expect(isOverAtOnce()).toBe(true);
    const later: boolean[] = [];
    for (let turn = 0; turn < 20; turn++) {
      await nextTurn();
      later.push(isOverAtOnce());
    }
    expect(later).toContain(false);
  });

  it('does not take a delay beyond 24 days for none', async () => {
    const lifetime = createLifetime();
    const clock = createRealClock(lifetime);
    let ran = false;
    clock.after(2 ** 33, () => {
      ran = true;
    });
    await new Promise<void>((resolve) => clock.after(5, resolve));
    expect(ran).toBe(false);
    lifetime.end();
  });

  it('runs nothing once the environment is closed, be it pending or new', async () => {
    const lifetime = createLifetime();
    const clock = createRealClock(lifetime);
    const ran: string[] = [];
    clock.after(0, () => ran.push('zero'));
    clock.after(1, () => ran.push('one'));
    lifetime.end();
    clock.after(0, () => ran.push('late'));
    await new Promise<void>((resolve) => createRealClock(createLifetime()).after(5, resolve));
    expect(ran).toEqual([]);
  });
});
