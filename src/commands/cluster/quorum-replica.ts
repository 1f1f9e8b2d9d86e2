import type { QuorumDescription, QuorumReplica } from '../../admin/cluster.js';

/** A voter or an observer, and how far it is behind the leader. */
export interface MeasuredReplica extends Omit<QuorumReplica, 'lastFetchMs' | 'lastCaughtUpMs'> {
  readonly role: 'leader' | 'follower' | 'observer';
  /** Records of the metadata log. */
  readonly lag: bigint;
  /** For how long it has been behind, by the leader's clock; null where the leader does not know, or before Kafka 3.3. */
  readonly lagMs: number | null;
  /** Since it last fetched. */
  readonly silentMs: number | null;
  /** Milliseconds since the epoch. */
  readonly lastFetchTimestampMs: number | null;
  readonly lastCaughtUpTimestampMs: number | null;
}
export interface MeasuredQuorum {
  readonly voters: readonly MeasuredReplica[];
  readonly observers: readonly MeasuredReplica[];
}

/** The leader's own times are those of its answer, so that the clock of this machine has no part in it. */
export function measureQuorum({ leader, highWatermark, voters, observers }: QuorumDescription): MeasuredQuorum {
  const first = voters.find(({ node }) => node === leader);
  const end = first?.logEndOffset ?? highWatermark;
  const nowMs = first?.lastCaughtUpMs ?? null;
  const since = (timestampMs: number | null) => (nowMs === null || timestampMs === null ? null : Math.max(0, nowMs - timestampMs));
  const measured =
    (role: 'follower' | 'observer') =>
    ({ lastFetchMs, lastCaughtUpMs, ...replica }: QuorumReplica): MeasuredReplica => {
      const isLeader = replica.node === leader && role === 'follower';
      return {
        ...replica,
        role: isLeader ? 'leader' : role,
        lag: end > replica.logEndOffset ? end - replica.logEndOffset : 0n,
        // A replica that stands where the leader does is not behind, whenever it last had news to fetch.
        lagMs: isLeader || replica.logEndOffset >= end ? 0 : since(lastCaughtUpMs),
        silentMs: isLeader ? 0 : since(lastFetchMs),
        lastFetchTimestampMs: lastFetchMs,
        lastCaughtUpTimestampMs: lastCaughtUpMs,
      };
    };
  return { voters: voters.map(measured('follower')), observers: observers.map(measured('observer')) };
}
