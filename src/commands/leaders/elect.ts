import type { ElectionType } from '../../admin/leaders.js';
import { failure } from '../../model/error-code.js';
import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { change } from '../command.js';
import { partitionName } from '../partition-name.js';
import {
  type PartitionSelection,
  parsePartitionSelection,
  partitionSelectionOptions,
  type SelectedPartition,
  selectPartitions,
} from '../partition-selection.js';

interface ElectOptions {
  readonly selection: PartitionSelection;
  readonly type: ElectionType;
}
interface Row {
  readonly topic: string;
  /** Null where the topic is unknown. */
  readonly partition: number | null;
  /** -1 where there is none, null where the partition is unknown. */
  readonly from: number | null;
  /** Who shall lead; null where nobody can. */
  readonly to: number | null;
}

/** In one request; after each the person may have pressed Ctrl-C. */
const ELECTIONS_PER_REQUEST = 500;

export const electLeaders = change({
  needs: 'cluster',
  summary: 'Elect leaders for partitions',
  details:
    'Without --unclean the preferred leader is elected: the first replica, which must be in sync. With --unclean a partition that nobody leads gets a leader that is out of sync, and loses the records that this one lacks.',
  arguments: [{ name: 'topic[:partition]', describe: 'topics, or single partitions such as orders:3', repeatable: true, names: 'topics' }],
  options: {
    ...partitionSelectionOptions,
    unclean: { type: 'boolean', describe: 'let an out-of-sync replica lead where nobody does; loses records' },
  },
  examples: [
    'kafka-ts leaders elect orders',
    'kafka-ts leaders elect orders:0 orders:3 payments --yes',
    'kafka-ts leaders elect --all --dry-run -o json',
    'kafka-ts leaders elect orders:3 --unclean',
  ],
  parse: (args, { unclean, ...selection }): ElectOptions => ({
    selection: parsePartitionSelection(args, selection),
    type: unclean ? 'unclean' : 'preferred',
  }),
  plan: async ({ admin }, { selection, type }, run): Promise<readonly Outcome<Row>[]> =>
    (await selectPartitions(admin, selection, run)).map(type === 'preferred' ? plannedPreferred : plannedUnclean),
  danger: (rows, { type }) => (type === 'unclean' ? 'severe' : rows.length > 1 ? 'moderate' : 'mild'),
  warning: (_rows, { type }) => (type === 'unclean' ? 'Records that the new leader lacks will be lost.' : undefined),
  async *apply({ admin }, rows, { type }, { signal, report }) {
    for (let start = 0; start < rows.length && !signal.aborted; start += ELECTIONS_PER_REQUEST) {
      report(start, rows.length, 'electing leaders');
      const part = rows.slice(start, start + ELECTIONS_PER_REQUEST);
      const planned = new Map(part.map(({ topic, partition, from, to }) => [`${topic}-${partition}`, { topic, partition, from, to }]));
      const partitions = part.flatMap(({ topic, partition }) => (partition === null ? [] : [{ topic, partition }]));
      // No signal: a request that is on its way may elect all the same, so its answer is waited for.
      for (const { outcome, error, ...key } of await admin.electLeaders(type, partitions)) {
        const row = planned.get(topicPartitionName(key));
        if (row !== undefined) yield { ...row, outcome, error };
      }
    }
  },
  view: {
    name: (row) => partitionName(row),
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'LEADER', cell: ({ from }) => (from === -1 ? 'none' : String(from ?? '')), align: 'right' },
      { head: 'NEW LEADER', cell: ({ to }) => String(to ?? ''), align: 'right' },
    ],
  },
});

/** The first replica, and only while it is in sync. */
function plannedPreferred({ topic, partition, leader, replicas, isr, offlineReplicas, error }: SelectedPartition): Outcome<Row> {
  const [preferred = null] = replicas;
  const row = { topic, partition, from: leader };
  if (error !== null) return { ...row, to: null, outcome: 'failed', error };
  if (preferred === leader) return { ...row, to: preferred, outcome: 'not-needed', error };
  const isDown = preferred === null || offlineReplicas.includes(preferred);
  if (isDown || !isr.includes(preferred)) return { ...row, to: null, ...refused(preferredUnavailable(preferred, isDown)) };
  return { ...row, to: preferred, outcome: 'planned', error };
}
const preferredUnavailable = (preferred: number | null, isDown: boolean): KafkaFailure =>
  failure('PREFERRED_LEADER_NOT_AVAILABLE', `The preferred leader, broker ${preferred}, is ${isDown ? 'down' : 'not in sync'}.`);

/** Any live replica, and only where nobody leads. Kafka takes the first of the list. */
function plannedUnclean({ topic, partition, leader, replicas, offlineReplicas, error }: SelectedPartition): Outcome<Row> {
  const row = { topic, partition, from: leader };
  if (error !== null) return { ...row, to: null, outcome: 'failed', error };
  if (leader !== -1) return { ...row, to: leader, outcome: 'not-needed', error };
  const to = replicas.find((id) => !offlineReplicas.includes(id));
  if (to === undefined) return { ...row, to: null, ...refused(failure('ELIGIBLE_LEADERS_NOT_AVAILABLE')) };
  return { ...row, to, outcome: 'planned', error };
}

const refused = (error: KafkaFailure) => ({ outcome: 'failed', error }) as const;
