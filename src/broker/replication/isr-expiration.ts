import type { Cancel, Clock } from '../../environment/environment.js';
import { forEachInSlices } from './in-slices.js';
import type { Partition } from './partition.js';

export interface IsrExpirationOptions {
  readonly clock: Clock;
  /** replica.lag.time.max.ms */
  readonly lagTimeMaxMs: () => number;
  readonly partitions: () => readonly Partition[];
}

/**
 * Looks twice in replica.lag.time.max.ms for followers that have fallen behind. A loop that stood still is not a follower that did: what
 * has come meanwhile is taken in first, and after half of that time all is measured anew. Source: ReplicaManager.maybeShrinkIsr.
 */
export function startIsrExpiration({ clock, lagTimeMaxMs, partitions }: IsrExpirationOptions): Cancel {
  let isEnded = false;
  let cancel: Cancel = () => {};
  const schedule = (): void => {
    if (isEnded) return;
    const intervalMs = lagTimeMaxMs() / 2;
    const dueMs = clock.monotonicMs() + intervalMs;
    cancel = clock.after(intervalMs, () => {
      const hasStoodStill = clock.monotonicMs() - dueMs > lagTimeMaxMs() / 2;
      cancel = clock.after(0, () => void look(hasStoodStill));
    });
  };
  const look = async (hasStoodStill: boolean): Promise<void> => {
    await forEachInSlices(clock, partitions(), (partition) => {
      if (hasStoodStill) partition.forgiveLag();
      else if (!isEnded) partition.shrinkIsr();
    });
    schedule();
  };
  schedule();
  return () => {
    isEnded = true;
    cancel();
  };
}
