import type { Cancel } from '../../../environment/environment.js';

/** Whoever wants to hear of one thing. */
export type Listeners = ReturnType<typeof createListeners>;

export function createListeners() {
  const listeners = new Set<() => void>();
  return {
    add: (listener: () => void): Cancel => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify: (): void => {
      for (const listener of [...listeners]) listener();
    },
  };
}
