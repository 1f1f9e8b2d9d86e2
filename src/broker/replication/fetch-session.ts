import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { FollowerLiveness } from './follower-replica.js';
import type { Partition } from './partition.js';
import type { Isolation } from './read-log.js';
import { type Waiter, WaiterList } from './waiters.js';

/** A partition that a fetch asks for, and from where. */
export interface FetchTarget {
  /** Null where the request named a topic id that this node does not know. */
  readonly topic: string | null;
  /** ZERO_UUID before version 13, which names topics. */
  readonly topicId: Uuid;
  readonly partition: number;
  readonly fetchOffset: bigint;
  /** The epoch of the leader that the fetcher believes in; -1 says nothing. */
  readonly currentLeaderEpoch: number;
  /** The epoch of the record before `fetchOffset` in the fetcher's log; -1 says nothing. */
  readonly lastFetchedEpoch: number;
  /** Of the fetcher's own log, where it is a follower; -1n says nothing. */
  readonly logStartOffset: bigint;
  readonly maxBytes: number;
}

/** What a session must know of a partition's answer to tell whether the fetcher has it already. */
export interface FetchAnswer {
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
  readonly records: Uint8Array;
  /** Set where the fetcher should ask another broker. */
  readonly preferredReadReplica?: number;
  /** Set where the fetcher's log diverges from the leader's and must be cut first. */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: bigint };
}

export interface FetchResult<A extends FetchAnswer = FetchAnswer> {
  readonly target: FetchTarget;
  readonly answer: A;
}

/**
 * One partition of a session: where its fetcher stands, and what it was told last. It hears of every change of the partition, so that
 * a fetch looks only at partitions where something happened.
 */
class CachedPartition implements Waiter, FollowerLiveness {
  target: FetchTarget;
  /** -1 is no high watermark, so the next answer is always sent. */
  highWatermark = -1n;
  logStartOffset = -1n;
  /** What its fetcher could have read, when it had read all. */
  visibleBytes = 0;
  readonly #session: FetchSession;
  #partition: Partition | null = null;
  #lastFetchMs: number | null = null;

  constructor(session: FetchSession, target: FetchTarget) {
    this.#session = session;
    this.target = target;
  }

  get partition(): Partition | null {
    return this.#partition;
  }
  follow(partition: Partition | null): void {
    if (partition === this.#partition) return;
    this.#partition?.waiters.remove(this);
    this.#partition = partition;
    partition?.waiters.add(this);
  }
  /** It is in the session no more; what is known of the time of its last fetch stays. */
  leave(): void {
    this.#lastFetchMs = this.#session.lastFetchMs;
    this.follow(null);
  }

  /**
   * The fetcher knows this from now on. After an error the next good one is sent too, though it brings nothing new; so is the next after one that has the fetcher
   * cut its log first: it takes nothing else of that. In Kafka such a follower learns of the high watermark when it changes next.
   */
  remember({ errorCode, divergingEpoch, highWatermark, logStartOffset }: FetchAnswer): void {
    this.highWatermark = errorCode === 0 && divergingEpoch === undefined ? highWatermark : -1n;
    this.logStartOffset = logStartOffset;
  }

  /** All that its fetcher may see it has, and was told of. */
  isSettled({ highWatermark, logStartOffset }: FetchAnswer, isolation: Isolation): boolean {
    const partition = this.#partition;
    if (partition === null || partition.highWatermark !== highWatermark || partition.log.startOffset !== logStartOffset) return false;
    const { followerId } = this.#session;
    // Whether it may join the ISR depends on more than on this partition, so each of its fetches is looked at.
    if (followerId !== null && partition.leader?.isr.isMember(followerId) !== true) return false;
    return partition.endFor(isolation) <= this.target.fetchOffset;
  }

  /** Its session's, for that fetches this partition too each time, whether it is looked at or not. */
  get lastFetchMs(): number {
    return this.#lastFetchMs ?? this.#session.lastFetchMs;
  }
  wake(): void {
    this.#session.touch(this);
  }
  end(): void {
    this.#session.waiters.end();
  }
  isAbandoned(): boolean {
    return false;
  }
}

/**
 * What one fetcher asked for, kept so that its next requests name only what changed and answers leave out the partitions
 * where nothing happened (KIP-227). The order of the partitions is the order in which they are served: one that gave records
 * goes to the end, so that the response's limit starves none of them.
 */
export class FetchSession {
  readonly id: number;
  /** Null for a consumer's session. */
  readonly followerId: number | null;
  /** Whether its requests name topic ids (version 13 and later). */
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  /** What the next request must carry. */
  epoch = 1;
  /** When its fetcher asked last, but for the request that is being looked at. */
  lastFetchMs = Number.NEGATIVE_INFINITY;
  isolation: Isolation = 'log-end';
  /** Woken when something happens to one of its partitions. */
  readonly waiters = new WaiterList();
  readonly #partitions = new Map<string, CachedPartition>();
  /** Those that must be looked at, in the order of serving. */
  readonly #due = new Set<CachedPartition>();
  /** Those that something happened to since `waiters` were woken last. */
  readonly #touched = new Set<CachedPartition>();
  #changeCount = 0;

  constructor(id: number, followerId: number | null, usesTopicIds: boolean, nowMs: number) {
    this.id = id;
    this.followerId = followerId;
    this.usesTopicIds = usesTopicIds;
    this.createdMs = nowMs;
    this.lastUsedMs = nowMs;
  }

  /** A follower's session, which a consumer's never displaces. */
  get privileged(): boolean {
    return this.followerId !== null;
  }

  get size(): number {
    return this.#partitions.size;
  }

  /** What must be looked at. `topicName` names topics that were unknown when they were added. */
  targets(topicName: (topicId: Uuid) => string | null): readonly FetchTarget[] {
    const targets: FetchTarget[] = [];
    for (const cached of this.#due) {
      if (cached.target.topic === null) cached.target = { ...cached.target, topic: topicName(cached.target.topicId) };
      targets.push(cached.target);
    }
    return targets;
  }
  /** What `waiters` were woken for. */
  get touched(): Iterable<Pick<CachedPartition, 'target' | 'partition' | 'visibleBytes'>> {
    return this.#touched;
  }

  /** Rises when something happens to one of its partitions. */
  get changeCount(): number {
    return this.#changeCount;
  }

  /** Something happened to one of its partitions. A fetch that waits is woken once a transition, which may touch thousands of them. */
  touch(cached: CachedPartition): void {
    this.#due.add(cached);
    this.#changeCount++;
    if (this.waiters.size === 0) return;
    this.#touched.add(cached);
    if (this.#touched.size > 1) return;
    queueMicrotask(() => {
      this.waiters.wake();
      this.#touched.clear();
    });
  }

  /** From now on what happens to the partition makes it due. */
  follow(target: FetchTarget, partition: Partition | null): void {
    this.#partitions.get(keyOf(target))?.follow(partition);
  }
  livenessOf(target: FetchTarget): FollowerLiveness | null {
    return this.#partitions.get(keyOf(target)) ?? null;
  }

  /** Adds what is new, updates what is known, forgets. Kafka's FetchSession.update. */
  update(targets: readonly FetchTarget[], forgotten: readonly Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>[]): void {
    for (const target of targets) {
      const known = this.#partitions.get(keyOf(target));
      if (known === undefined) this.#add(target);
      else {
        // What was answered in the epoch before is not taken any more.
        if (target.currentLeaderEpoch !== known.target.currentLeaderEpoch) known.highWatermark = -1n;
        known.target = { ...target, topic: target.topic ?? known.target.topic };
        this.#due.add(known);
      }
    }
    for (const target of forgotten) this.#remove(keyOf(target));
  }

  /** Remembers the answers of the full fetch that began this session; all of them are sent. */
  begin(results: readonly FetchResult[]): void {
    for (const { target, answer } of results) {
      this.#add(target).remember(answer);
    }
  }

  /** The answers that the fetcher must see; remembers them as seen. Kafka's CachedPartition.maybeUpdateResponseData. */
  select<A extends FetchAnswer>(results: readonly FetchResult<A>[]): readonly FetchResult<A>[] {
    return results.filter(({ target, answer }) => {
      const cached = this.#partitions.get(keyOf(target));
      if (cached === undefined) return false;
      const mustRespond =
        answer.records.length > 0 ||
        answer.errorCode !== 0 ||
        answer.divergingEpoch !== undefined ||
        answer.preferredReadReplica !== undefined ||
        answer.highWatermark !== cached.highWatermark ||
        answer.logStartOffset !== cached.logStartOffset;
      cached.remember(answer);
      this.#reconsider(cached, answer);
      return mustRespond;
    });
  }

  /** Nothing is heard of its partitions any more. */
  close(): void {
    for (const cached of this.#partitions.values()) cached.leave();
    this.waiters.end();
  }

  #reconsider(cached: CachedPartition, answer: FetchAnswer): void {
    if (answer.records.length > 0) {
      this.#due.delete(cached);
      this.#due.add(cached);
    } else if (answer.errorCode === 0 && answer.divergingEpoch === undefined && cached.isSettled(answer, this.isolation)) {
      this.#due.delete(cached);
      cached.visibleBytes = cached.partition?.bytesFor(this.isolation) ?? 0;
    }
  }

  #add(target: FetchTarget): CachedPartition {
    const cached = new CachedPartition(this, target);
    this.#partitions.set(keyOf(target), cached);
    this.#due.add(cached);
    return cached;
  }
  #remove(key: string): void {
    const cached = this.#partitions.get(key);
    if (cached === undefined) return;
    cached.leave();
    this.#partitions.delete(key);
    this.#due.delete(cached);
  }
}

const keyOf = ({ topic, topicId, partition }: Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>): string =>
  `${topicId === ZERO_UUID ? topic : topicId}/${partition}`;
