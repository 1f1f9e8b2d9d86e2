import type { Clock } from '../environment.js';
import type { Lifetime } from '../lifetime.js';

/** Node's timers fire at once for a longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock. A task that is pending when the environment closes never runs; one that is due while it stands still runs after. */
export function createRealClock(lifetime: Lifetime): Clock {
  return {
    now: Date.now,
    monotonicMs: () => {
      // Not performance.now(): the first look at `performance` loads ten modules, which every command would wait for.
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1e3 + nanoseconds / 1e6;
    },
    after: (delayMs, task) => {
      if (lifetime.isOver()) return () => {};
      let stop = () => {};
      let isCancelled = false;
      const release = lifetime.own(() => stop());
      const run = () =>
        lifetime.deliver(() => {
          if (isCancelled) return;
          release();
          task();
        });
      const wait = (remainingMs: number): void => {
        if (remainingMs <= 0) {
          const immediate = setImmediate(run);
          stop = () => clearImmediate(immediate);
          return;
        }
        const laterMs = remainingMs - LONGEST_TIMER_MS;
        const timer = laterMs > 0 ? setTimeout(() => wait(laterMs), LONGEST_TIMER_MS) : setTimeout(run, remainingMs);
        stop = () => clearTimeout(timer);
      };
      wait(delayMs);
      return () => {
        isCancelled = true;
        release();
        stop();
      };
    },
  };
}
