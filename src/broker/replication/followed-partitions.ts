import { DelayedPartitions } from './delayed-partitions.js';
import { FetchRequestSession } from './fetch-request-session.js';
import type { FollowedPartition } from './follower-fetch.js';
import type { Partition } from './partition.js';
import type { ReplicationQuota } from './replication-quota.js';

export interface FollowedPartitionsOptions {
  readonly monotonicMs: () => number;
  /** replica.fetch.max.bytes */
  readonly maxBytes: () => number;
  /** What followers may take. */
  readonly quota: Pick<ReplicationQuota, 'isExceeded' | 'freeAtMs' | 'holdsBack'>;
}

/**
 * What a fetcher follows: which of it is left alone for now, and what the leader knows of the rest. Source: PartitionStates of
 * AbstractFetcherThread.
 */
export class FollowedPartitions {
  /** The next request's part in it is taken from here. */
  readonly session: FetchRequestSession;
  readonly #options: FollowedPartitionsOptions;
  readonly #byPartition = new Map<Partition, FollowedPartition>();
  readonly #delayed = new DelayedPartitions();

  constructor(options: FollowedPartitionsOptions) {
    this.#options = options;
    this.session = new FetchRequestSession(options.maxBytes);
  }

  get size(): number {
    return this.#byPartition.size;
  }

  /** From the log's end on, in the partition's leader epoch of now. */
  add(partition: Partition): void {
    this.remove(partition);
    const followed: FollowedPartition = { partition, leaderEpoch: partition.leaderEpoch, ...notDelayed, isInSync: false };
    this.#byPartition.set(partition, followed);
    this.session.include(followed);
  }
  remove(partition: Partition): void {
    const followed = this.#byPartition.get(partition);
    if (followed === undefined) return;
    this.#byPartition.delete(partition);
    this.#delayed.forget(followed);
    this.session.exclude(followed);
  }
  clear(): void {
    this.#byPartition.clear();
  }

  /** False where it is followed no more, or in another epoch. */
  has(followed: FollowedPartition): boolean {
    return this.#byPartition.get(followed.partition) === followed;
  }
  /** As it was asked for in the request before; null where another epoch has begun since, or it is followed no more. */
  askedFor(partition: Partition): FollowedPartition | null {
    const followed = this.#byPartition.get(partition);
    return followed !== undefined && this.session.memberOf(partition) === followed ? followed : null;
  }

  /** Leaves it alone for so long; Infinity until a new epoch is known. */
  delay(followed: FollowedPartition, delayMs: number): void {
    this.#delay(followed, this.#options.monotonicMs() + delayMs, false);
  }
  /**
   * Leaves what is throttled and not in sync alone until the quota allows more (KIP-73). Source:
   * RemoteLeaderEndPoint.shouldFollowerThrottle.
   */
  holdBack(): void {
    const { quota, monotonicMs } = this.#options;
    if (!quota.isExceeded) return;
    // At least a while, or it would ask over and over in one and the same millisecond.
    const untilMs = Math.max(quota.freeAtMs, monotonicMs() + 1);
    for (const followed of this.#byPartition.values()) {
      if (this.#delayed.has(followed) || !quota.holdsBack(followed.partition, followed.isInSync)) continue;
      this.#delay(followed, untilMs, true);
    }
  }
  /** What is held back is to be looked at again. False where nothing is. */
  releaseHeldBack(): boolean {
    const heldBack = this.#delayed.takeHeldBack();
    for (const followed of heldBack) this.session.include(followed);
    return heldBack.length > 0;
  }
  /** Those whose time is over are asked for again. */
  readmit(): void {
    for (const followed of this.#delayed.takeDue(this.#options.monotonicMs())) this.session.include(followed);
  }
  /** Until a delay ends; Infinity where none will. */
  get untilNextMs(): number {
    return Math.max(0, Math.ceil(this.#delayed.earliestMs - this.#options.monotonicMs()));
  }

  #delay(followed: FollowedPartition, untilMs: number, isHeldBack: boolean): void {
    this.#delayed.delay(followed, untilMs, isHeldBack);
    this.session.exclude(followed);
  }
}

const notDelayed = { delayedUntilMs: 0, isHeldBack: false, failures: 0 };
