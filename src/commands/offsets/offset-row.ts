import type { Outcome } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import type { Undo } from '../command.js';
import { shellWord } from '../shell-word.js';

/** `billing orders:3`, or the group alone where all of it is meant. */
export const offsetName = ({
  group,
  topic,
  partition,
}: {
  readonly group: string;
  readonly topic: string | null;
  readonly partition: number | null;
}): string => (topic === null ? group : partition === null ? `${group} ${topic}` : `${group} ${topic}:${partition}`);

/** What a reset does to one partition of a group. */
export interface ResetRow {
  readonly group: string;
  /** Null where nothing of the group could be planned. */
  readonly topic: string | null;
  readonly partition: number | null;
  /** Null where nothing is committed. */
  readonly offsetBefore: bigint | null;
  /** Null where it could not be found out, and where nothing will be committed, as nothing was before a change that is taken back. */
  readonly offsetAfter: bigint | null;
  /** What there is then left to consume. */
  readonly lagAfter: bigint | null;
}
export type PlannedReset = Outcome<ResetRow>;

export const resetView: View<ResetRow> = {
  name: offsetName,
  columns: [
    { head: 'GROUP', cell: ({ group }) => group },
    { head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
    { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
    { head: 'OFFSET', cell: ({ offsetBefore }) => String(offsetBefore ?? ''), align: 'right' },
    { head: 'NEW OFFSET', cell: ({ offsetAfter }) => String(offsetAfter ?? ''), align: 'right' },
    { head: 'NEW LAG', cell: ({ lagAfter }) => String(lagAfter ?? ''), align: 'right' },
  ],
};

/** A reset takes it back that is given the undo file. */
export const undoOfOffset = (before: bigint | null, after: bigint | null, undoFile: string): Undo => ({
  before,
  after,
  command: `kafka-ts offsets reset --from-file ${shellWord(undoFile)}`,
});
