import { KafkaError } from '../../model/errors.js';
import type { Log } from '../log/log.js';
import type { FollowerFetch } from './follower-replica.js';
import type { ReadLimits } from './recent-records.js';

/** How far a reader may see: all that is appended (followers), what is committed, or what no open transaction can still take back. */
export type Isolation = 'log-end' | 'read-uncommitted' | 'read-committed';

/** What a request says of the leader it believes in. */
export interface LeaderClaim {
  /** -1 says nothing. */
  readonly currentLeaderEpoch: number;
  /** False where any replica may answer. */
  readonly onlyLeader: boolean;
}
export interface ReadRequest extends LeaderClaim {
  readonly offset: bigint;
  /** The epoch of the record before `offset` in the reader's log; -1 says nothing. */
  readonly lastFetchedEpoch: number;
  readonly isolation: Isolation;
  readonly maxBytes: number;
  /** Gives the first batch even where it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
  /** Null for a consumer. */
  readonly follower: FollowerFetch | null;
  /** Which replica a consumer should ask instead, where there is one (KIP-392). */
  readonly preferredReplica: number | null;
}
export interface ReadResult {
  /** The broker that the reader should ask instead, which is why nothing was read (KIP-392). */
  readonly preferredReadReplica?: number;
  readonly records: Uint8Array;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** The reader's log diverges from this one: it must cut off what it has of later epochs or beyond this end (KIP-320, KIP-595). */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: bigint };
}

/** What is read: a replica of a partition. */
interface Replica {
  readonly log: Log;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly endFor: (isolation: Isolation) => bigint;
  /** All that is appended, for followers. */
  readonly readToEnd: (offset: bigint, options: ReadLimits) => Uint8Array;
}

const noBytes = new Uint8Array(0);

/**
 * Reads for who may read. `onValid` is called once it is sure that the reader's log is a part of this one, before anything is read,
 * so that the answer tells what follows of that. Throws KafkaError OFFSET_OUT_OF_RANGE. Source: Partition.readRecords.
 */
export function readLog(partition: Replica, request: ReadRequest, onValid: () => void): ReadResult {
  const { log } = partition;
  const { offset, lastFetchedEpoch, isolation, maxBytes, minOneBatch } = request;
  const { startOffset, endOffset } = log;
  /** With the bounds of now. */
  const result = (records: Uint8Array): ReadResult => ({
    records,
    highWatermark: partition.highWatermark,
    lastStableOffset: partition.lastStableOffset,
    logStartOffset: log.startOffset,
  });
  if (request.preferredReplica !== null) return { ...result(noBytes), preferredReadReplica: request.preferredReplica };
  if (lastFetchedEpoch >= 0) {
    const epochEnd = log.endOffsetForEpoch(lastFetchedEpoch);
    if (epochEnd === null || offset < startOffset) throw new KafkaError('OFFSET_OUT_OF_RANGE');
    const { leaderEpoch: epoch, endOffset: epochEndOffset } = epochEnd;
    if (epoch < lastFetchedEpoch || epochEndOffset < offset) {
      return { ...result(noBytes), divergingEpoch: { epoch, endOffset: epochEndOffset } };
    }
  }
  if (offset < startOffset || offset > endOffset) throw new KafkaError('OFFSET_OUT_OF_RANGE');
  onValid();
  const upToOffset = partition.endFor(isolation);
  if (offset >= upToOffset || (maxBytes <= 0 && !minOneBatch)) return result(noBytes);
  const isToEnd = isolation === 'log-end';
  const records = isToEnd
    ? partition.readToEnd(offset, { maxBytes, minOneBatch })
    : log.read(offset, { maxBytes, upToOffset, minOneBatch });
  return result(records);
}
