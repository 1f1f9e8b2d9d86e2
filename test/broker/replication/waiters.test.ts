import { describe, expect, it } from 'vitest';
import { WaiterList, waitUntil } from '../../../src/broker/replication/waiters.js';
import { createVirtualEnvironment } from '../../../src/environment/virtual.js';

const never = () => false;

describe('waitUntil', () => {
  it('goes on at the wake that finds the condition satisfied, without time passing', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const list = new WaiterList();
    let ready = false;
    const wait = waitUntil(clock, { lists: [list], isSatisfied: () => ready, isAbandoned: never, timeoutMs: 5000 });
    clock.after(100, () => list.wake());
    clock.after(200, () => {
      ready = true;
      list.wake();
    });
    expect(await world.finish(wait)).toBe(true);
    expect(world.nowMs()).toBe(200);
    expect(list.size).toBe(0);
  });

  it('does not wait where the condition holds already', async () => {
    const { clock } = createVirtualEnvironment(1);
    const list = new WaiterList();
    expect(await waitUntil(clock, { lists: [list], isSatisfied: () => true, isAbandoned: never, timeoutMs: 5000 })).toBe(true);
    expect(list.size).toBe(0);
  });

  it('gives up after its time and leaves every list', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const lists = [new WaiterList(), new WaiterList()];
    const wait = waitUntil(clock, { lists, isSatisfied: never, isAbandoned: never, timeoutMs: 500 });
    expect(lists.map(({ size }) => size)).toEqual([1, 1]);
    expect(await world.finish(wait)).toBe(false);
    expect(world.nowMs()).toBe(500);
    expect(lists.map(({ size }) => size)).toEqual([0, 0]);
  });

  it('ends early where the list is ended', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const list = new WaiterList();
    const wait = waitUntil(clock, { lists: [list], isSatisfied: never, isAbandoned: never, timeoutMs: 500 });
    list.end();
    expect(await world.finish(wait)).toBe(false);
    expect([world.nowMs(), list.size]).toEqual([0, 0]);
  });

  it('wakes by any of its lists, and only once', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const [first, second] = [new WaiterList(), new WaiterList()];
    let ready = false;
    const wait = waitUntil(clock, { lists: [first, second], isSatisfied: () => ready, isAbandoned: never, timeoutMs: 500 });
    ready = true;
    second.wake();
    first.wake();
    expect(await world.finish(wait)).toBe(true);
    expect(first.size).toBe(0);
  });

  it('drops the abandoned among many, so that their number is bounded', () => {
    const { clock } = createVirtualEnvironment(1);
    const list = new WaiterList();
    let gone = false;
    for (let i = 0; i < 999; i++) {
      void waitUntil(clock, { lists: [list], isSatisfied: never, isAbandoned: () => gone, timeoutMs: 1e9 });
    }
    gone = true;
    expect(list.size).toBe(999);
    void waitUntil(clock, { lists: [list], isSatisfied: never, isAbandoned: never, timeoutMs: 1e9 });
    expect(list.size).toBe(1);
  });
});
