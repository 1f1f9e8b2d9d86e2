import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { sizeText } from '../../render/size-text.js';
import type { View } from '../../render/view.js';
import { applyLeadershipChanges } from '../apply-leadership-changes.js';
import type { Run, Undo } from '../command.js';
import type { Pace } from '../pace.js';
import { partitionName } from '../partition-name.js';
import type { ClusterPorts } from '../ports.js';
import { undoOfLeadershipChange } from '../undo-leadership-change.js';

/** One partition of `partitions reassign` and `brokers drain`. What is not known of it is null: then `error` says why. */
export interface MoveRow {
  readonly topic: string;
  readonly partition: number | null;
  /** -1 where there is none. */
  readonly leaderBefore: number | null;
  readonly leaderAfter: number | null;
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicasBefore: readonly number[] | null;
  readonly replicasAfter: readonly number[] | null;
  /** What is to be copied; null where brokers do not tell. */
  readonly moveBytes: number | null;
}

export const unknownMove = {
  partition: null,
  leaderBefore: null,
  leaderAfter: null,
  replicasBefore: null,
  replicasAfter: null,
  moveBytes: null,
} as const;

/** Of a partition that stays as it is, or why it does. */
export const unmoved = (
  {
    topic,
    partition,
    leader,
    replicas,
  }: { readonly topic: string; readonly partition: number; readonly leader: number; readonly replicas: readonly number[] },
  outcome: 'not-needed' | 'skipped' | 'failed',
  error: KafkaFailure | null,
): Outcome<MoveRow> => ({
  topic,
  partition,
  leaderBefore: leader,
  leaderAfter: error === null ? leader : null,
  replicasBefore: replicas,
  replicasAfter: error === null ? replicas : null,
  moveBytes: error === null ? 0 : null,
  outcome,
  error,
});

/** The brokers that are to get a copy. */
export const addedBy = ({ replicasBefore, replicasAfter }: Pick<LeadershipChange, 'replicasBefore' | 'replicasAfter'>): readonly number[] =>
  replicasAfter.filter((id) => !replicasBefore.includes(id));

/** Null of a row whose partition is not known. */
function changeOf({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }: MoveRow): LeadershipChange | null {
  if (partition === null || leaderBefore === null || leaderAfter === null || replicasBefore === null || replicasAfter === null) return null;
  return { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter };
}

/** The partitions of rows that were planned. */
export const changesOf = (rows: readonly MoveRow[]): readonly (LeadershipChange & Pick<MoveRow, 'moveBytes'>)[] =>
  rows.flatMap((row) => {
    const change = changeOf(row);
    return change === null ? [] : [{ ...change, moveBytes: row.moveBytes }];
  });

export async function* applyMoveRows(ports: ClusterPorts, rows: readonly MoveRow[], pace: Pace, run: Run): AsyncIterable<Outcome<MoveRow>> {
  const changes = changesOf(rows);
  const bytesOf = new Map(changes.map((change) => [topicPartitionName(change), change.moveBytes]));
  for await (const row of applyLeadershipChanges(ports, changes, pace, run)) {
    yield { ...row, moveBytes: bytesOf.get(topicPartitionName(row)) ?? null };
  }
}

export function undoOfMoveRow(row: MoveRow, undoFile: string): Undo {
  const change = changeOf(row);
  if (change === null) throw new Error(`${partitionName(row)} was planned without being known`);
  return undoOfLeadershipChange(change, undoFile);
}

export const moveRowView: View<MoveRow> = {
  name: (row) => partitionName(row),
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
    { head: 'LEADER', cell: ({ leaderBefore }) => leaderText(leaderBefore), align: 'right' },
    { head: 'NEW LEADER', cell: ({ leaderAfter }) => leaderText(leaderAfter), align: 'right' },
    { head: 'REPLICAS', cell: ({ replicasBefore }) => replicasBefore?.join(',') ?? '' },
    { head: 'NEW REPLICAS', cell: ({ replicasAfter }) => replicasAfter?.join(',') ?? '' },
    { head: 'TO COPY', cell: ({ moveBytes }) => (moveBytes === null ? '' : sizeText(moveBytes)), align: 'right' },
  ],
};
const leaderText = (leader: number | null): string => (leader === -1 ? 'none' : String(leader ?? ''));
