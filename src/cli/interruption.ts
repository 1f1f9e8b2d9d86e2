import type { Host } from './host.js';

/** Ctrl-C or SIGTERM, as an AbortSignal: what runs comes to an end and says what was done. A second one ends the process at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The first that came. */
  readonly received: () => 'SIGINT' | 'SIGTERM' | null;
  readonly stopListening: () => void;
}

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export function listenForInterruption({ onSignal, endNow }: Pick<Host, 'onSignal' | 'endNow'>): Interruption {
  const controller = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | null = null;
  const stops = (['SIGINT', 'SIGTERM'] as const).map((name) =>
    onSignal(name, () => {
      if (first !== null) return endNow();
      first = name;
      controller.abort(new InterruptedError('interrupted'));
    }),
  );
  return {
    signal: controller.signal,
    received: () => first,
    stopListening: () => {
      for (const stop of stops) stop();
    },
  };
}

/** The work's result, or InterruptedError as soon as the signal fires: for work that changes nothing and may be left where it stands. */
export function orInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
