import { batchesOf } from '../../protocol/records/record-batch.js';
import { type FetchParameters, type FetchSource, isHeldBack, type TargetRead } from './fetch-parameters.js';
import type { FetchSession, FetchTarget } from './fetch-session.js';
import type { Partition } from './partition.js';
import type { Waiter } from './waiters.js';

/** A partition that a fetch waits for. */
interface Watched {
  readonly target: FetchTarget;
  readonly partition: Partition;
  readonly leaderEpoch: number;
  readonly readBytes: number;
  /** What a reader of this kind could see when it read, and how many bytes had passed by then. */
  readonly end: bigint;
  readonly visibleBytes: number;
}

/**
 * Resolves when it is time to read again: there is enough, the answer became another one, the time is over, or nobody wants it any more.
 * What happens to a partition costs a look at that partition alone. Source: DelayedFetch.tryComplete.
 */
export function waitForMore(
  source: FetchSource,
  session: FetchSession | null,
  reads: readonly TargetRead[],
  parameters: FetchParameters,
): Promise<void> {
  const { minBytes, maxWaitMs, isAbandoned } = parameters;
  const watched = new Map(watch(source, reads, parameters).map((one) => [one.target, one]));
  let totalBytes = 0;
  for (const { readBytes } of watched.values()) totalBytes += readBytes;
  if (totalBytes >= minBytes) return Promise.resolve();
  return new Promise((resolve) => {
    const leave: (() => void)[] = [];
    const finish = (): void => {
      for (const undo of leave.splice(0)) undo();
      resolve();
    };
    const counted = new Map<FetchTarget, number>();
    const look = (one: Watched): void => {
      const bytes = bytesNow(source, one, parameters);
      totalBytes += bytes - (counted.get(one.target) ?? one.readBytes);
      counted.set(one.target, bytes);
      if (totalBytes >= minBytes) finish();
    };
    const join = ({ waiters }: Pick<Partition, 'waiters'>, wake: () => void): void => {
      const waiter: Waiter = { wake, isAbandoned, end: finish };
      waiters.add(waiter);
      leave.push(() => waiters.remove(waiter));
    };
    leave.push(source.clock.after(maxWaitMs, finish));
    if (session === null) for (const one of watched.values()) join(one.partition, () => look(one));
    else {
      join(session, () => {
        for (const { target, partition, visibleBytes } of session.touched) {
          if (partition === null) continue;
          const { leaderEpoch } = partition;
          // Of what was not looked at its fetcher had all before.
          look(watched.get(target) ?? { target, partition, leaderEpoch, readBytes: 0, end: target.fetchOffset, visibleBytes });
        }
      });
    }
  });
}

function watch(source: FetchSource, reads: readonly TargetRead[], parameters: FetchParameters): Watched[] {
  const { isolation } = parameters;
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
      // Once it is held back no more, all that it did not get is new.
      end: isHeldBack(source, partition, parameters) ? target.fetchOffset : partition.endFor(isolation),
      visibleBytes: partition.bytesFor(isolation),
    });
  }
  return watched;
}

/** What a read would bring now; Infinity where its answer became another one. */
function bytesNow(
  source: FetchSource,
  { target, partition, leaderEpoch, readBytes, end, visibleBytes }: Watched,
  parameters: FetchParameters,
): number {
  const { isolation } = parameters;
  const endNow = partition.endFor(isolation);
  const hasMoved = source.partitionOf(target) !== partition || partition.leaderEpoch !== leaderEpoch;
  if (hasMoved || target.fetchOffset > endNow || target.fetchOffset < partition.log.startOffset) return Number.POSITIVE_INFINITY;
  if (isHeldBack(source, partition, parameters)) return readBytes;
  const moreBytes = Math.max(partition.bytesFor(isolation) - visibleBytes, endNow > end ? 1 : 0);
  return Math.min(readBytes + moreBytes, target.maxBytes);
}

/** The offset after the last of these batches, of which there is at least one. */
function nextOffset(records: Uint8Array): bigint {
  let next = 0n;
  for (const batch of batchesOf(records)) next = batch.lastOffset + 1n;
  return next;
}
