import type { Cancel, Clock } from '../../environment/environment.js';

/**
 * Which brokers the active controller has heard of lately. In memory alone: a new active controller gives every broker a whole timeout
 * to be heard of. Source: BrokerHeartbeatManager.
 *
 * A stalled loop is not a dead peer: before a session ends, one whole round of input is handled and the time is looked at again, and
 * where this process itself stood still for more than half the timeout, all are given another whole one.
 */
export class BrokerSessions {
  readonly #clock: Clock;
  readonly #timeoutMs: () => number;
  readonly #onExpired: (brokerId: number) => void;
  readonly #sessions = new Map<number, Session>();
  readonly #waiting = new Set<{ readonly offset: bigint; readonly resolve: () => void }>();
  #cancel: Cancel = () => {};
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, timeoutMs: () => number, onExpired: (brokerId: number) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onExpired = onExpired;
  }

  /** A broker that is not fenced has a session from now on. */
  grant(brokerId: number): void {
    this.#touch(brokerId, {});
  }
  /** It speaks to this controller, and has applied the metadata up to that offset. */
  heard(brokerId: number, metadataOffset: bigint): void {
    this.#touch(brokerId, { isHeard: true, metadataOffset });
  }
  /** It goes on until all others have applied the metadata up to that offset. */
  beginShutdown(brokerId: number, offset: bigint): void {
    this.#touch(brokerId, { shutdownOffset: this.shutdownOffset(brokerId) ?? offset });
  }
  end(brokerId: number): void {
    this.#sessions.delete(brokerId);
    this.#wake();
  }
  /** Whether a process of this id was heard of, not fenced, within its session. */
  isAlive(brokerId: number): boolean {
    const session = this.#sessions.get(brokerId);
    return session?.isHeard === true && this.#clock.monotonicMs() - session.touchedMs < this.#timeoutMs();
  }
  /** Null where the broker is not in controlled shutdown. */
  shutdownOffset(brokerId: number): bigint | null {
    return this.#sessions.get(brokerId)?.shutdownOffset ?? null;
  }
  /** How far the slowest broker has come with the metadata, of those that have a session and stay; null where there is none. */
  lowestActiveOffset(): bigint | null {
    let lowest: bigint | null = null;
    for (const { metadataOffset, shutdownOffset } of this.#sessions.values()) {
      if (shutdownOffset === null && (lowest === null || metadataOffset < lowest)) lowest = metadataOffset;
    }
    return lowest;
  }
  /** Resolves when the slowest of them has come so far, or after `timeoutMs`, or when all is forgotten. */
  reached(offset: bigint, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const conclude = (): void => {
        cancel();
        this.#waiting.delete(waiter);
        resolve();
      };
      const cancel = this.#clock.after(timeoutMs, conclude);
      const waiter = { offset, resolve: conclude };
      this.#waiting.add(waiter);
      this.#wake();
    });
  }
  /** Forgets all; nothing expires any more. */
  clear(): void {
    this.#sessions.clear();
    this.#wake();
    this.#cancel();
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  #touch(brokerId: number, change: Partial<Session>): void {
    const known = this.#sessions.get(brokerId) ?? { isHeard: false, metadataOffset: -1n, shutdownOffset: null };
    this.#sessions.set(brokerId, { ...known, ...change, touchedMs: this.#clock.monotonicMs() });
    this.#arm();
    this.#wake();
  }
  #wake(): void {
    const lowest = this.lowestActiveOffset();
    for (const { offset, resolve } of this.#waiting) if (lowest === null || offset <= lowest) resolve();
  }

  /** One timer for all, set for the first that can expire; it stays where it is when that one is heard of. */
  #arm(): void {
    if (this.#dueMs !== Number.POSITIVE_INFINITY || this.#sessions.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const firstMs = Math.min(...[...this.#sessions.values()].map(({ touchedMs }) => touchedMs));
    const delayMs = Math.max(0, firstMs + this.#timeoutMs() - nowMs);
    this.#dueMs = nowMs + delayMs;
    this.#cancel = this.#clock.after(delayMs, () => this.#check(true));
  }

  #check(isFirstLook: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const timeoutMs = this.#timeoutMs();
    const stoodStill = nowMs - this.#dueMs > timeoutMs / 2;
    if (stoodStill) for (const [id, session] of this.#sessions) this.#sessions.set(id, { ...session, touchedMs: nowMs });
    const expired = [...this.#sessions].filter(([, { touchedMs }]) => nowMs - touchedMs >= timeoutMs).map(([id]) => id);
    if (isFirstLook && expired.length > 0) {
      this.#dueMs = nowMs;
      this.#cancel = this.#clock.after(0, () => this.#check(false));
      return;
    }
    for (const id of expired) {
      this.end(id);
      this.#onExpired(id);
    }
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#arm();
  }
}

interface Session {
  /** When the broker was last heard of, or given time. */
  readonly touchedMs: number;
  /** It spoke to this controller, and was not only given time. */
  readonly isHeard: boolean;
  readonly metadataOffset: bigint;
  readonly shutdownOffset: bigint | null;
}
