import type { ErrorName } from '../../model/error-code.js';
import type { Uuid } from '../../model/uuid.js';
import { type FetchAnswer, type FetchResult, FetchSession, type FetchTarget } from './fetch-session.js';
import type { Isolation } from './read-log.js';

/** A session that nobody used for so long may be displaced by any other. Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS. */
const evictionMs = 120_000;
const noSessionId = 0;
const initialEpoch = 0;
const finalEpoch = -1;
const maxInt32 = 0x7fff_ffff;

/** The part of a Fetch request that concerns sessions. */
export interface SessionRequest {
  readonly sessionId: number;
  /** 0 asks for a new session, -1 for none; any other must be what the session expects. */
  readonly sessionEpoch: number;
  /** Null for a consumer. */
  readonly followerId: number | null;
  readonly usesTopicIds: boolean;
  /** How far its fetcher may see. */
  readonly isolation: Isolation;
  readonly targets: readonly FetchTarget[];
  readonly forgotten: readonly Pick<FetchTarget, 'topic' | 'topicId' | 'partition'>[];
}

/** How one Fetch request is answered: what to read, and what of it to send. */
export interface FetchContext {
  /** Of a session only what is due, which may become more. */
  readonly targets: () => readonly FetchTarget[];
  /** Null where there is none (yet). */
  readonly session: FetchSession | null;
  readonly respond: <A extends FetchAnswer>(results: readonly FetchResult<A>[]) => FetchReply<A>;
}
export interface FetchReply<A extends FetchAnswer> {
  readonly error: ErrorName | null;
  readonly sessionId: number;
  readonly results: readonly FetchResult<A>[];
}

export interface FetchSessionCacheOptions {
  /** max.incremental.fetch.session.cache.slots */
  readonly maxSessions: number;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
}

/**
 * The incremental fetch sessions of a broker (KIP-227). A full fetch begins one where there is room, or where one can be
 * displaced that is worth less: unused for two minutes, or older than that and smaller; a follower's is worth more than any
 * consumer's. Kafka's FetchManager and FetchSessionCache, which spreads the same slots over eight shards.
 */
export class FetchSessionCache {
  readonly #options: FetchSessionCacheOptions;
  readonly #sessions = new Map<number, FetchSession>();

  constructor(options: FetchSessionCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(request: SessionRequest, topicName: (topicId: Uuid) => string | null): FetchContext {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === initialEpoch || sessionEpoch === finalEpoch) {
      this.#end(sessionId);
      return sessionEpoch === finalEpoch ? withoutSession(request.targets) : this.#fullFetch(request);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return refused('FETCH_SESSION_ID_NOT_FOUND');
    if (session.epoch !== sessionEpoch) return refused('INVALID_FETCH_SESSION_EPOCH');
    if (session.usesTopicIds !== request.usesTopicIds) return refused('FETCH_SESSION_TOPIC_ID_ERROR');
    return this.#incrementalFetch(session, request, topicName);
  }

  #fullFetch(request: SessionRequest): FetchContext {
    return {
      targets: () => request.targets,
      session: null,
      respond: (results) => {
        const session = this.#createSession(request, results.length);
        session?.begin(results);
        return { error: null, sessionId: session?.id ?? noSessionId, results };
      },
    };
  }

  #incrementalFetch(session: FetchSession, request: SessionRequest, topicName: (topicId: Uuid) => string | null): FetchContext {
    session.isolation = request.isolation;
    session.update(request.targets, request.forgotten);
    if (session.size === 0) {
      this.#end(session.id);
      return withoutSession(request.targets);
    }
    session.lastUsedMs = this.#options.monotonicMs();
    session.epoch = session.epoch === maxInt32 ? 1 : session.epoch + 1;
    const epoch = session.epoch;
    return {
      targets: () => session.targets(topicName),
      session,
      respond: (results) =>
        // While this one waited for records, a repeated request may have taken the session on.
        session.epoch === epoch
          ? { error: null, sessionId: session.id, results: session.select(results) }
          : { error: 'INVALID_FETCH_SESSION_EPOCH', sessionId: session.id, results: [] },
    };
  }

  #createSession({ followerId, usesTopicIds, isolation }: SessionRequest, size: number): FetchSession | null {
    const nowMs = this.#options.monotonicMs();
    if (this.#sessions.size >= this.#options.maxSessions && !this.#displace(followerId !== null, size, nowMs)) return null;
    const session = new FetchSession(this.#unusedId(), followerId, usesTopicIds, nowMs);
    session.isolation = isolation;
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Removes the session that is worth least, where the new one is worth more. Slots are few, so a scan will do. */
  #displace(privileged: boolean, size: number, nowMs: number): boolean {
    let stale: FetchSession | undefined;
    let least: FetchSession | undefined;
    for (const session of this.#sessions.values()) {
      if (nowMs - session.lastUsedMs > evictionMs && session.lastUsedMs < (stale?.lastUsedMs ?? Infinity)) stale = session;
      const evictable = nowMs - session.createdMs > evictionMs || (privileged && !session.privileged);
      if (evictable && (least === undefined || isWorthLess(session, least))) least = session;
    }
    const evicted = stale ?? (least !== undefined && isWorthLess(least, { privileged, size }) ? least : undefined);
    if (evicted === undefined) return false;
    return this.#end(evicted.id);
  }

  #end(sessionId: number): boolean {
    this.#sessions.get(sessionId)?.close();
    return this.#sessions.delete(sessionId);
  }

  #unusedId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.#options.uniform() * (maxInt32 - 1));
      if (!this.#sessions.has(id)) return id;
    }
  }
}

type Worth = Pick<FetchSession, 'privileged' | 'size'>;
const isWorthLess = (a: Worth, b: Worth): boolean => (a.privileged === b.privileged ? a.size < b.size : b.privileged);

const withoutSession = (targets: readonly FetchTarget[]): FetchContext => ({
  targets: () => targets,
  session: null,
  respond: (results) => ({ error: null, sessionId: noSessionId, results }),
});

const refused = (error: ErrorName): FetchContext => ({
  targets: () => [],
  session: null,
  respond: () => ({ error, sessionId: noSessionId, results: [] }),
});
