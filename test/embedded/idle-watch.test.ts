import { describe, expect, it } from 'vitest';
import { watchIdle } from '../../src/embedded/idle-watch.js';
import { createWorld } from '../../src/environment/virtual.js';

function watched() {
  const world = createWorld(1);
  let calls = 0;
  const watch = watchIdle(world.createEnvironment('a').clock, 1_000, () => calls++);
  return { world, watch, calls: () => calls };
}

describe('watchIdle', () => {
  it('calls once when there was never a connection', async () => {
    const { world, calls } = watched();
    await world.run(999);
    expect(calls()).toBe(0);
    await world.run(10_000);
    expect(calls()).toBe(1);
  });

  it('counts from the end of the last of several connections', async () => {
    const { world, watch, calls } = watched();
    watch.opened();
    await world.run(5_000);
    watch.opened();
    watch.closed();
    await world.run(5_000);
    expect(calls()).toBe(0);
    watch.closed();
    await world.run(999);
    expect(calls()).toBe(0);
    await world.run(1);
    expect(calls()).toBe(1);
  });

  it('never calls after it was stopped', async () => {
    const { world, watch, calls } = watched();
    watch.stop();
    watch.opened();
    watch.closed();
    await world.run(5_000);
    expect(calls()).toBe(0);
  });
});
