import type { GroupPartitionLag } from '../../admin/group-lag.js';
import { groupBy } from '../../model/group-by.js';
import type { Result } from '../../model/outcome.js';

/** One partition of a group, or all that it has of a topic, or altogether: then partition, or topic and partition, are null. */
export type LagRow = Omit<GroupPartitionLag, 'waitingSinceMs' | 'group' | 'error'> & {
  /** Null of a broker that did not answer. */
  readonly group: string | null;
  /** For how long the first record that was not consumed has waited, in milliseconds; 0 where there is none. */
  readonly lagMs: number | null;
};

export const unknownLag = {
  topic: null,
  partition: null,
  committedOffset: null,
  startOffset: null,
  endOffset: null,
  lag: null,
  lagMs: null,
  memberId: null,
  clientId: null,
  host: null,
  state: null,
} as const;

/** `atMs` is when the offsets were read, in milliseconds since the epoch. */
export function lagRow({ waitingSinceMs, ...known }: GroupPartitionLag, atMs: number): Result<LagRow> {
  const { group, topic, partition, committedOffset, startOffset, endOffset, lag, memberId, clientId, host, state, error } = known;
  const lagMs = waitingSinceMs === null ? (lag !== null && lag <= 0n ? 0 : null) : Math.max(0, atMs - waitingSinceMs);
  return { group, topic, partition, committedOffset, startOffset, endOffset, lag, lagMs, memberId, clientId, host, state, error };
}

export type LagGrain = 'partition' | 'topic' | 'group';

/**
 * One row for each topic of a group, or for each group, in the place of its partitions': offsets and lag are the sums over the partitions
 * whose lag is known, the time is the longest, and the first error stands for all.
 */
export function foldLag(rows: readonly Result<LagRow>[], grain: LagGrain): readonly Result<LagRow>[] {
  if (grain === 'partition') return rows;
  const isWhole = ({ group, topic }: LagRow) => group === null || (grain === 'topic' && topic === null);
  const folded = groupBy(rows, (row) => (isWhole(row) ? row : JSON.stringify([row.group, grain === 'topic' ? row.topic : null])));
  return [...folded.values()].map((members) => {
    const [first] = members as [Result<LagRow>];
    const known = members.filter(({ lag }) => lag !== null);
    const sum = (of: (row: LagRow) => bigint | null) =>
      known.length === 0 ? null : known.reduce((total, row) => total + (of(row) ?? 0n), 0n);
    const times = members.flatMap(({ lagMs }) => lagMs ?? []);
    return {
      group: first.group,
      ...unknownLag,
      topic: grain === 'topic' ? first.topic : null,
      committedOffset: sum(({ committedOffset }) => committedOffset),
      startOffset: sum(({ startOffset }) => startOffset),
      endOffset: sum(({ endOffset }) => endOffset),
      lag: sum(({ lag }) => lag),
      lagMs: times.length === 0 ? null : Math.max(...times),
      state: first.state,
      error: members.find(({ error }) => error !== null)?.error ?? null,
    };
  });
}
