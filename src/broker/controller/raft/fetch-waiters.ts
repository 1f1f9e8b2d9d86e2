import type { Cancel, Clock } from '../../../environment/environment.js';

/** Replicas that have all there is and wait for more: a long poll each. */
export interface FetchWaiters {
  /** Resolves at the next `wake` that concerns a replica that knows this high watermark, and after `maxWaitMs`. */
  readonly wait: (knownHighWatermark: bigint, maxWaitMs: number) => Promise<void>;
  /** For all that know less. Without an argument: for all. */
  readonly wake: (highWatermark?: bigint) => void;
}

export function createFetchWaiters(clock: Clock): FetchWaiters {
  const waiting = new Set<{ readonly knownHighWatermark: bigint; readonly resolve: () => void; cancel: Cancel }>();
  return {
    wait: (knownHighWatermark, maxWaitMs) =>
      new Promise((resolve) => {
        const waiter = { knownHighWatermark, resolve, cancel: () => {} };
        waiter.cancel = clock.after(maxWaitMs, () => {
          waiting.delete(waiter);
          resolve();
        });
        waiting.add(waiter);
      }),
    wake: (highWatermark) => {
      for (const waiter of waiting) {
        if (highWatermark !== undefined && waiter.knownHighWatermark >= highWatermark) continue;
        waiting.delete(waiter);
        waiter.cancel();
        waiter.resolve();
      }
    },
  };
}
