import type { Clock } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import type { FetchTarget } from './fetch-session.js';
import type { Partition } from './partition.js';
import type { Isolation, ReadResult } from './read-log.js';
import { waitUntil } from './waiters.js';

export interface FetchParameters {
  readonly isolation: Isolation;
  /** Null for a consumer. */
  readonly follower: { readonly replicaId: number; readonly brokerEpoch: number } | null;
  /** False where any replica may answer (KIP-392). */
  readonly onlyLeader: boolean;
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

/**
 * Reads the targets in order. Where there is no error and less than `minBytes`, it waits until an append, or whatever else
 * changes the answer, wakes it, and reads again; after `maxWaitMs` it gives what there is. Kafka's ReplicaManager.fetchMessages
 * and DelayedFetch.
 */
export async function fetchRecords(
  source: FetchSource,
  targets: readonly FetchTarget[],
  parameters: FetchParameters,
): Promise<readonly TargetRead[]> {
  const reads = readTargets(source, targets, parameters, true);
  const { maxWaitMs, isAbandoned } = parameters;
  const watched = maxWaitMs <= 0 ? null : watchedUntilEnough(source, reads, parameters);
  if (watched === null) return reads;
  await waitUntil(source.clock, {
    lists: watched.map(({ partition }) => partition.waiters),
    isSatisfied: () => isEnough(source, watched, parameters),
    isAbandoned,
    timeoutMs: maxWaitMs,
  });
  return isAbandoned() ? reads : readTargets(source, targets, parameters, false);
}

function readTargets(
  source: FetchSource,
  targets: readonly FetchTarget[],
  parameters: FetchParameters,
  isFirstLook: boolean,
): readonly TargetRead[] {
  let remainingBytes = parameters.maxBytes;
  // The first batch comes even where it exceeds both limits: a fetcher must not be stuck in front of it (KIP-74).
  let minOneBatch = true;
  return targets.map((target) => {
    const maxBytes = Math.min(target.maxBytes, remainingBytes);
    const outcome = readTarget(source, target, parameters, { maxBytes, minOneBatch, isFirstLook });
    if ('records' in outcome && outcome.records.length > 0) {
      minOneBatch = false;
      remainingBytes = Math.max(0, remainingBytes - outcome.records.length);
    }
    return { target, outcome, maxBytes };
  });
}

function readTarget(
  source: FetchSource,
  target: FetchTarget,
  { isolation, onlyLeader, follower: fetcher }: FetchParameters,
  { maxBytes, minOneBatch, isFirstLook }: { readonly maxBytes: number; readonly minOneBatch: boolean; readonly isFirstLook: boolean },
): TargetRead['outcome'] {
  const partition = source.partitionOf(target);
  if (typeof partition === 'string') return { error: partition };
  if (maxBytes < 0) return { error: 'UNKNOWN_SERVER_ERROR' };
  const { fetchOffset: offset, currentLeaderEpoch, lastFetchedEpoch, logStartOffset } = target;
  const follower = fetcher === null ? null : { ...fetcher, logStartOffset, isFirstLook };
  try {
    return partition.read({ offset, currentLeaderEpoch, lastFetchedEpoch, onlyLeader, isolation, maxBytes, minOneBatch, follower });
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

/** What to watch until there is enough to answer with; null where there is. */
function watchedUntilEnough(source: FetchSource, reads: readonly TargetRead[], { minBytes, isolation }: FetchParameters): Watched[] | null {
  let totalBytes = 0;
  for (const { outcome } of reads) {
    if ('error' in outcome || outcome.divergingEpoch !== undefined) return null;
    totalBytes += outcome.records.length;
  }
  if (totalBytes >= minBytes) return null;
  totalBytes = 0;
  const watched: Watched[] = [];
  for (const { target, outcome, maxBytes } of reads) {
    const partition = source.partitionOf(target);
    if ('error' in outcome || typeof partition === 'string') return null;
    // Whole batches seldom fill a limit; what a limit cut short counts as full.
    const isCutShort = outcome.records.length > 0 && nextOffset(outcome.records) < partition.endFor(isolation);
    const readBytes = isCutShort ? Math.max(outcome.records.length, maxBytes) : outcome.records.length;
    totalBytes += readBytes;
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
  return totalBytes >= minBytes || watched.length === 0 ? null : watched;
}

/** Whether it is time to read again: there is enough, or the answer became another one (Kafka's DelayedFetch.tryComplete). */
function isEnough(source: FetchSource, watched: readonly Watched[], { minBytes, isolation }: FetchParameters): boolean {
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
