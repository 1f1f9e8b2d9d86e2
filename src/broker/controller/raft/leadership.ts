import type { Clock } from '../../../environment/environment.js';
import type { MetadataLog } from '../metadata-log.js';
import { isVoter, type Member } from './election.js';
import { createFetchWaiters } from './fetch-waiters.js';
import type { LogEnd } from './log-end.js';
import { createReplicas, type Replicas } from './replicas.js';

/** What a replica asks the leader for: the records from its own log's end on. */
export interface ReplicaFetch {
  /** -1 for a reader that is no replica. */
  readonly replicaId: number;
  readonly logEnd: LogEnd;
  /** What the replica knows of it: it is told at once where there is more (KIP-1166). */
  readonly highWatermark: bigint;
  readonly maxWaitMs: number;
}
/** One of the three: records to append, where the replica's log differs, or the snapshot to begin from. */
export interface ReplicaFetched {
  readonly highWatermark: bigint;
  readonly logStartOffset: bigint;
  readonly records: Uint8Array;
  readonly diverging: LogEnd | null;
  readonly snapshot: LogEnd | null;
}

/** What a node does as long as it leads one epoch: it appends, serves the replicas and commits what a majority has synced. */
export interface Leadership {
  readonly replicas: Replicas;
  /** After an append: hands it to the replicas that wait, and syncs it meanwhile. */
  readonly appended: () => void;
  /** Null where the leadership ended while the replica waited. */
  readonly fetch: (request: ReplicaFetch) => Promise<ReplicaFetched | null>;
  /** A replica fetches a snapshot: it lives, though its log stays where it is. */
  readonly heard: (replicaId: number) => void;
  readonly end: () => void;
}

export interface LeadershipOptions {
  readonly clock: Clock;
  readonly log: MetadataLog;
  readonly member: Member;
  readonly highWatermark: () => bigint;
  /** All below the offset is committed. */
  readonly onCommitted: (offset: bigint) => void;
  /** A voter, not this one, was heard of. */
  readonly onHeard: (majorityHeardMs: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Source: KafkaRaftClient.MAX_FETCH_SIZE_BYTES. */
const MAX_FETCH_BYTES = 8 * 1024 * 1024;
const noBytes = new Uint8Array(0);

/** Begins with the epoch's first record, which the log does not hold yet. */
export function createLeadership(options: LeadershipOptions): Leadership {
  const { clock, log, member, highWatermark, onCommitted } = options;
  const replicas = createReplicas(member, log.endOffset, clock.monotonicMs());
  const waiters = createFetchWaiters(clock);
  let isOver = false;
  let isSyncing = false;

  const commit = (): void => {
    const offset = replicas.committedOffset();
    if (offset === null || offset <= highWatermark()) return;
    onCommitted(offset);
    waiters.wake(offset);
  };
  /** One sync at a time; what is appended meanwhile goes with the next. */
  const sync = async (): Promise<void> => {
    if (isSyncing) return;
    isSyncing = true;
    for (let synced = -1n; !isOver && synced < log.endOffset; ) {
      synced = await log.flush();
      if (isOver) break;
      replicas.synced(synced);
      commit();
    }
    isSyncing = false;
  };

  const heard = (replicaId: number): void => {
    if (replicaId === member.nodeId || !isVoter({ ...member, nodeId: replicaId })) return;
    replicas.heard(replicaId, clock.monotonicMs());
    options.onHeard(replicas.majorityHeardMs());
  };
  /** The replica lives, and has all before its log's end. */
  const note = ({ replicaId, logEnd }: ReplicaFetch): void => {
    if (replicaId < 0 || replicaId === member.nodeId || log.check(logEnd) !== null) return;
    replicas.fetched(replicaId, logEnd.offset, log.endOffset, clock.now());
    heard(replicaId);
    commit();
  };
  const answer = ({ logEnd }: ReplicaFetch): ReplicaFetched => {
    const told = { highWatermark: highWatermark(), logStartOffset: log.startOffset, records: noBytes, diverging: null, snapshot: null };
    const check = log.check(logEnd);
    return check === null ? { ...told, records: log.readBytes(logEnd.offset, MAX_FETCH_BYTES) } : { ...told, ...check };
  };

  return {
    replicas,
    appended: () => {
      waiters.wake();
      sync().catch(options.onFailed);
    },
    fetch: async (request) => {
      note(request);
      const first = answer(request);
      const isNews = first.records.byteLength > 0 || first.diverging !== null || first.snapshot !== null;
      if (isNews || first.highWatermark > request.highWatermark || request.maxWaitMs <= 0) return first;
      await waiters.wait(request.highWatermark, request.maxWaitMs);
      // It may be gone by now: that it waited is no sign of life.
      return isOver ? null : answer(request);
    },
    heard,
    end: () => {
      isOver = true;
      waiters.wake();
    },
  };
}
