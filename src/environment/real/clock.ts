import type { Clock } from '../environment.js';
import type { Lifetime } from '../lifetime.js';

/** Node's timers fire at once for a longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The longest that one piece of work holds the loop, and all those of one turn together: each node of a process has several. */
const SLICE_MS = 4;
const TURN_MS = 12;

/** Of this turn of the loop, once a slice has begun in it: the loop is the process', whatever environments are in it. */
let turnEndMs: number | null = null;

function beginSlice(): () => boolean {
  const nowMs = monotonicMs();
  if (turnEndMs === null) {
    turnEndMs = nowMs + TURN_MS;
    setImmediate(() => {
      turnEndMs = null;
    });
  }
  const endMs = Math.min(nowMs + SLICE_MS, turnEndMs);
  return () => monotonicMs() >= endMs;
}

function monotonicMs(): number {
  // Not performance.now(): the first look at `performance` loads ten modules, which every command would wait for.
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** The system's clock. A task that is pending when the environment closes never runs; one that is due while it stands still runs after. */
export function createRealClock(lifetime: Lifetime): Clock {
  return {
    now: Date.now,
    monotonicMs,
    beginSlice,
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
