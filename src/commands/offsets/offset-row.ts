import type { Outcome } from '../../model/outcome.js';
import type { View } from '../../render/view.js';

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
  /** Null where it could not be found out. */
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

/** What takes a row back, on a command line. */
export const takeBack = ({ group, topic, partition, offsetBefore }: ResetRow): string =>
  offsetBefore === null
    ? `kafka-ts offsets delete ${quoted(group)} --topic ${topic}:${partition}`
    : `kafka-ts offsets reset ${quoted(group)} --topic ${topic}:${partition} --to-offset ${offsetBefore} --create-group`;

export const quoted = (text: string): string => (/^[\w.:/=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
