import type { Environment } from '../../environment/environment.js';
import { type ErrorName, errorName } from '../../model/error-code.js';
import type { Uuid } from '../../model/uuid.js';
import type { FetchResponse } from '../../protocol/messages/fetch.js';
import type { FollowedPartitions } from './followed-partitions.js';
import { backoffMs, type FollowedPartition } from './follower-fetch.js';
import { forEachInSlices } from './in-slices.js';
import { isOfThePeer, type LeaderConnection } from './leader-connection.js';
import { offsetsOnLeader } from './leader-offsets.js';
import type { Partition } from './partition.js';
import type { ReplicationQuota } from './replication-quota.js';

type Responses = FetchResponse['responses'];
type PartitionAnswer = Responses[number]['partitions'][number];

export interface TakeAnswersOptions {
  readonly nodeId: number;
  readonly environment: Environment;
  readonly connection: LeaderConnection;
  readonly followed: FollowedPartitions;
  readonly partitionOf: (topicId: Uuid, partition: number) => Partition | null;
  /** Recovery points fell: what is written down of them must not outlive them. */
  readonly onTruncated: () => void;
  /** A line in the node's log for what went wrong with a partition, and what to call it. */
  readonly errorOf: (error: unknown, partition: string) => ErrorName;
  /** What followers may take. */
  readonly quota: ReplicationQuota;
  /** replica.fetch.backoff.ms */
  readonly backoffMs: () => number;
}

/**
 * Does what a leader's answer says to each partition that is followed still, in the epoch that it was asked for in: appends, cuts off, begins
 * anew, or leaves it alone for a while. Resolves when what must be synced before the leader hears of it is. Source:
 * AbstractFetcherThread.processFetchRequest.
 */
export async function takeAnswers(options: TakeAnswersOptions, responses: Responses): Promise<void> {
  const durable: Promise<void>[] = [];
  const outOfRange: FollowedPartition[] = [];
  let isTruncated = false;
  await forEachInSlices(options.environment.clock, answersIn(responses), ({ topicId, answer }) => {
    const partition = options.partitionOf(topicId, answer.partitionIndex);
    const followed = partition === null ? null : options.followed.askedFor(partition);
    if (followed === null) return;
    const error = errorName(answer.errorCode);
    if (error === 'OFFSET_OUT_OF_RANGE') outOfRange.push(followed);
    else if (answer.errorCode !== 0) failed(options, followed, error);
    else {
      const { log } = followed.partition;
      const { recoveryPoint } = log;
      const synced = take(options, followed, answer);
      if (synced !== null) durable.push(synced);
      isTruncated ||= log.recoveryPoint < recoveryPoint;
    }
  });
  if (isTruncated) options.onTruncated();
  if (durable.length > 0) await Promise.all(durable);
  for (const followed of outOfRange) {
    const { log } = followed.partition;
    const { recoveryPoint } = log;
    await startOver(options, followed);
    if (log.recoveryPoint < recoveryPoint) options.onTruncated();
  }
}

function* answersIn(responses: Responses): Generator<{ readonly topicId: Uuid; readonly answer: PartitionAnswer }> {
  for (const { topicId, partitions } of responses) for (const answer of partitions) yield { topicId, answer };
}

function take(options: TakeAnswersOptions, followed: FollowedPartition, answer: PartitionAnswer): Promise<void> | null {
  const { records, highWatermark, logStartOffset, divergingEpoch } = answer;
  const { partition, leaderEpoch } = followed;
  const { quota, followed: all } = options;
  const { endOffset, startOffset } = partition.log;
  try {
    let durable: Promise<void> | null = null;
    if (divergingEpoch.epoch >= 0) {
      warnOfLoss(options, partition, divergingEpoch.endOffset);
      partition.replica.truncateToDivergence({ leaderEpoch: divergingEpoch.epoch, endOffset: divergingEpoch.endOffset });
      all.session.include(followed);
    } else {
      const fetched = { records: records ?? noBytes, leaderEpoch, highWatermark, logStartOffset };
      durable = partition.replica.appendAsFollower(fetched)?.catch((error: unknown) => failed(options, followed, error)) ?? null;
      if (quota.isThrottled(partition)) quota.record(fetched.records.length);
      followed.isInSync = partition.log.endOffset >= highWatermark;
      if (partition.log.endOffset !== endOffset || partition.log.startOffset !== startOffset) all.session.include(followed);
    }
    followed.failures = 0;
    return durable;
  } catch (error) {
    failed(options, followed, error);
    return null;
  }
}

/**
 * What would come next here is not on the leader: it has less than this log (the rest is cut off), or begins later (this log
 * begins anew there). Source: AbstractFetcherThread.fetchOffsetAndTruncate.
 */
async function startOver(options: TakeAnswersOptions, followed: FollowedPartition): Promise<void> {
  const { partition, leaderEpoch } = followed;
  const { connection, nodeId, followed: all } = options;
  try {
    const leader = await offsetsOnLeader(connection, nodeId, partition.topicPartition, leaderEpoch);
    if (!all.has(followed)) return;
    if ('error' in leader) {
      failed(options, followed, leader.error);
      return;
    }
    const { endOffset } = partition.log;
    if (leader.earliest <= endOffset && endOffset <= leader.latest) {
      // It has come there since, or its epochs do not tell: not to be asked over and over.
      failed(options, followed, 'OFFSET_OUT_OF_RANGE');
      return;
    }
    if (leader.latest < endOffset) {
      warnOfLoss(options, partition, leader.latest);
      partition.replica.truncateTo(leader.latest);
    } else partition.replica.truncateFullyAndStartAt(leader.earliest);
    all.session.include(followed);
  } catch (error) {
    // That a peer is away is nothing new to whoever reads the log.
    failed(options, followed, isOfThePeer(error) ? 'NETWORK_EXCEPTION' : error);
  }
}

function failed(options: TakeAnswersOptions, followed: FollowedPartition, error: unknown): void {
  if (!options.followed.has(followed)) return;
  const name = typeof error === 'string' ? error : options.errorOf(error, String(followed.partition));
  followed.failures++;
  // The leader is in a later epoch: nothing will help but to hear of it.
  const isFenced = name === 'FENCED_LEADER_EPOCH';
  options.followed.delay(followed, isFenced ? Number.POSITIVE_INFINITY : backoffMs(followed.failures, options.backoffMs()));
}

function warnOfLoss({ environment }: TakeAnswersOptions, partition: Partition, endOffset: bigint): void {
  if (endOffset >= partition.highWatermark) return;
  environment.log(
    'warn',
    `Truncating ${partition} to ${endOffset}, below its high watermark ${partition.highWatermark}: an unclean election took that back`,
  );
}

const noBytes = new Uint8Array(0);
