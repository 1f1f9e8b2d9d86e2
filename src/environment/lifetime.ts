import type { Cancel } from './environment.js';

/** The span of one environment: what it opened ends with it, and nothing is delivered after. */
export interface Lifetime {
  readonly isOver: () => boolean;
  /** Runs `end` when the environment is closed, unless the returned function lets go of it first. */
  readonly own: (end: () => void) => Cancel;
  readonly end: () => void;
}

export function createLifetime(): Lifetime {
  const owned = new Set<() => void>();
  let over = false;
  return {
    isOver: () => over,
    own: (end) => {
      owned.add(end);
      return () => owned.delete(end);
    },
    end: () => {
      over = true;
      for (const end of owned) end();
      owned.clear();
    },
  };
}
