import { describe, expect, it } from 'vitest';
import { createVirtualRandom } from '../../../src/environment/virtual/random.js';
import { createScheduler } from '../../../src/environment/virtual/scheduler.js';

describe('the scheduler', () => {
  it('runs events by time, and at one time in the order of asking', async () => {
    const scheduler = createScheduler();
    const { uniform } = createVirtualRandom('order');
    const delays = Array.from({ length: 1000 }, () => Math.floor(uniform() * 50));
    const ran: [delayMs: number, index: number][] = [];
    for (const [index, delayMs] of delays.entries()) scheduler.after(delayMs, () => ran.push([scheduler.nowMs(), index]));
    await scheduler.run(100);
    const expected = delays.map((delayMs, index): [number, number] => [delayMs, index]).sort(([a, i], [b, j]) => a - b || i - j);
    expect(ran).toEqual(expected);
    expect(scheduler.nowMs()).toBe(100);
  });

  it('lets all promises go on between two events', async () => {
    const scheduler = createScheduler();
    const ran: string[] = [];
    scheduler.after(1, async () => {
      for (const step of ['a', 'b', 'c']) {
        await Promise.resolve();
        ran.push(step);
      }
    });
    scheduler.after(1, () => ran.push('next'));
    await scheduler.run(1);
    expect(ran).toEqual(['a', 'b', 'c', 'next']);
  });

  it('leaves what is later, and what was cancelled', async () => {
    const scheduler = createScheduler();
    const ran: string[] = [];
    const cancel = scheduler.after(1, () => ran.push('cancelled'));
    scheduler.after(2, () => ran.push('due'));
    scheduler.after(3, () => ran.push('later'));
    cancel();
    await scheduler.run(2);
    expect(ran).toEqual(['due']);
  });

  it('runs until a condition holds, and says when it never will', async () => {
    const scheduler = createScheduler();
    let count = 0;
    const tick = () => {
      count++;
      if (count < 10) scheduler.after(5, tick);
    };
    tick();
    await scheduler.runUntil(() => count === 4);
    expect(scheduler.nowMs()).toBe(15);
    await expect(scheduler.runUntil(() => count === 9, 10)).rejects.toThrow('does not hold after 10 ms of virtual time');
    await expect(scheduler.runUntil(() => count === 11)).rejects.toThrow('nothing more will happen');
  });

  it('has passed a deadline when what was left until it is over', async () => {
    const scheduler = createScheduler();
    const { uniform } = createVirtualRandom('deadlines');
    let passed = 0;
    for (let index = 0; index < 100; index++) {
      scheduler.after(uniform() * 1000, () => {
        const deadlineMs = scheduler.nowMs() + 300;
        scheduler.after(uniform() * 100, () => {
          scheduler.after(deadlineMs - scheduler.nowMs(), () => {
            if (scheduler.nowMs() >= deadlineMs) passed++;
          });
        });
      });
    }
    await scheduler.run(2000);
    expect(passed).toBe(100);
  });

  it('hands on what a task throws', async () => {
    const scheduler = createScheduler();
    scheduler.after(1, () => {
      throw new Error('a bug');
    });
    await expect(scheduler.run(1)).rejects.toThrow('a bug');
  });
});
