import type { Cancel } from '../../environment/environment.js';
import { type ErrorName, errorName } from '../../model/error-code.js';
import { type FetchResponse, fetch } from '../../protocol/messages/fetch.js';
import { FollowedPartitions } from './followed-partitions.js';
import { backoffMs } from './follower-fetch.js';
import { isOfThePeer } from './leader-connection.js';
import type { Partition } from './partition.js';
import { type TakeAnswersOptions, takeAnswers } from './take-answers.js';

export interface ReplicaFetcherOptions
  extends Pick<TakeAnswersOptions, 'nodeId' | 'environment' | 'connection' | 'partitionOf' | 'onTruncated' | 'errorOf' | 'quota'> {
  /** Of this life of the node; negative before it has registered, and nothing is fetched then. */
  readonly brokerEpoch: () => number;
  readonly limits: {
    readonly backoffMs: () => number;
    readonly maxBytes: () => number;
    readonly minBytes: () => number;
    readonly responseMaxBytes: () => number;
    readonly waitMaxMs: () => number;
  };
}

/** Who must begin to follow while a request waits at the leader waits this long himself, for it may be answered at once. */
const PATIENCE_MS = 10;

/**
 * Fetches from one broker all partitions that it leads and this node follows: one request at a time, which the leader answers when
 * there is something. Source: AbstractFetcherThread, ReplicaFetcherThread, RemoteLeaderEndPoint.
 */
export class ReplicaFetcher {
  readonly #options: ReplicaFetcherOptions;
  readonly #followed: FollowedPartitions;
  readonly #taking: TakeAnswersOptions;
  #isRunning = false;
  /** A request is under way that may wait at the leader. */
  #mayWait = false;
  #isClosed = false;
  #failures = 0;
  /** Ends the wait for something to fetch. */
  #wake: () => void = () => {};
  #cancelHurry: Cancel | null = null;
  #lastHurryMs = Number.NEGATIVE_INFINITY;
  /** The request under way was given up. */
  #isHurried = false;

  constructor(options: ReplicaFetcherOptions) {
    this.#options = options;
    const { quota, limits, environment } = options;
    this.#followed = new FollowedPartitions({ quota, maxBytes: limits.maxBytes, monotonicMs: environment.clock.monotonicMs });
    this.#taking = { ...options, followed: this.#followed, backoffMs: limits.backoffMs };
  }

  get size(): number {
    return this.#followed.size;
  }

  /** Follows from the log's end on, in the partition's leader epoch of now. */
  add(partition: Partition): void {
    this.#followed.add(partition);
    this.#hurry();
    this.#wake();
    if (!this.#isRunning) void this.#run();
  }

  remove(partition: Partition): void {
    this.#followed.remove(partition);
  }

  /** What is held back is looked at again. */
  onQuotaChange(): void {
    if (!this.#followed.releaseHeldBack()) return;
    this.#hurry();
    this.#wake();
  }

  /** Ends the connection; what is under way is not waited for, and changes nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#followed.clear();
    this.#cancelHurry?.();
    this.#options.connection.drop('this broker fetches no more from there');
    this.#wake();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What begins to be followed in this step goes along.
    await null;
    while (!this.#isClosed && this.#followed.size > 0) {
      this.#followed.readmit();
      this.#followed.holdBack();
      if (this.#options.brokerEpoch() < 0) await this.#pause(this.#options.limits.backoffMs());
      else if (this.#followed.session.isEmpty) await this.#pause(this.#followed.untilNextMs);
      else await this.#fetch();
    }
    this.#isRunning = false;
  }

  async #fetch(): Promise<void> {
    const { connection, environment, nodeId, brokerEpoch, limits } = this.#options;
    const { session, untilNextMs } = this.#followed;
    const { sessionId, sessionEpoch, topics, forgottenTopicsData } = session.next();
    const maxWaitMs = session.hasMore ? 0 : Math.min(limits.waitMaxMs(), untilNextMs);
    this.#mayWait = maxWaitMs > 0;
    try {
      const response = await connection.request(fetch, {
        replicaState: { replicaId: nodeId, replicaEpoch: brokerEpoch() },
        maxWaitMs,
        minBytes: limits.minBytes(),
        maxBytes: limits.responseMaxBytes(),
        rackId: '',
        sessionId,
        sessionEpoch,
        topics,
        forgottenTopicsData,
      });
      this.#endHurry();
      if (this.#isClosed) return;
      this.#failures = 0;
      await this.#take(response);
    } catch (error) {
      this.#endHurry();
      session.restart();
      if (this.#isClosed) return;
      if (this.#isHurried) {
        this.#isHurried = false;
        return;
      }
      this.#failures++;
      // That a peer is away is nothing new to whoever reads the log; anything else is.
      if (isOfThePeer(error)) environment.log('debug', `Fetching failed: ${error.message}`);
      else environment.log('error', `Fetching failed: ${error instanceof Error ? error.stack : error}`);
      await this.#pause(backoffMs(this.#failures, limits.backoffMs()));
    }
  }

  async #take({ errorCode, sessionId, responses }: FetchResponse): Promise<void> {
    const { limits } = this.#options;
    const { session } = this.#followed;
    if (errorCode !== 0) {
      session.restart();
      // The leader has forgotten the session, or never had room for it: a full request is what it wants.
      if (!sessionErrors.includes(errorName(errorCode))) await this.#pause(backoffMs(++this.#failures, limits.backoffMs()));
      return;
    }
    session.answered(sessionId);
    await takeAnswers(this.#taking, responses);
  }

  /** Until the time has passed, or there is something new to fetch. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = Number.isFinite(delayMs) ? this.#options.environment.clock.after(delayMs, () => this.#wake()) : () => {};
      this.#wake = () => {
        this.#wake = () => {};
        cancel();
        resolve();
      };
    });
  }

  /**
   * A request may wait at the leader for replica.fetch.wait.max.ms, and producers for a follower that is not in it. So that one is
   * given up for another, which is a full one: no more often than it would have been answered, and the less often the more it names.
   */
  #hurry(): void {
    const { environment, limits, connection } = this.#options;
    const { clock } = environment;
    const isSoon = clock.monotonicMs() - this.#lastHurryMs < Math.max(limits.waitMaxMs(), this.#followed.size);
    if (!this.#mayWait || this.#cancelHurry !== null || isSoon) return;
    this.#cancelHurry = clock.after(PATIENCE_MS, () => {
      this.#cancelHurry = null;
      this.#lastHurryMs = clock.monotonicMs();
      this.#isHurried = true;
      connection.drop('another partition is to be fetched too');
    });
  }
  #endHurry(): void {
    this.#mayWait = false;
    this.#cancelHurry?.();
    this.#cancelHurry = null;
  }
}

const sessionErrors: readonly ErrorName[] = ['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'];
