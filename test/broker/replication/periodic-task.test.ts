import { describe, expect, it } from 'vitest';
import { startPeriodicTask } from '../../../src/broker/replication/periodic-task.js';
import { createVirtualEnvironment } from '../../../src/environment/virtual.js';

const unexpected = (error: unknown): never => {
  throw error;
};

describe('startPeriodicTask', () => {
  it('runs after the initial delay and then at intervals, which may change', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const ranMs: number[] = [];
    let intervalMs = 100;
    startPeriodicTask(clock, {
      initialDelayMs: 30,
      intervalMs: () => intervalMs,
      run: () => void ranMs.push(world.nowMs()),
      onError: unexpected,
    });
    await world.run(250);
    intervalMs = 1000;
    await world.run(1200);
    expect(ranMs).toEqual([30, 130, 230, 330, 1330]);
  });

  it('counts the interval from the end of a run', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const ranMs: number[] = [];
    const run = () => {
      ranMs.push(world.nowMs());
      return new Promise<void>((resolve) => clock.after(500, resolve));
    };
    startPeriodicTask(clock, { initialDelayMs: 0, intervalMs: () => 100, run, onError: unexpected });
    await world.run(1300);
    expect(ranMs).toEqual([0, 600, 1200]);
  });

  it('goes on after an error', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    const errors: unknown[] = [];
    const failure = new Error('no');
    const run = () => {
      throw failure;
    };
    startPeriodicTask(clock, { initialDelayMs: 0, intervalMs: () => 100, run, onError: (error) => errors.push(error) });
    await world.run(250);
    expect(errors).toEqual([failure, failure, failure]);
  });

  it('ends, and waits for the run that goes on', async () => {
    const { clock, world } = createVirtualEnvironment(1);
    let ran = 0;
    const run = () => new Promise<void>((resolve) => clock.after(500, () => resolve(void ran++)));
    const end = startPeriodicTask(clock, { initialDelayMs: 0, intervalMs: () => 100, run, onError: unexpected });
    await world.run(10);
    await world.finish(end());
    expect([ran, world.nowMs()]).toEqual([1, 500]);
    await world.run(5000);
    expect(ran).toBe(1);
  });

  it("never runs at an interval of Kafka's for ever", async () => {
    const { clock, world } = createVirtualEnvironment(1);
    let ran = 0;
    startPeriodicTask(clock, { initialDelayMs: 0, intervalMs: () => 2 ** 63, run: () => void ran++, onError: unexpected });
    await world.run(1e9);
    expect(ran).toBe(0);
  });
});
