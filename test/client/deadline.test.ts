import { describe, expect, it } from 'vitest';
import { createDeadline } from '../../src/client/deadline.js';
import { createVirtualEnvironment } from '../../src/environment/virtual.js';

const never = new Promise<never>(() => {});
const failureOf = (promise: Promise<unknown>) => promise.then(String, (error: Error) => `${error.name}: ${error.message}`);

describe('a deadline', () => {
  it('settles as the promise does while there is time', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const deadline = createDeadline(clock, 1000);
    expect(await world.finish(deadline.wait(Promise.resolve(7), () => ''))).toBe(7);
    await expect(world.finish(deadline.wait(Promise.reject(new Error('no')), () => ''))).rejects.toThrow('no');
    expect(deadline.remainingMs()).toBe(1000);
  });

  it('says when it passes what it was about then', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const deadline = createDeadline(clock, 1000);
    let subject = 'nobody came';
    clock.after(500, () => {
      subject = 'nobody spoke';
    });
    expect(await world.finish(failureOf(deadline.wait(never, () => subject)))).toBe('TimeoutError: nobody spoke within 1000 ms');
    expect(deadline.remainingMs()).toBe(0);
    expect(await world.finish(failureOf(deadline.wait(never, () => 'too late')))).toBe('TimeoutError: too late within 1000 ms');
  });

  it('counts all waits together', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const deadline = createDeadline(clock, 1000);
    await world.finish(deadline.sleep(700));
    expect(deadline.remainingMs()).toBe(300);
    await world.finish(failureOf(deadline.wait(never, () => 'x')));
    expect(world.nowMs()).toBe(1000);
  });

  it("ends with the signal's reason, and leaves no timer", async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const abort = new AbortController();
    const deadline = createDeadline(clock, 1000, abort.signal);
    const sleeping = failureOf(deadline.sleep(900));
    clock.after(10, () => abort.abort(new Error('enough')));
    expect(await world.finish(sleeping)).toBe('Error: enough');
    expect(await world.finish(failureOf(deadline.wait(never, () => 'x')))).toBe('Error: enough');
    await expect(world.runUntil(() => false)).rejects.toThrow('nothing more will happen');
  });
});
