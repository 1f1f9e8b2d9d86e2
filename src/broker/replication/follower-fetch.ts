import type { Partition } from './partition.js';

/** Where a follower stands with one partition of one leader, in one leader epoch. */
export interface FollowedPartition {
  readonly partition: Partition;
  readonly leaderEpoch: number;
  /** Not asked for before; Infinity until a new epoch is known. Monotonic milliseconds. */
  delayedUntilMs: number;
  /** It has all that its leader had committed when it answered last. False before the first answer. */
  isInSync: boolean;
  /** Left alone until the quota of followers allows more. */
  isHeldBack: boolean;
  /** In a row. */
  failures: number;
}

/** How soon after the first failure a partition is tried again; each failure after it doubles the time, up to replica.fetch.backoff.ms. */
const FIRST_BACKOFF_MS = 10;

/**
 * Kafka waits replica.fetch.backoff.ms (a second) from the first failure on. Here the first are short: after an election leader and
 * followers hear of it milliseconds apart, and producers wait for both.
 */
export const backoffMs = (failures: number, longestMs: number): number =>
  Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));
