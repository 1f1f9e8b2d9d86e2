import type { Cancel, Clock } from '../../environment/environment.js';

export interface PeriodicTask {
  readonly initialDelayMs: number;
  /** From the end of one run to the next; asked before each, as configs change. */
  readonly intervalMs: () => number;
  /** An error ends this run, not the next. */
  readonly run: () => void | Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Timers hold no more; Kafka's "for ever" is far beyond. */
const longestMs = 2 ** 31 - 1;

/** Runs a task again and again. Gives what ends it, which resolves when a run under way has ended. */
export function startPeriodicTask(clock: Clock, { initialDelayMs, intervalMs, run, onError }: PeriodicTask): () => Promise<void> {
  let isCancelled = false;
  let running = Promise.resolve();
  let cancelTimer: Cancel = () => {};
  const schedule = (delayMs: number): void => {
    if (isCancelled || delayMs > longestMs) return;
    cancelTimer = clock.after(delayMs, () => {
      running = Promise.resolve()
        .then(run)
        .catch(onError)
        .then(() => schedule(intervalMs()));
    });
  };
  if (intervalMs() <= longestMs) schedule(initialDelayMs);
  return () => {
    isCancelled = true;
    cancelTimer();
    return running;
  };
}
