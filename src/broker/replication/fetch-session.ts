import { type Uuid, ZERO_UUID } from '../../model/uuid.js';

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
  /** Set where the fetcher's log diverges from the leader's and must be cut first. */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: bigint };
}

export interface FetchResult<A extends FetchAnswer = FetchAnswer> {
  readonly target: FetchTarget;
  readonly answer: A;
}

interface CachedPartition {
  target: FetchTarget;
  highWatermark: bigint;
  logStartOffset: bigint;
}

/**
 * What one fetcher asked for, kept so that its next requests name only what changed and answers leave out the partitions
 * where nothing happened (KIP-227). The order of the partitions is the order in which they are served: one that gave records
 * goes to the end, so that the response's limit starves none of them.
 */
export class FetchSession {
  readonly id: number;
  /** A follower's session, which a consumer's never displaces. */
  readonly privileged: boolean;
  /** Whether its requests name topic ids (version 13 and later). */
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  /** What the next request must carry. */
  epoch = 1;
  readonly #partitions = new Map<string, CachedPartition>();

  constructor(id: number, privileged: boolean, usesTopicIds: boolean, nowMs: number) {
    this.id = id;
    this.privileged = privileged;
    this.usesTopicIds = usesTopicIds;
    this.createdMs = nowMs;
    this.lastUsedMs = nowMs;
  }

  get size(): number {
    return this.#partitions.size;
  }

  /** Every partition in the order of serving. `topicName` names topics that were unknown when they were added. */
  targets(topicName: (topicId: Uuid) => string | null): readonly FetchTarget[] {
    const targets: FetchTarget[] = [];
    for (const cached of this.#partitions.values()) {
      if (cached.target.topic === null) cached.target = { ...cached.target, topic: topicName(cached.target.topicId) };
      targets.push(cached.target);
    }
    return targets;
  }

  /** Adds what is new, updates what is known, forgets. Kafka's FetchSession.update. */
  update(targets: readonly FetchTarget[], forgotten: readonly Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>[]): void {
    for (const target of targets) {
      const cached = this.#partitions.get(keyOf(target));
      // -1 is no high watermark, so the first answer is always sent.
      if (cached === undefined) this.#partitions.set(keyOf(target), { target, highWatermark: -1n, logStartOffset: -1n });
      else cached.target = { ...target, topic: target.topic ?? cached.target.topic };
    }
    for (const target of forgotten) this.#partitions.delete(keyOf(target));
  }

  /** Remembers the answers of the full fetch that began this session; all of them are sent. */
  begin(results: readonly FetchResult[]): void {
    for (const { target, answer } of results) {
      const { highWatermark, logStartOffset } = answer;
      this.#partitions.set(keyOf(target), { target, highWatermark, logStartOffset });
    }
  }

  /** The answers that the fetcher must see; remembers them as seen. Kafka's CachedPartition.maybeUpdateResponseData. */
  select<A extends FetchAnswer>(results: readonly FetchResult<A>[]): readonly FetchResult<A>[] {
    return results.filter(({ target, answer }) => {
      const key = keyOf(target);
      const cached = this.#partitions.get(key);
      if (cached === undefined) return false;
      const mustRespond =
        answer.records.length > 0 ||
        answer.errorCode !== 0 ||
        answer.divergingEpoch !== undefined ||
        answer.highWatermark !== cached.highWatermark ||
        answer.logStartOffset !== cached.logStartOffset;
      // After an error the next good answer is sent even where it brings nothing new.
      cached.highWatermark = answer.errorCode === 0 ? answer.highWatermark : -1n;
      cached.logStartOffset = answer.logStartOffset;
      if (answer.records.length > 0) {
        this.#partitions.delete(key);
        this.#partitions.set(key, cached);
      }
      return mustRespond;
    });
  }
}

const keyOf = ({ topic, topicId, partition }: Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>): string =>
  `${topicId === ZERO_UUID ? topic : topicId}/${partition}`;
