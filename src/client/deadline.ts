import { setMaxListeners } from 'node:events';
import type { Clock } from '../environment/environment.js';
import { TimeoutError } from '../model/errors.js';

/** The time that one piece of work has, with all its retries. */
export interface Deadline {
  readonly remainingMs: () => number;
  /**
   * Settles as `promise` does, unless the time passes first (TimeoutError: "`subject` within 10000 ms") or the signal fires
   * (its reason). What is waited for goes on; its late failure is swallowed.
   */
  readonly wait: <T>(promise: Promise<T>, subject: () => string) => Promise<T>;
  /** Resolves after `delayMs`, which should be less than what remains; rejects with the signal's reason. */
  readonly sleep: (delayMs: number) => Promise<void>;
}

export function createDeadline(clock: Clock, timeoutMs: number, signal?: AbortSignal): Deadline {
  // Each request that is under way listens to it, and hundreds may be: no leak of which Node should warn.
  if (signal !== undefined) setMaxListeners(0, signal);
  const endMs = clock.monotonicMs() + timeoutMs;
  const remainingMs = () => Math.max(0, endMs - clock.monotonicMs());
  const wait = <T>(promise: Promise<T>, subject: () => string): Promise<T> =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        stop();
        reject(error);
      };
      const onAbort = () => fail(signal?.reason);
      const cancel = clock.after(remainingMs(), () => fail(new TimeoutError(`${subject()} within ${timeoutMs} ms`)));
      const stop = () => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      promise.then((value) => {
        stop();
        resolve(value);
      }, fail);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  return {
    remainingMs,
    wait,
    sleep: async (delayMs) => {
      let cancel = () => {};
      const slept = new Promise<void>((resolve) => {
        cancel = clock.after(delayMs, resolve);
      });
      await wait(slept, () => 'nothing happened').finally(cancel);
    },
  };
}
