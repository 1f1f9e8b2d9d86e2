import type { Clock } from '../../environment/environment.js';
import { createPatientTimer, type PatientTimer } from '../controller/raft/patient-timer.js';

/** What a timer is for, and of which group and member: `session-orders-consumer-1`. */
export type TimerKey = string;

/**
 * The timers of a coordinator, one per key. They are patient: a process that stood still takes no member for dead that had no chance to be
 * heard. Source: CoordinatorTimer.
 */
export class GroupTimers {
  readonly #clock: Clock;
  readonly #timers = new Map<TimerKey, PatientTimer>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `task` after `delayMs`, in the place of what was to run under that key. Nothing once they are closed. */
  start(key: TimerKey, delayMs: number, task: () => void): void {
    this.cancel(key);
    if (this.#isClosed) return;
    const timer = createPatientTimer(this.#clock, () => {
      this.#timers.delete(key);
      task();
    });
    this.#timers.set(key, timer);
    timer.start(delayMs);
  }

  cancel(key: TimerKey): void {
    this.#timers.get(key)?.stop();
    this.#timers.delete(key);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) timer.stop();
    this.#timers.clear();
  }
}

export const sessionKey = (groupId: string, memberId: string): TimerKey => `session-${groupId}-${memberId}`;
export const joinKey = (groupId: string): TimerKey => `join-${groupId}`;
export const syncKey = (groupId: string): TimerKey => `sync-${groupId}`;
export const expirationKey: TimerKey = 'expiration';
