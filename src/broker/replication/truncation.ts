import type { EpochEndOffset, Log } from '../log/log.js';
import { leastOffset } from '../log/offset-bounds.js';

/**
 * Where a follower cuts its log when the leader's has the epoch `leader` end where it says, and no later one that the follower knows:
 * at the end of the last epoch that both may share. Where the follower has not that very epoch it cuts at the end of the one before;
 * its next fetch then tells whether more must go (KIP-101, KIP-279). Source: AbstractFetcherThread.getOffsetTruncationState.
 */
export function truncationOffset({ endOffset, endOffsetForEpoch }: TruncatedLog, leader: EpochEndOffset): bigint {
  const own = endOffsetForEpoch(leader.leaderEpoch);
  if (own === null) return leastOffset(leader.endOffset, endOffset);
  if (own.leaderEpoch !== leader.leaderEpoch) return leastOffset(own.endOffset, endOffset);
  return leastOffset(own.endOffset, leader.endOffset, endOffset);
}
export interface TruncatedLog {
  readonly endOffset: bigint;
  readonly endOffsetForEpoch: Log['endOffsetForEpoch'];
}
