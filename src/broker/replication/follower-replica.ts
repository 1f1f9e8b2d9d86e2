/** What one Fetch request of a follower says of where it stands. */
export interface FollowerPosition {
  /** Its log end: all below is in its log. */
  readonly fetchOffset: bigint;
  readonly logStartOffset: bigint;
  /** Of the life in which it asks (KIP-903); -1 where it doesn't say. */
  readonly brokerEpoch: number;
  readonly liveness: FollowerLiveness | null;
}

/** When a fetcher asked last for a partition, though its leader had no reason to look at it. */
export interface FollowerLiveness {
  readonly lastFetchMs: number;
}

/** A fetch as the leader notes it. */
export interface FollowerFetch {
  readonly replicaId: number;
  readonly brokerEpoch: number;
  readonly logStartOffset: bigint;
  /** Of the session that the fetch belongs to; null where it has none. */
  readonly liveness: FollowerLiveness | null;
  /** False where a fetch that has waited is looked at again: what it says of the follower is known since. */
  readonly isFirstLook: boolean;
}

/**
 * What a leader knows of one follower, all of it from its fetches. Times are the leader's monotonic milliseconds.
 * Source: kafka.cluster.Replica.
 */
export class FollowerReplica {
  readonly brokerId: number;
  #logEndOffset = -1n;
  #logStartOffset = -1n;
  #brokerEpoch: number | null = null;
  #lastCaughtUpMs = Number.NEGATIVE_INFINITY;
  #lastFetchMs = Number.NEGATIVE_INFINITY;
  /** Fetches that were not noted, because nothing had happened here since the last that was. */
  #liveness: FollowerLiveness | null = null;
  /** Of the leader, when it fetched last. */
  #leaderEndOffset = -1n;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  /** -1n before its first fetch in the leader's epoch. */
  get logEndOffset(): bigint {
    return this.#logEndOffset;
  }
  /** -1n before its first fetch. */
  get logStartOffset(): bigint {
    return this.#logStartOffset;
  }
  /** As its last fetch said; null before the first. */
  get brokerEpoch(): number | null {
    return this.#brokerEpoch;
  }
  get lastCaughtUpMs(): number {
    // With each fetch since it was caught up anew: had there been an append, it would have been noted.
    return this.#logEndOffset >= this.#leaderEndOffset ? Math.max(this.#lastCaughtUpMs, this.#lastFetch) : this.#lastCaughtUpMs;
  }
  get #lastFetch(): number {
    return Math.max(this.#lastFetchMs, this.#liveness?.lastFetchMs ?? Number.NEGATIVE_INFINITY);
  }

  /** A leader's epoch begins. A member of the ISR counts as caught up now, so that it has the whole lag time for its first fetch. */
  beginEpoch(options: {
    readonly isNewLeader: boolean;
    readonly isInSync: boolean;
    readonly leaderEndOffset: bigint;
    readonly nowMs: number;
  }): void {
    const { isNewLeader, isInSync, leaderEndOffset, nowMs } = options;
    this.#lastCaughtUpMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY;
    this.#lastFetchMs = isInSync && !isNewLeader ? nowMs : Number.NEGATIVE_INFINITY;
    this.#leaderEndOffset = isNewLeader ? -1n : leaderEndOffset;
    this.#liveness = null;
    if (!isNewLeader) return;
    this.#logEndOffset = -1n;
    this.#logStartOffset = -1n;
    this.#brokerEpoch = null;
  }

  /** Notes a fetch. A follower that asks for what was the leader's end at its last fetch was caught up at the time of that. */
  noteFetch({ fetchOffset, logStartOffset, brokerEpoch, liveness }: FollowerPosition, leaderEndOffset: bigint, nowMs: number): void {
    if (fetchOffset >= leaderEndOffset) this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, nowMs);
    else if (fetchOffset >= this.#leaderEndOffset) this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, this.#lastFetch);
    this.#logEndOffset = fetchOffset;
    this.#logStartOffset = logStartOffset;
    this.#brokerEpoch = brokerEpoch;
    this.#lastFetchMs = nowMs;
    this.#liveness = liveness;
    if (leaderEndOffset > this.#leaderEndOffset) this.#leaderEndOffset = leaderEndOffset;
  }

  /** It is in the leader's own standstill that the follower fell behind: its time is measured anew. */
  forgiveLag(nowMs: number): void {
    this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, nowMs);
  }

  isCaughtUp(leaderEndOffset: bigint, nowMs: number, maxLagMs: number): boolean {
    return this.#logEndOffset === leaderEndOffset || nowMs - this.lastCaughtUpMs <= maxLagMs;
  }
}
