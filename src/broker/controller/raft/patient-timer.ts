import type { Cancel, Clock } from '../../../environment/environment.js';

/**
 * A timeout that acts only on what is so. Before it runs out, one whole round of input is handled and the time is looked at again; and
 * where this process itself stood still, it is measured anew: a stalled loop is not a dead peer.
 */
export interface PatientTimer {
  /** Begins to wait; what was waited for before is forgotten. */
  readonly start: (timeoutMs: number) => void;
  /** Waits for the whole time again, from that moment on (default: from now on). */
  readonly restart: (sinceMs?: number) => void;
  /** Waits that much longer at most, unless it is restarted meanwhile. */
  readonly hurry: (remainingMs: number) => void;
  readonly stop: () => void;
}

/** A timer that is late by less was not kept from anything. */
const SHORTEST_STALL_MS = 100;

export function createPatientTimer(clock: Clock, onExpired: () => void): PatientTimer {
  let timeoutMs = 0;
  let startMs = 0;
  let cancel: Cancel = () => {};

  const lookAfter = (delayMs: number, isFirst: boolean): void => {
    const dueMs = clock.monotonicMs() + delayMs;
    cancel = clock.after(delayMs, () => look(dueMs, isFirst));
  };
  const look = (dueMs: number, isFirst: boolean): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - dueMs > Math.max(SHORTEST_STALL_MS, timeoutMs / 2)) startMs = nowMs;
    const remainingMs = startMs + timeoutMs - nowMs;
    if (remainingMs > 0) lookAfter(remainingMs, true);
    else if (isFirst) lookAfter(0, false);
    else onExpired();
  };

  return {
    start: (givenMs) => {
      cancel();
      timeoutMs = givenMs;
      startMs = clock.monotonicMs();
      lookAfter(timeoutMs, true);
    },
    restart: (sinceMs = clock.monotonicMs()) => {
      startMs = Math.max(startMs, sinceMs);
    },
    hurry: (remainingMs) => {
      const nowMs = clock.monotonicMs();
      if (startMs + timeoutMs - nowMs <= remainingMs) return;
      cancel();
      startMs = nowMs + remainingMs - timeoutMs;
      lookAfter(remainingMs, true);
    },
    stop: () => cancel(),
  };
}
