import type { Cancel, Clock } from '../environment/environment.js';

export interface IdleWatch {
  readonly opened: () => void;
  readonly closed: () => void;
  readonly stop: Cancel;
}

/** Calls `onIdle` once when there has been no connection for `idleMs`; the time begins now. */
export function watchIdle(clock: Clock, idleMs: number, onIdle: () => void): IdleWatch {
  let open = 0;
  let isOver = false;
  let cancel = clock.after(idleMs, onIdle);
  return {
    opened: () => {
      open += 1;
      cancel();
    },
    closed: () => {
      open -= 1;
      if (open === 0 && !isOver) cancel = clock.after(idleMs, onIdle);
    },
    stop: () => {
      isOver = true;
      cancel();
    },
  };
}
