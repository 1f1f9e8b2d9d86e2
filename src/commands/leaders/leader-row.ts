import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { Outcome } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { View } from '../../render/view.js';
import type { Run, Undo } from '../command.js';
import type { ClusterPorts } from '../ports.js';
import { partitionName } from './partition-selection.js';

/** One partition of `leaders balance` and `leaders rollback`. The replicas after are those before, in another order or the same, unless replicas move too. */
export interface LeaderRow extends LeadershipChange {}

export interface Pace {
  /** Partitions that are changed at once: leaders, which move no data, and replicas, which do. */
  readonly leaderBatchSize: number;
  readonly replicaBatchSize: number;
  /** Between two batches. */
  readonly pauseMs: number;
}

export const paceOptions = {
  batch: { type: 'integer', value: 'N', min: 1, describe: 'partitions that are changed at once (200 unless told; 10 where replicas move)' },
  pause: { type: 'duration', value: 'TIME', describe: 'rest between two batches (1s unless told)' },
} as const;

export const paceOf = ({ batch, pause }: { readonly batch: number | undefined; readonly pause: number | undefined }): Pace => ({
  leaderBatchSize: batch ?? 200,
  replicaBatchSize: batch ?? 10,
  pauseMs: pause ?? 1_000,
});

/** How long the cluster's metadata may take to show what Kafka says that it has done. */
const VERIFY_MS = 10_000;

/** How long a move of replicas may bring in nothing. */
const STALL_MS = 60_000;

/** Replicas that go to other brokers first, since leaders follow them. */
export async function* applyLeaderRows(
  { admin, sleep }: ClusterPorts,
  rows: readonly LeaderRow[],
  { leaderBatchSize, replicaBatchSize, pauseMs }: Pace,
  { signal, report, note }: Run,
): AsyncIterable<Outcome<LeaderRow>> {
  const planned = new Map(rows.map((row) => [topicPartitionName(row), changeOf(row)]));
  const changes = [...planned.values()];
  const optionsFor = (what: string) => ({
    pauseMs,
    signal,
    sleep,
    verifyMs: VERIFY_MS,
    report: (done: number, of: number) => report(done, of, what),
  });
  const moves = changes.filter(({ replicasBefore, replicasAfter }) => !isReordering(replicasBefore, replicasAfter));
  const rest = changes.filter((row) => !moves.includes(row));
  let hasDrifted = false;
  const rowOf = function* ({ outcome, error, ...key }: Outcome<TopicPartition>) {
    const row = planned.get(topicPartitionName(key));
    if (error?.code === 'DRIFTED') hasDrifted = true;
    if (row !== undefined) yield { ...row, outcome, error };
  };
  for await (const outcome of admin.moveReplicas(moves, {
    ...optionsFor('moving replicas'),
    batchSize: replicaBatchSize,
    stallMs: STALL_MS,
  })) {
    yield* rowOf(outcome);
  }
  if (!hasDrifted && !signal.aborted) {
    for await (const outcome of admin.changeLeaders(rest, { ...optionsFor('moving leaders'), batchSize: leaderBatchSize })) {
      yield* rowOf(outcome);
    }
  }
  if (hasDrifted) note('kafka-ts: stopped, as the cluster is no longer what this was planned for');
}

/** Without what the runner adds to rows. */
const changeOf = ({ topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter }: LeaderRow): LeaderRow => ({
  topic,
  partition,
  leaderBefore,
  leaderAfter,
  replicasBefore,
  replicasAfter,
});

export const undoOfLeaderRow = (row: LeaderRow, undoFile: string): Undo => ({
  before: { leader: row.leaderBefore, replicas: row.replicasBefore },
  after: { leader: row.leaderAfter, replicas: row.replicasAfter },
  command: `kafka-ts leaders rollback ${undoFile}`,
});

export const leaderRowView: View<LeaderRow> = {
  name: (row) => partitionName(row),
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
    { head: 'LEADER', cell: ({ leaderBefore }) => leaderText(leaderBefore), align: 'right' },
    { head: 'NEW LEADER', cell: ({ leaderAfter }) => leaderText(leaderAfter), align: 'right' },
    { head: 'REPLICAS', cell: ({ replicasBefore }) => replicasBefore.join(',') },
    { head: 'NEW REPLICAS', cell: ({ replicasAfter }) => replicasAfter.join(',') },
  ],
};
const leaderText = (leader: number): string => (leader === -1 ? 'none' : String(leader));

/** Whether both lists name the same brokers, each once: then no data moves. */
export function isReordering(before: readonly number[], after: readonly number[]): boolean {
  const members = new Set(before);
  return before.length === after.length && new Set(after).size === after.length && after.every((id) => members.has(id));
}
