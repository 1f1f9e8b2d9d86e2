import { describe, expect, it } from 'vitest';
import { startIsrExpiration } from '../../../src/broker/replication/isr-expiration.js';
import type { Partition } from '../../../src/broker/replication/partition.js';
import type { Clock } from '../../../src/environment/environment.js';
import { createVirtualEnvironment } from '../../../src/environment/virtual.js';

/** What is done to a partition, under a clock that can jump as one does whose loop stands still. */
function started() {
  const { clock, world } = createVirtualEnvironment(1);
  let standstillMs = 0;
  const jumping: Clock = { ...clock, monotonicMs: () => clock.monotonicMs() + standstillMs };
  const done: string[] = [];
  const partition = { shrinkIsr: () => done.push('shrink'), forgiveLag: () => done.push('forgive') };
  const stop = startIsrExpiration({
    clock: jumping,
    lagTimeMaxMs: () => 1000,
    partitions: () => [partition as unknown as Partition],
  });
  return { world, done, stop, standStill: (ms: number) => (standstillMs += ms) };
}

describe('ISR expiration', () => {
  it('looks for followers that lag twice in replica.lag.time.max.ms', async () => {
    const { world, done, stop } = started();
    await world.run(2001);
    expect(done).toEqual(['shrink', 'shrink', 'shrink', 'shrink']);
    stop();
    await world.run(2000);
    expect(done).toHaveLength(4);
  });

  it('measures anew where the loop stood still for more than half of that time', async () => {
    const { world, done, standStill } = started();
    standStill(501);
    await world.run(501);
    expect(done).toEqual(['forgive']);
    await world.run(500);
    expect(done).toEqual(['forgive', 'shrink']);
  });

  it('does not mind a loop that is a little late', async () => {
    const { world, done, standStill } = started();
    standStill(400);
    await world.run(501);
    expect(done).toEqual(['shrink']);
  });
});
