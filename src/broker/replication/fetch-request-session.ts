import type { Uuid } from '../../model/uuid.js';
import type { FetchRequestInput } from '../../protocol/messages/fetch.js';
import type { FollowedPartition } from './follower-fetch.js';
import type { Partition } from './partition.js';

type Topics = FetchRequestInput['topics'];
type RequestedPartition = Topics[number]['partitions'][number];
type SessionFields = Pick<FetchRequestInput, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'>;

const noSession = 0;
const maxInt32 = 0x7fff_ffff;
/** Partitions that one request brings into a session: with thousands at once it would hold the loops of both sides. */
const MAX_ADDED = 250;

/**
 * The fetcher's side of an incremental fetch session (KIP-227): each request names only the partitions whose place in the log has changed
 * since the one before. What changed is told to it, so that a request costs as much as it says. Source: FetchSessionHandler, which begins
 * a session with all partitions, however many there are.
 */
export class FetchRequestSession {
  readonly #maxBytes: () => number;
  #id = noSession;
  /** 0 where a full request begins a session. */
  #epoch = 0;
  /** False once the leader has said that it keeps none: each request is a full one then, and names all. */
  #isKept = true;
  /** What the leader has of the session. */
  readonly #members = new Map<Partition, FollowedPartition>();
  readonly #changed = new Set<FollowedPartition>();
  /** By topic id and number, as the leader knows them. */
  readonly #forgotten = new Map<string, Partition>();

  /** replica.fetch.max.bytes */
  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes;
  }

  /** The partition is to be fetched from where its log ends now. */
  include(followed: FollowedPartition): void {
    this.#changed.add(followed);
    // It may be another log by now, of the same name to the leader.
    this.#forgotten.delete(nameOf(followed.partition));
  }
  /** It is not to be fetched for now, or no more. */
  exclude(followed: FollowedPartition): void {
    this.#changed.delete(followed);
    if (this.#members.delete(followed.partition)) this.#forgotten.set(nameOf(followed.partition), followed.partition);
  }
  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#changed.size === 0;
  }

  /** There is more to name than the last request did: the leader should answer that one at once. */
  get hasMore(): boolean {
    return this.#changed.size > 0;
  }

  /** The session's part of the next request. */
  next(): SessionFields {
    const isFull = this.#epoch === 0;
    if (isFull) {
      for (const followed of this.#members.values()) this.#changed.add(followed);
      this.#members.clear();
    }
    const topics = topicsOf(this.#takeChanged(), this.#maxBytes());
    const forgottenTopicsData = isFull ? [] : forgottenOf(this.#forgotten.values());
    this.#forgotten.clear();
    return { sessionId: this.#id, sessionEpoch: this.#epoch, topics, forgottenTopicsData };
  }

  /** What the leader's answer makes of it: 0 is that it keeps none. */
  answered(sessionId: number): void {
    this.#isKept = sessionId !== noSession;
    if (!this.#isKept) this.restart();
    else {
      this.#id = sessionId;
      this.#epoch = this.#epoch === maxInt32 ? 1 : this.#epoch + 1;
    }
  }

  /** The next request is a full one, which ends the leader's old session. */
  restart(): void {
    this.#epoch = 0;
    this.#forgotten.clear();
  }

  /** What the leader knows the partition by; undefined where it is not asked for it. */
  memberOf(partition: Partition): FollowedPartition | undefined {
    return this.#members.get(partition);
  }

  /** All of what the leader knows, for it would send the same records again; some of what is new to it. */
  #takeChanged(): readonly FollowedPartition[] {
    const taken: FollowedPartition[] = [];
    let added = 0;
    for (const followed of this.#changed) {
      const isNew = this.#members.get(followed.partition) === undefined;
      if (isNew && this.#isKept && ++added > MAX_ADDED) continue;
      taken.push(followed);
    }
    for (const followed of taken) {
      this.#changed.delete(followed);
      this.#members.set(followed.partition, followed);
    }
    return taken;
  }
}

const nameOf = ({ topicId, topicPartition }: Partition): string => `${topicId}/${topicPartition.partition}`;

function topicsOf(partitions: Iterable<FollowedPartition>, partitionMaxBytes: number): Topics {
  const topics = new Map<Uuid, RequestedPartition[]>();
  for (const { partition, leaderEpoch } of partitions) {
    const { log, topicId } = partition;
    const requested = {
      partition: partition.topicPartition.partition,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: log.endOffset,
      lastFetchedEpoch: log.latestEpoch ?? -1,
      logStartOffset: log.startOffset,
      partitionMaxBytes,
    };
    const known = topics.get(topicId);
    if (known === undefined) topics.set(topicId, [requested]);
    else known.push(requested);
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}

function forgottenOf(partitions: Iterable<Partition>): NonNullable<SessionFields['forgottenTopicsData']> {
  const topics = new Map<Uuid, number[]>();
  for (const { topicId, topicPartition } of partitions) {
    topics.set(topicId, [...(topics.get(topicId) ?? []), topicPartition.partition]);
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }));
}
