import type { FollowedPartition } from './follower-fetch.js';

/** Which partitions a fetcher leaves alone, and until when. Times are monotonic milliseconds; Infinity is until a new epoch is known. */
export class DelayedPartitions {
  readonly #delayed = new Set<FollowedPartition>();

  has(followed: FollowedPartition): boolean {
    return this.#delayed.has(followed);
  }

  /** `isHeldBack`: for the quota's sake, and not because it failed. */
  delay(followed: FollowedPartition, untilMs: number, isHeldBack: boolean): void {
    followed.delayedUntilMs = untilMs;
    followed.isHeldBack = isHeldBack;
    this.#delayed.add(followed);
  }
  forget(followed: FollowedPartition): void {
    this.#delayed.delete(followed);
  }

  /** Those whose time is over, which are delayed no more. */
  takeDue(nowMs: number): readonly FollowedPartition[] {
    return this.#take(({ delayedUntilMs }) => delayedUntilMs <= nowMs);
  }
  takeHeldBack(): readonly FollowedPartition[] {
    return this.#take(({ isHeldBack }) => isHeldBack);
  }

  /** When the first delay ends; Infinity where none will. */
  get earliestMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { delayedUntilMs } of this.#delayed) earliestMs = Math.min(earliestMs, delayedUntilMs);
    return earliestMs;
  }

  #take(isTaken: (followed: FollowedPartition) => boolean): readonly FollowedPartition[] {
    if (this.#delayed.size === 0) return [];
    const taken = [...this.#delayed].filter(isTaken);
    for (const followed of taken) this.#delayed.delete(followed);
    return taken;
  }
}
