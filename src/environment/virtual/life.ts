import type { Cancel } from '../environment.js';
import { createLifetime, type Lifetime } from '../lifetime.js';
import type { Scheduler } from './scheduler.js';

/** The life of one virtual process, which can stand still and go on (SIGSTOP and SIGCONT). */
export interface Life extends Lifetime {
  /** Runs a timer's task: now, never where the process has ended, and when it goes on where it stands still. */
  readonly runTimer: (task: () => void) => void;
  /** The same for what comes from the network. As in Node's loop, timers that fell due meanwhile come first. */
  readonly runInput: (task: () => void) => void;
  readonly isPaused: () => boolean;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Called when it begins to stand still and when it goes on. */
  readonly onPauseChange: (listener: () => void) => Cancel;
}

/** `afterEvent` is called after each event in which the process ran, once its promises are idle. */
export function createLife(scheduler: Scheduler, afterEvent?: () => void): Life {
  const lifetime = createLifetime();
  const timers: (() => void)[] = [];
  const inputs: (() => void)[] = [];
  const listeners = new Set<() => void>();
  let paused = false;
  const runOrHold = (task: () => void, held: (() => void)[]): void => {
    if (lifetime.isOver()) return;
    if (paused) {
      held.push(task);
      return;
    }
    if (afterEvent !== undefined) scheduler.afterEvent(afterEvent);
    try {
      task();
    } catch (error) {
      // Who is killed within a transition is stopped by an exception, which nobody is there to hear.
      if (!lifetime.isOver()) throw error;
    }
  };
  const runTimer = (task: () => void): void => runOrHold(task, timers);
  const runInput = (task: () => void): void => runOrHold(task, inputs);
  const tellListeners = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    ...lifetime,
    runTimer,
    runInput,
    isPaused: () => paused,
    pause: () => {
      paused = true;
      tellListeners();
    },
    resume: () => {
      if (!paused) return;
      paused = false;
      // Each is an event of its own: one may cancel the next.
      for (const task of timers.splice(0)) scheduler.after(0, () => runTimer(task));
      for (const task of inputs.splice(0)) scheduler.after(0, () => runInput(task));
      tellListeners();
    },
    onPauseChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
