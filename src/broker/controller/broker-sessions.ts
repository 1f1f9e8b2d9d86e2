import type { Cancel, Clock } from '../../environment/environment.js';

/**
 * Which brokers the active controller has heard of lately. In memory alone: a new active controller gives every broker a whole timeout
 * to be heard of.
 *
 * A stalled loop is not a dead peer: before a session ends, one whole round of input is handled and the time is looked at again, and
 * where this process itself stood still for more than half the timeout, all are given another whole one.
 */
export class BrokerSessions {
  readonly #clock: Clock;
  readonly #timeoutMs: () => number;
  readonly #onExpired: (brokerId: number) => void;
  /** When each broker was last heard of, or given time. */
  readonly #touchedMs = new Map<number, number>();
  /** Those that spoke to this controller, and were not only given time. */
  readonly #heard = new Set<number>();
  #cancel: Cancel = () => {};
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, timeoutMs: () => number, onExpired: (brokerId: number) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onExpired = onExpired;
  }

  /** A broker that is not fenced has a session from now on. */
  grant(brokerId: number): void {
    this.#touchedMs.set(brokerId, this.#clock.monotonicMs());
    this.#arm();
  }
  touch(brokerId: number): void {
    this.#heard.add(brokerId);
    this.grant(brokerId);
  }
  end(brokerId: number): void {
    this.#heard.delete(brokerId);
    this.#touchedMs.delete(brokerId);
  }
  /** Whether another process of this id must be alive. */
  isAlive(brokerId: number): boolean {
    const touchedMs = this.#touchedMs.get(brokerId);
    return touchedMs !== undefined && this.#heard.has(brokerId) && this.#clock.monotonicMs() - touchedMs < this.#timeoutMs();
  }
  /** Forgets all; nothing expires any more. */
  clear(): void {
    this.#touchedMs.clear();
    this.#heard.clear();
    this.#cancel();
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** One timer for all, set for the first that can expire; it stays where it is when that one is heard of. */
  #arm(): void {
    if (this.#dueMs !== Number.POSITIVE_INFINITY || this.#touchedMs.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const delayMs = Math.max(0, Math.min(...this.#touchedMs.values()) + this.#timeoutMs() - nowMs);
    this.#dueMs = nowMs + delayMs;
    this.#cancel = this.#clock.after(delayMs, () => this.#check(true));
  }

  #check(isFirstLook: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const timeoutMs = this.#timeoutMs();
    if (nowMs - this.#dueMs > timeoutMs / 2) for (const id of this.#touchedMs.keys()) this.#touchedMs.set(id, nowMs);
    const expired = [...this.#touchedMs].filter(([, touchedMs]) => nowMs - touchedMs >= timeoutMs).map(([id]) => id);
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
