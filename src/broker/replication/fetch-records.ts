import type { Clock } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import type { FetchSession, FetchTarget } from './fetch-session.js';
import type { FollowerLiveness } from './follower-replica.js';
import type { Partition } from './partition.js';
import type { Isolation, ReadResult } from './read-log.js';
import { waitUntil } from './waiters.js';

export interface FetchParameters {
  readonly isolation: Isolation;
  /** Null for a consumer. */
  readonly follower: { readonly replicaId: number; readonly brokerEpoch: number } | null;
  /** False where any replica may answer (KIP-392). */
  readonly onlyLeader: boolean;
  /** Which replica a consumer should ask instead of this one, or null (KIP-392). */
  readonly preferredReplica: (partition: Partition, target: FetchTarget) => number | null;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  /** Of all partitions together. */
  readonly maxBytes: number;
  /** True once nobody wants the answer any more. */
  readonly isAbandoned: () => boolean;
}

export interface TargetRead {
  readonly target: FetchTarget;
  readonly outcome: ReadResult | { readonly error: ErrorName };
  /** What the limits left for it. */
  readonly maxBytes: number;
}

/** What a fetch reads from: the hosted partition of a target or why there is none, and what to call an error that a read threw. */
export interface FetchSource {
  readonly clock: Clock;
  readonly partitionOf: (target: FetchTarget) => Partition | ErrorName;
  readonly errorOf: (error: unknown, target: FetchTarget) => ErrorName;
}

/** What one request reads: some targets, or what is due in its session. */
export interface FetchScope {
  readonly targets: () => readonly FetchTarget[];
  /** Null where the fetcher has no session (yet). */
  readonly session: FetchSession | null;
}

/**
 * Reads the targets in order. Where there is no error and less than `minBytes`, it waits until an append, or whatever else
 * changes the answer, wakes it, and reads again; after `maxWaitMs` it gives what there is. Kafka's ReplicaManager.fetchMessages
 * and DelayedFetch.
 */
export async function fetchRecords(source: FetchSource, scope: FetchScope, parameters: FetchParameters): Promise<readonly TargetRead[]> {
  const { session } = scope;
  const { maxWaitMs, isAbandoned } = parameters;
  const reads = readTargets(source, scope, parameters, true);
  if (session !== null) session.lastFetchMs = source.clock.monotonicMs();
  if (maxWaitMs <= 0 || isAnswer(reads, parameters) || (reads.length === 0 && session === null)) return reads;
  const watched = watch(source, reads, parameters);
  await waitUntil(source.clock, {
    lists: session === null ? watched.map(({ partition }) => partition.waiters) : [session.waiters],
    isSatisfied: () => isEnough(source, session === null ? watched : watchedOf(session, watched), parameters),
    isAbandoned,
    timeoutMs: maxWaitMs,
  });
  return isAbandoned() ? reads : readTargets(source, scope, parameters, false);
}

function readTargets(
  source: FetchSource,
  { targets, session }: FetchScope,
  parameters: FetchParameters,
  isFirstLook: boolean,
): readonly TargetRead[] {
  let remainingBytes = parameters.maxBytes;
  // The first batch comes even where it exceeds both limits: a fetcher must not be stuck in front of it (KIP-74).
  let minOneBatch = true;
  return targets().map((target) => {
    const maxBytes = Math.min(target.maxBytes, remainingBytes);
    const partition = source.partitionOf(target);
    session?.follow(target, typeof partition === 'string' ? null : partition);
    const look = { maxBytes, minOneBatch, isFirstLook, liveness: session?.livenessOf(target) ?? null };
    const outcome = readTarget(source, target, partition, parameters, look);
    if ('records' in outcome && outcome.records.length > 0) {
      minOneBatch = false;
      remainingBytes = Math.max(0, remainingBytes - outcome.records.length);
    }
    return { target, outcome, maxBytes };
  });
}

interface Look {
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
  readonly isFirstLook: boolean;
  readonly liveness: FollowerLiveness | null;
}

function readTarget(
  source: FetchSource,
  target: FetchTarget,
  partition: Partition | ErrorName,
  { isolation, onlyLeader, follower: fetcher, preferredReplica: choose }: FetchParameters,
  { maxBytes, minOneBatch, isFirstLook, liveness }: Look,
): TargetRead['outcome'] {
  if (typeof partition === 'string') return { error: partition };
  if (maxBytes < 0) return { error: 'UNKNOWN_SERVER_ERROR' };
  const { fetchOffset: offset, currentLeaderEpoch, lastFetchedEpoch, logStartOffset } = target;
  const follower = fetcher === null ? null : { ...fetcher, logStartOffset, liveness, isFirstLook };
  try {
    const preferredReplica = choose(partition, target);
    return partition.read({
      preferredReplica,
      offset,
      currentLeaderEpoch,
      lastFetchedEpoch,
      onlyLeader,
      isolation,
      maxBytes,
      minOneBatch,
      follower,
    });
  } catch (error) {
    return { error: source.errorOf(error, target) };
  }
}

interface Watched {
  readonly target: FetchTarget;
  readonly partition: Partition;
  readonly leaderEpoch: number;
  readonly readBytes: number;
  /** What a reader of this kind could see when it read. */
  readonly end: bigint;
  readonly visibleBytes: number;
}

/** Whether nothing is to be waited for. */
function isAnswer(reads: readonly TargetRead[], { minBytes }: FetchParameters): boolean {
  let totalBytes = 0;
  for (const { outcome } of reads) {
    if ('error' in outcome || outcome.divergingEpoch !== undefined || outcome.preferredReadReplica !== undefined) return true;
    totalBytes += outcome.records.length;
  }
  return totalBytes >= minBytes;
}

/** What to watch until there is enough to answer with. */
function watch(source: FetchSource, reads: readonly TargetRead[], { isolation }: FetchParameters): Watched[] {
  const watched: Watched[] = [];
  for (const { target, outcome, maxBytes } of reads) {
    const partition = source.partitionOf(target);
    if ('error' in outcome || typeof partition === 'string') continue;
    // Whole batches seldom fill a limit; what a limit cut short counts as full.
    const isCutShort = outcome.records.length > 0 && nextOffset(outcome.records) < partition.endFor(isolation);
    const readBytes = isCutShort ? Math.max(outcome.records.length, maxBytes) : outcome.records.length;
    const { leaderEpoch } = partition;
    watched.push({
      target,
      partition,
      leaderEpoch,
      readBytes,
      end: partition.endFor(isolation),
      visibleBytes: partition.bytesFor(isolation),
    });
  }
  return watched;
}

/** What was looked at, and what has become due since: of that the fetcher had all before. */
function* watchedOf({ due }: FetchSession, looked: readonly Watched[]): Generator<Watched> {
  yield* looked;
  const known = new Set(looked.map(({ target }) => target));
  for (const { target, partition, visibleBytes } of due) {
    if (partition === null || known.has(target)) continue;
    yield { target, partition, leaderEpoch: partition.leaderEpoch, readBytes: 0, end: target.fetchOffset, visibleBytes };
  }
}

/** Whether it is time to read again: there is enough, or the answer became another one (Kafka's DelayedFetch.tryComplete). */
function isEnough(source: FetchSource, watched: Iterable<Watched>, { minBytes, isolation }: FetchParameters): boolean {
  let totalBytes = 0;
  for (const { target, partition, leaderEpoch, readBytes, end, visibleBytes } of watched) {
    const hasMoved = source.partitionOf(target) !== partition || partition.leaderEpoch !== leaderEpoch;
    const endNow = partition.endFor(isolation);
    if (hasMoved || target.fetchOffset > endNow || target.fetchOffset < partition.log.startOffset) return true;
    const moreBytes = Math.max(partition.bytesFor(isolation) - visibleBytes, endNow > end ? 1 : 0);
    totalBytes += Math.min(readBytes + moreBytes, target.maxBytes);
  }
  return totalBytes >= minBytes;
}

/** The offset after the last of these batches, of which there is at least one. */
function nextOffset(records: Uint8Array): bigint {
  let next = 0n;
  for (const batch of batchesOf(records)) next = batch.lastOffset + 1n;
  return next;
}
