import type { Cancel, Environment } from '../../environment/environment.js';
import { type ErrorName, errorName } from '../../model/error-code.js';
import { ConnectionError, ProtocolError, TimeoutError, UnsupportedVersionError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type FetchResponse, fetch } from '../../protocol/messages/fetch.js';
import { DelayedPartitions } from './delayed-partitions.js';
import { FetchRequestSession } from './fetch-request-session.js';
import { backoffMs, type FollowedPartition } from './follower-fetch.js';
import type { LeaderConnection } from './leader-connection.js';
import { offsetsOnLeader } from './leader-offsets.js';
import type { Partition } from './partition.js';
import type { ReplicationQuota } from './replication-quota.js';

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number];

export interface ReplicaFetcherOptions {
  readonly nodeId: number;
  readonly environment: Environment;
  readonly connection: LeaderConnection;
  /** Of this life of the node; negative before it has registered, and nothing is fetched then. */
  readonly brokerEpoch: () => number;
  readonly partitionOf: (topicId: Uuid, partition: number) => Partition | null;
  /** A line in the node's log for what went wrong with a partition, and what to call it. */
  readonly errorOf: (error: unknown, partition: string) => ErrorName;
  /** What followers may take. */
  readonly quota: ReplicationQuota;
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
  readonly #followed = new Map<Partition, FollowedPartition>();
  readonly #delayed = new DelayedPartitions();
  readonly #session: FetchRequestSession;
  #isRunning = false;
  /** A request is under way. */
  #isAsking = false;
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
    this.#session = new FetchRequestSession(options.limits.maxBytes);
  }

  get size(): number {
    return this.#followed.size;
  }

  /** Follows from the log's end on, in the partition's leader epoch of now. */
  add(partition: Partition): void {
    this.remove(partition);
    const followed: FollowedPartition = { partition, leaderEpoch: partition.leaderEpoch, ...notDelayed, isInSync: false };
    this.#followed.set(partition, followed);
    this.#session.include(followed);
    this.#hurry();
    this.#wake();
    if (!this.#isRunning) void this.#run();
  }

  remove(partition: Partition): void {
    const followed = this.#followed.get(partition);
    if (followed === undefined) return;
    this.#followed.delete(partition);
    this.#delayed.forget(followed);
    this.#session.exclude(followed);
  }

  /** What is held back is looked at again. */
  onQuotaChange(): void {
    const heldBack = this.#delayed.takeHeldBack();
    if (heldBack.length === 0) return;
    for (const followed of heldBack) this.#session.include(followed);
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
      this.#readmit();
      this.#holdBack();
      if (this.#options.brokerEpoch() < 0) await this.#pause(this.#options.limits.backoffMs());
      else if (this.#session.isEmpty) await this.#pause(this.#untilNextMs());
      else await this.#fetch();
    }
    this.#isRunning = false;
  }

  async #fetch(): Promise<void> {
    const { connection, environment, nodeId, brokerEpoch, limits } = this.#options;
    this.#isAsking = true;
    try {
      const response = await connection.request(fetch, {
        replicaState: { replicaId: nodeId, replicaEpoch: brokerEpoch() },
        maxWaitMs: Math.min(limits.waitMaxMs(), this.#untilNextMs()),
        minBytes: limits.minBytes(),
        maxBytes: limits.responseMaxBytes(),
        rackId: '',
        ...this.#session.next(),
      });
      this.#endHurry();
      if (this.#isClosed) return;
      this.#failures = 0;
      await this.#take(response);
    } catch (error) {
      this.#endHurry();
      this.#session.restart();
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
    if (errorCode !== 0) {
      this.#session.restart();
      // The leader has forgotten the session, or never had room for it: a full request is what it wants.
      if (!sessionErrors.includes(errorName(errorCode))) await this.#pause(backoffMs(++this.#failures, this.#options.limits.backoffMs()));
      return;
    }
    this.#session.answered(sessionId);
    const durable: Promise<void>[] = [];
    const outOfRange: FollowedPartition[] = [];
    for (const { topicId, partitions } of responses) {
      for (const answer of partitions) {
        const partition = this.#options.partitionOf(topicId, answer.partitionIndex);
        const followed = partition === null ? undefined : this.#followed.get(partition);
        // Another epoch has begun since it was asked for.
        if (followed === undefined || this.#session.memberOf(followed.partition) !== followed) continue;
        if (errorName(answer.errorCode) === 'OFFSET_OUT_OF_RANGE') outOfRange.push(followed);
        else if (answer.errorCode !== 0) this.#failed(followed, errorName(answer.errorCode));
        else {
          const synced = this.#append(followed, answer);
          if (synced !== null) durable.push(synced);
        }
      }
    }
    // The next request tells the leader that this replica has the records.
    if (durable.length > 0) await Promise.all(durable);
    for (const followed of outOfRange) await this.#startOver(followed);
  }

  #append(followed: FollowedPartition, { records, highWatermark, logStartOffset, divergingEpoch }: PartitionAnswer): Promise<void> | null {
    const { partition, leaderEpoch } = followed;
    const { quota } = this.#options;
    const { endOffset, startOffset } = partition.log;
    try {
      let durable: Promise<void> | null = null;
      if (divergingEpoch.epoch >= 0) {
        this.#warnOfLoss(partition, divergingEpoch.endOffset);
        partition.replica.truncateToDivergence({ leaderEpoch: divergingEpoch.epoch, endOffset: divergingEpoch.endOffset });
        this.#session.include(followed);
      } else {
        const fetched = { records: records ?? noBytes, leaderEpoch, highWatermark, logStartOffset };
        durable = partition.replica.appendAsFollower(fetched)?.catch((error: unknown) => this.#failed(followed, error)) ?? null;
        if (quota.isThrottled(partition)) quota.record(fetched.records.length);
        followed.isInSync = partition.log.endOffset >= highWatermark;
        if (partition.log.endOffset !== endOffset || partition.log.startOffset !== startOffset) this.#session.include(followed);
      }
      followed.failures = 0;
      return durable;
    } catch (error) {
      this.#failed(followed, error);
      return null;
    }
  }

  /**
   * What would come next here is not on the leader: it has less than this log (the rest is cut off), or begins later (this log
   * begins anew there). Source: AbstractFetcherThread.fetchOffsetAndTruncate.
   */
  async #startOver(followed: FollowedPartition): Promise<void> {
    const { partition, leaderEpoch } = followed;
    const { connection, nodeId } = this.#options;
    try {
      const leader = await offsetsOnLeader(connection, nodeId, partition.topicPartition, leaderEpoch);
      if (this.#followed.get(partition) !== followed) return;
      if ('error' in leader) {
        this.#failed(followed, leader.error);
        return;
      }
      const { endOffset } = partition.log;
      if (leader.earliest <= endOffset && endOffset <= leader.latest) {
        // It has come there since, or its epochs do not tell: not to be asked over and over.
        this.#failed(followed, 'OFFSET_OUT_OF_RANGE');
        return;
      }
      if (leader.latest < endOffset) {
        this.#warnOfLoss(partition, leader.latest);
        partition.replica.truncateTo(leader.latest);
      } else partition.replica.truncateFullyAndStartAt(leader.earliest);
      this.#session.include(followed);
    } catch (error) {
      this.#failed(followed, error);
    }
  }

  #failed(followed: FollowedPartition, error: unknown): void {
    if (this.#followed.get(followed.partition) !== followed) return;
    const { limits, environment, errorOf } = this.#options;
    const name = typeof error === 'string' ? error : errorOf(error, String(followed.partition));
    followed.failures++;
    // The leader is in a later epoch: nothing will help but to hear of it.
    const delayMs = name === 'FENCED_LEADER_EPOCH' ? Number.POSITIVE_INFINITY : backoffMs(followed.failures, limits.backoffMs());
    this.#delay(followed, environment.clock.monotonicMs() + delayMs, false);
  }

  #delay(followed: FollowedPartition, untilMs: number, isHeldBack: boolean): void {
    this.#delayed.delay(followed, untilMs, isHeldBack);
    this.#session.exclude(followed);
  }

  /** Leaves what is throttled and not in sync alone until the quota allows more (KIP-73). Source: RemoteLeaderEndPoint.shouldFollowerThrottle. */
  #holdBack(): void {
    const { quota, environment } = this.#options;
    if (!quota.isExceeded) return;
    // At least a while, or it would ask over and over in one and the same millisecond.
    const untilMs = Math.max(quota.freeAtMs, environment.clock.monotonicMs() + 1);
    for (const followed of this.#followed.values()) {
      if (this.#delayed.has(followed) || !quota.holdsBack(followed.partition, followed.isInSync)) continue;
      this.#delay(followed, untilMs, true);
    }
  }

  /** Those whose time is over are fetched again. */
  #readmit(): void {
    for (const followed of this.#delayed.takeDue(this.#options.environment.clock.monotonicMs())) this.#session.include(followed);
  }

  /** Until a delay ends; Infinity where none will. */
  #untilNextMs(): number {
    return Math.max(0, Math.ceil(this.#delayed.earliestMs - this.#options.environment.clock.monotonicMs()));
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
    if (!this.#isAsking || this.#cancelHurry !== null || isSoon) return;
    this.#cancelHurry = clock.after(PATIENCE_MS, () => {
      this.#cancelHurry = null;
      this.#lastHurryMs = clock.monotonicMs();
      this.#isHurried = true;
      connection.drop('another partition is to be fetched too');
    });
  }
  #endHurry(): void {
    this.#isAsking = false;
    this.#cancelHurry?.();
    this.#cancelHurry = null;
  }

  #warnOfLoss(partition: Partition, endOffset: bigint): void {
    if (endOffset >= partition.highWatermark) return;
    const { log } = this.#options.environment;
    log(
      'warn',
      `Truncating ${partition} to ${endOffset}, below its high watermark ${partition.highWatermark}: an unclean election took that back`,
    );
  }
}

const isOfThePeer = (error: unknown): error is Error =>
  [ConnectionError, TimeoutError, ProtocolError, UnsupportedVersionError].some((kind) => error instanceof kind);

const notDelayed = { delayedUntilMs: 0, isHeldBack: false, failures: 0 };
const noBytes = new Uint8Array(0);
const sessionErrors: readonly ErrorName[] = ['FETCH_SESSION_ID_NOT_FOUND', 'INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'];
