import type { Clock } from '../../environment/environment.js';

export interface Waiter {
  /** Looks again at what is waited for; ends the wait when it is there. */
  readonly wake: () => void;
  readonly isAbandoned: () => boolean;
  readonly end: () => void;
}

/** As Kafka's fetch.purgatory.purge.interval.requests: how many may join before those that nobody waits for any more are dropped. */
const purgeInterval = 1000;

/** The requests that wait for something to happen to one partition. Kafka's purgatory, without its threads. */
export class WaiterList {
  /** Null before the first: there are lists of thousands of partitions that nobody ever waits for. */
  #waiters: Set<Waiter> | null = null;
  #joined = 0;

  get size(): number {
    return this.#waiters?.size ?? 0;
  }

  /** Something changed. Conditions are looked at here and now; whoever waited goes on in a microtask, after the transition that woke it. */
  wake(): void {
    for (const waiter of this.#waiters ?? nobody) waiter.wake();
  }

  /** Ends every wait, as if its time had passed: the node stops. */
  end(): void {
    for (const waiter of this.#waiters ?? nobody) waiter.end();
  }

  add(waiter: Waiter): void {
    this.#waiters ??= new Set();
    this.#waiters.add(waiter);
    if (++this.#joined % purgeInterval === 0) {
      for (const other of this.#waiters) if (other.isAbandoned()) other.end();
    }
  }

  remove(waiter: Waiter): void {
    this.#waiters?.delete(waiter);
  }
}

const nobody: readonly Waiter[] = [];

export interface Wait {
  /** Whose `wake` makes the condition be looked at again. */
  readonly lists: readonly WaiterList[];
  /** Cheap and without effects: it is asked at every wake. */
  readonly isSatisfied: () => boolean;
  /** True once nobody wants the answer any more (the connection is gone). */
  readonly isAbandoned: () => boolean;
  readonly timeoutMs: number;
}

/** Resolves with true as soon as a wake finds the condition satisfied, with false once `timeoutMs` have passed or it was abandoned. */
export function waitUntil(clock: Clock, { lists, isSatisfied, isAbandoned, timeoutMs }: Wait): Promise<boolean> {
  if (isSatisfied()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (satisfied: boolean): void => {
      cancelTimer();
      for (const list of lists) list.remove(waiter);
      resolve(satisfied);
    };
    const waiter: Waiter = {
      wake: () => {
        if (isSatisfied()) finish(true);
      },
      isAbandoned,
      end: () => finish(false),
    };
    const cancelTimer = clock.after(timeoutMs, () => finish(false));
    for (const list of lists) list.add(waiter);
  });
}
