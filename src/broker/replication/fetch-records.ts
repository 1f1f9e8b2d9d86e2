import type { ErrorName } from '../../model/error-code.js';
import { type FetchParameters, type FetchScope, type FetchSource, isHeldBack, type TargetRead } from './fetch-parameters.js';
import type { FetchSession, FetchTarget } from './fetch-session.js';
import { waitForMore } from './fetch-wait.js';
import type { FollowerLiveness } from './follower-replica.js';
import { forEachInSlices } from './in-slices.js';
import type { Partition } from './partition.js';

/**
 * Reads the targets in order. Where there is no error and less than `minBytes`, it waits until an append, or whatever else
 * changes the answer, wakes it, and reads again; after `maxWaitMs` it gives what there is. Kafka's ReplicaManager.fetchMessages
 * and DelayedFetch.
 */
export async function fetchRecords(source: FetchSource, scope: FetchScope, parameters: FetchParameters): Promise<readonly TargetRead[]> {
  const reads = await readWhenThereIsEnough(source, scope, parameters);
  if (parameters.follower !== null) source.quota.record(throttledBytes(source, reads));
  return reads;
}

async function readWhenThereIsEnough(source: FetchSource, scope: FetchScope, parameters: FetchParameters): Promise<readonly TargetRead[]> {
  const { session } = scope;
  const { maxWaitMs, isAbandoned } = parameters;
  const reading = readTargets(source, scope, parameters, true);
  // In one step with the wait where it can be, so that nothing comes in between.
  const changesBefore = session?.changeCount;
  const reads = reading instanceof Promise ? await reading : reading;
  if (session !== null) session.lastFetchMs = source.clock.monotonicMs();
  const isOutdated = reading instanceof Promise && session?.changeCount !== changesBefore;
  if (maxWaitMs <= 0 || isOutdated || isAnswer(reads, parameters) || (reads.length === 0 && session === null)) return reads;
  await waitForMore(source, session, reads, parameters);
  return isAbandoned() ? reads : readTargets(source, scope, parameters, false);
}

/** Of a session; more are read in slices. */
const READ_AT_ONCE = 250;

/** A follower's session may have thousands that are due: then others are served in between. */
function readTargets(
  source: FetchSource,
  { targets, session }: FetchScope,
  parameters: FetchParameters,
  isFirstLook: boolean,
): readonly TargetRead[] | Promise<readonly TargetRead[]> {
  const due = targets();
  const each = readEach(source, session, due, parameters, isFirstLook);
  return session === null || due.length <= READ_AT_ONCE ? [...each] : inSlices(source, each);
}

async function inSlices({ clock }: FetchSource, each: Iterable<TargetRead>): Promise<readonly TargetRead[]> {
  const reads: TargetRead[] = [];
  await forEachInSlices(clock, each, (read) => void reads.push(read));
  return reads;
}

function* readEach(
  source: FetchSource,
  session: FetchSession | null,
  targets: readonly FetchTarget[],
  parameters: FetchParameters,
  isFirstLook: boolean,
): Generator<TargetRead> {
  let remainingBytes = parameters.maxBytes;
  // The first batch comes even where it exceeds both limits: a fetcher must not be stuck in front of it (KIP-74).
  let minOneBatch = true;
  for (const target of targets) {
    const maxBytes = Math.min(target.maxBytes, remainingBytes);
    const partition = source.partitionOf(target);
    session?.follow(target, typeof partition === 'string' ? null : partition);
    const look = { maxBytes, minOneBatch, isFirstLook, liveness: session?.livenessOf(target) ?? null };
    const outcome = readTarget(source, target, partition, parameters, look);
    if ('records' in outcome && outcome.records.length > 0) {
      minOneBatch = false;
      remainingBytes = Math.max(0, remainingBytes - outcome.records.length);
    }
    yield { target, outcome, maxBytes };
  }
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
  parameters: FetchParameters,
  { maxBytes, minOneBatch, isFirstLook, liveness }: Look,
): TargetRead['outcome'] {
  if (typeof partition === 'string') return { error: partition };
  if (maxBytes < 0) return { error: 'UNKNOWN_SERVER_ERROR' };
  const { isolation, onlyLeader, follower: fetcher, preferredReplica: choose } = parameters;
  const { fetchOffset: offset, currentLeaderEpoch, lastFetchedEpoch, logStartOffset } = target;
  const refusal = partition.refusalOf({ currentLeaderEpoch, onlyLeader });
  if (refusal !== null) return { error: refusal };
  const follower =
    fetcher === null ? null : { replicaId: fetcher.replicaId, brokerEpoch: fetcher.brokerEpoch, logStartOffset, liveness, isFirstLook };
  try {
    const preferredReplica = choose(partition, target);
    // The follower is heard all the same.
    const isHeld = isHeldBack(source, partition, parameters);
    return partition.read({
      preferredReplica,
      offset,
      currentLeaderEpoch,
      lastFetchedEpoch,
      onlyLeader,
      isolation,
      maxBytes: isHeld ? 0 : maxBytes,
      minOneBatch: !isHeld && minOneBatch,
      follower,
    });
  } catch (error) {
    return { error: source.errorOf(error, target) };
  }
}

/** What goes to a follower counts whether it is in sync or not, so that all of it together keeps to the limit. */
function throttledBytes(source: FetchSource, reads: readonly TargetRead[]): number {
  let bytes = 0;
  for (const { target, outcome } of reads) {
    if ('error' in outcome || outcome.records.length === 0) continue;
    const partition = source.partitionOf(target);
    if (typeof partition !== 'string' && source.quota.isThrottled(partition)) bytes += outcome.records.length;
  }
  return bytes;
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
