import type { Clock } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import type { FetchSession, FetchTarget } from './fetch-session.js';
import type { Partition } from './partition.js';
import type { Isolation, ReadResult } from './read-log.js';
import type { ReplicationQuota } from './replication-quota.js';

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
  /** What leaders may send to followers. */
  readonly quota: ReplicationQuota;
}

/** Whether a follower gets nothing of the partition for now (KIP-73). Source: ReplicaManager.shouldLeaderThrottle. */
export const isHeldBack = ({ quota }: FetchSource, partition: Partition, { follower }: Pick<FetchParameters, 'follower'>): boolean =>
  follower !== null && quota.holdsBack(partition, partition.leader?.isr.isMember(follower.replicaId) === true);

/** What one request reads: some targets, or what is due in its session. */
export interface FetchScope {
  readonly targets: () => readonly FetchTarget[];
  /** Null where the fetcher has no session (yet). */
  readonly session: FetchSession | null;
}
