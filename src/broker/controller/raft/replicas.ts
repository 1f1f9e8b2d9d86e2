import { type Member, majorityOf } from './election.js';

/** What a leader knows of one replica of the metadata log, by what that one fetches. Times are -1 before the first fetch. */
export interface Replica {
  readonly id: number;
  /** All before it is synced on that replica; -1n where it has not fetched in this epoch. */
  readonly endOffset: bigint;
  readonly lastFetchMs: number;
  /** When it last had all that the leader had then, as for replicas of a partition. */
  readonly lastCaughtUpMs: number;
}

/** All replicas in one epoch of a leader. Source: LeaderState. */
export interface Replicas {
  /** A replica asks for what follows `endOffset`, so it has all before. */
  readonly fetched: (id: number, endOffset: bigint, leaderEndOffset: bigint, nowMs: number) => void;
  /** A voter shows that it lives. */
  readonly heard: (id: number, monotonicMs: number) => void;
  /** The leader's own log is synced up to here. */
  readonly synced: (endOffset: bigint) => void;
  /** Below it a majority has all, null before that holds for the first record of the epoch (Raft, section 5.4.2). */
  readonly committedOffset: () => bigint | null;
  /** The latest moment up to which a majority, this node counted, was heard of. */
  readonly majorityHeardMs: () => number;
  readonly hasFetched: (id: number) => boolean;
  /** The other voters, those that have most first: who should lead next. */
  readonly successors: () => readonly number[];
  readonly voters: (nowMs: number) => readonly Replica[];
  readonly observers: (nowMs: number) => readonly Replica[];
}

interface Progress extends Replica {
  readonly leaderEndOffsetAtLastFetch: bigint;
}
const unheard = (id: number): Progress => ({ id, endOffset: -1n, lastFetchMs: -1, lastCaughtUpMs: -1, leaderEndOffsetAtLastFetch: -1n });

/** Source: LeaderState.OBSERVER_SESSION_TIMEOUT_MS. */
const OBSERVER_SESSION_MS = 300_000;

export function createReplicas({ nodeId, voterIds }: Member, epochStartOffset: bigint, electedMs: number): Replicas {
  const progress = new Map<number, Progress>(voterIds.map((id) => [id, unheard(id)]));
  const heardMs = new Map<number, number>(voterIds.map((id) => [id, electedMs]));
  const others = voterIds.filter((id) => id !== nodeId);
  const endOffsetOf = (id: number): bigint => progress.get(id)?.endOffset ?? -1n;
  const described = (id: number, nowMs: number): Replica => {
    const { endOffset, lastFetchMs, lastCaughtUpMs } = progress.get(id) ?? unheard(id);
    return id === nodeId ? { id, endOffset, lastFetchMs: nowMs, lastCaughtUpMs: nowMs } : { id, endOffset, lastFetchMs, lastCaughtUpMs };
  };

  return {
    fetched: (id, endOffset, leaderEndOffset, nowMs) => {
      const last = progress.get(id) ?? unheard(id);
      const isCaughtUp = endOffset >= leaderEndOffset;
      const hasWhatWasThere = last.leaderEndOffsetAtLastFetch > 0n && endOffset >= last.leaderEndOffsetAtLastFetch;
      progress.set(id, {
        id,
        endOffset,
        lastFetchMs: Math.max(last.lastFetchMs, nowMs),
        lastCaughtUpMs: isCaughtUp ? nowMs : hasWhatWasThere ? Math.max(last.lastCaughtUpMs, last.lastFetchMs) : last.lastCaughtUpMs,
        leaderEndOffsetAtLastFetch: leaderEndOffset,
      });
    },
    heard: (id, monotonicMs) => {
      heardMs.set(id, monotonicMs);
    },
    synced: (endOffset) => {
      progress.set(nodeId, { ...unheard(nodeId), endOffset });
    },
    committedOffset: () => {
      const descending = voterIds.map(endOffsetOf).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
      const committed = descending[majorityOf(voterIds) - 1] ?? -1n;
      return committed > epochStartOffset ? committed : null;
    },
    majorityHeardMs: () => {
      const descending = others.map((id) => heardMs.get(id) ?? electedMs).sort((a, b) => b - a);
      return descending[majorityOf(voterIds) - 2] ?? Number.POSITIVE_INFINITY;
    },
    hasFetched: (id) => (progress.get(id)?.lastFetchMs ?? -1) >= 0,
    successors: () => others.toSorted((a, b) => (endOffsetOf(a) < endOffsetOf(b) ? 1 : endOffsetOf(a) > endOffsetOf(b) ? -1 : a - b)),
    voters: (nowMs) => voterIds.map((id) => described(id, nowMs)),
    observers: (nowMs) => {
      for (const { id, lastFetchMs } of progress.values()) {
        if (!voterIds.includes(id) && nowMs - lastFetchMs >= OBSERVER_SESSION_MS) progress.delete(id);
      }
      return [...progress.keys()].filter((id) => !voterIds.includes(id)).map((id) => described(id, nowMs));
    },
  };
}
