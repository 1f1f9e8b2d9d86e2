import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import { UsageError } from '../../model/errors.js';
import type { View } from '../../render/view.js';
import type { Undo } from '../command.js';
import type { Options, Values } from '../option.js';
import { partitionName } from '../partition-name.js';
import { shellWord } from '../shell-word.js';

/** One partition of `leaders balance` and `leaders rollback`. The replicas after are those before, in another order or the same, unless replicas move too. */
export interface LeaderRow extends LeadershipChange {}

export interface Pace {
  /** Partitions that are changed at once: leaders, which move no data, and replicas, which do. */
  readonly leaderBatchSize: number;
  readonly replicaBatchSize: number;
  /** Between two batches. */
  readonly pauseMs: number;
  /** Of what is copied, per broker; null for as fast as it goes. */
  readonly throttleBytesPerSecond: number | null;
  /** For the whole; null for as long as it takes. */
  readonly waitMs: number | null;
}

export const paceOptions = {
  batch: { type: 'integer', value: 'N', min: 1, describe: 'partitions that are changed at once (200 unless told; 10 where replicas move)' },
  pause: { type: 'duration', value: 'TIME', describe: 'rest between two batches (1s unless told)' },
  throttle: { type: 'size', value: 'SIZE', describe: 'bytes that replicas which move may take per second and broker, such as 50MiB' },
  wait: { type: 'duration', value: 'TIME', describe: 'stop after that time; what is then being copied is taken back' },
} as const satisfies Options;

/** Throws UsageError. */
export function paceOf({ batch, pause, throttle, wait }: Values<typeof paceOptions>): Pace {
  if (throttle === 0) throw new UsageError('--throttle 0 would let nothing through');
  return {
    leaderBatchSize: batch ?? 200,
    replicaBatchSize: batch ?? 10,
    pauseMs: pause ?? 1_000,
    throttleBytesPerSecond: throttle ?? null,
    waitMs: wait ?? null,
  };
}

export const undoOfLeaderRow = (row: LeaderRow, undoFile: string): Undo => ({
  before: { leader: row.leaderBefore, replicas: row.replicasBefore },
  after: { leader: row.leaderAfter, replicas: row.replicasAfter },
  command: `kafka-ts leaders rollback ${shellWord(undoFile)}`,
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
