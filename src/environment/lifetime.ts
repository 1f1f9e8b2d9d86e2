import type { Cancel } from './environment.js';

/**
 * The span of one environment: what it opened ends with it, and nothing is delivered after. In between it may stand still, as a process
 * that is suspended: what would be delivered waits until it goes on.
 */
export interface Lifetime {
  readonly isOver: () => boolean;
  /** Runs `end` when the environment is closed, unless the returned function lets go of it first. */
  readonly own: (end: () => void) => Cancel;
  readonly end: () => void;
  /** All that an environment delivers goes through here: now, later in its turn where it stands still, or never where it is over. */
  readonly deliver: (task: () => void) => void;
  readonly isPaused: () => boolean;
  readonly pause: () => void;
  /** What waited is delivered first, each in a turn of the loop of its own, so that what follows of it comes before the next. */
  readonly resume: () => void;
  /** Called when it begins to stand still and when it goes on. */
  readonly onPause: (listener: () => void) => Cancel;
}

/** `nextTurn` runs a task in a later turn of the loop; left out, what waited is delivered at once. */
export function createLifetime(nextTurn: (task: () => void) => void = (task) => task()): Lifetime {
  const owned = new Set<() => void>();
  const listeners = new Set<() => void>();
  const waiting: (() => void)[] = [];
  let state: 'running' | 'paused' | 'resuming' | 'over' = 'running';

  const enter = (next: 'running' | 'paused'): void => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const deliverWaiting = (): void => {
    if (state !== 'resuming') return;
    const task = waiting.shift();
    if (task === undefined) {
      enter('running');
      return;
    }
    task();
    nextTurn(deliverWaiting);
  };
  return {
    isOver: () => state === 'over',
    own: (end) => {
      owned.add(end);
      return () => owned.delete(end);
    },
    end: () => {
      state = 'over';
      waiting.length = 0;
      for (const end of owned) end();
      owned.clear();
    },
    deliver: (task) => {
      if (state === 'running') task();
      else if (state !== 'over') waiting.push(task);
    },
    isPaused: () => state === 'paused' || state === 'resuming',
    pause: () => {
      if (state === 'running') enter('paused');
      else if (state === 'resuming') state = 'paused';
    },
    resume: () => {
      if (state !== 'paused') return;
      state = 'resuming';
      nextTurn(deliverWaiting);
    },
    onPause: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
