import type { OngoingReassignment } from '../../admin/reassignments.js';
import type { EndedMove } from '../../admin/until-moves-ended.js';
import type { Outcome } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { change } from '../command.js';
import { partitionName } from '../partition-name.js';
import {
  type PartitionSelection,
  parsePartitionSelection,
  partitionSelectionOptions,
  type SelectedPartition,
  selectPartitions,
} from '../partition-selection.js';
import { awaitMovesEnded } from '../topics/await-known.js';

interface Row {
  readonly topic: string;
  /** Null where the topic is unknown. */
  readonly partition: number | null;
  /** All that hold it now or shall. */
  readonly replicasBefore: readonly number[];
  /** Those that held it before the move, in the order in which Kafka gives them back. */
  readonly replicasAfter: readonly number[];
}

export const cancelReassignments = change({
  needs: 'cluster',
  summary: 'Cancel moves of replicas that are under way',
  details:
    'The partitions keep the replicas that they had, and what was copied is lost. Kafka has forgotten in which order they stood: where another is now the first, that one is the preferred leader.',
  arguments: [{ name: 'topic[:partition]', describe: 'topics, or single partitions such as orders:3', repeatable: true, names: 'topics' }],
  options: partitionSelectionOptions,
  examples: [
    'kafka-ts partitions cancel orders',
    'kafka-ts partitions cancel orders:0 orders:3 --yes',
    'kafka-ts partitions cancel --all --dry-run',
  ],
  parse: (args, values): PartitionSelection => parsePartitionSelection(args, values),
  plan: async ({ admin }, selection, run): Promise<readonly Outcome<Row>[]> => {
    const [selected, ongoing] = await Promise.all([
      selectPartitions(admin, selection, run),
      admin.listPartitionReassignments(null, { signal: run.signal }),
    ]);
    const moving = new Map(ongoing.map((each) => [topicPartitionName(each), each]));
    const isNamed = ({ topic, partition }: SelectedPartition) =>
      selection.kind === 'named' && selection.names.some((name) => name.topic === topic && name.partition === partition);
    const rows = selected.flatMap((row) => {
      const { topic, partition } = row;
      const move = moving.get(`${topic}-${partition}`);
      return move === undefined && row.error === null && !isNamed(row) ? [] : [plannedRow(row, move)];
    });
    if (rows.length === 0) run.note('kafka-ts: nothing to do: no replica moves there');
    return rows;
  },
  danger: () => 'moderate',
  async *apply(ports, rows, _options, run) {
    const partitions = rows.flatMap(({ topic, partition }): readonly TopicPartition[] =>
      partition === null ? [] : [{ topic, partition }],
    );
    const rowOf = new Map(rows.map((row) => [`${row.topic}-${row.partition}`, row]));
    // No signal: a request that is on its way may cancel all the same, so its answer is waited for.
    const results = await ports.admin.alterPartitionReassignments(partitions.map((each) => ({ ...each, replicas: null })));
    for (const { error, ...key } of results) {
      const row = rowOf.get(topicPartitionName(key));
      if (row === undefined) continue;
      const { topic, partition, replicasBefore, replicasAfter } = row;
      const shown = { topic, partition, replicasBefore, replicasAfter };
      if (error === null) yield { ...shown, outcome: 'done', error };
      // It came to its end just now.
      else if (error.code === 'NO_REASSIGNMENT_IN_PROGRESS') yield { ...shown, outcome: 'not-needed', error: null };
      else yield { ...shown, outcome: 'failed', error };
    }
    const cancelled = results.flatMap(({ error, ...key }): readonly EndedMove[] => {
      const row = error === null ? rowOf.get(topicPartitionName(key)) : undefined;
      return row === undefined ? [] : [{ ...key, replicas: row.replicasAfter }];
    });
    await awaitMovesEnded(ports, cancelled, run);
  },
  view: {
    name: (row) => partitionName(row),
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'REPLICAS', cell: ({ replicasBefore }) => replicasBefore.join(',') },
      { head: 'NEW REPLICAS', cell: ({ replicasAfter }) => replicasAfter.join(',') },
    ],
  },
});

function plannedRow({ topic, partition, replicas, error }: SelectedPartition, move: OngoingReassignment | undefined): Outcome<Row> {
  if (error !== null) return { topic, partition, replicasBefore: [], replicasAfter: [], outcome: 'failed', error };
  if (move === undefined) return { topic, partition, replicasBefore: replicas, replicasAfter: replicas, outcome: 'not-needed', error };
  const replicasAfter = move.replicas.filter((id) => !move.addingReplicas.includes(id));
  return { topic, partition, replicasBefore: move.replicas, replicasAfter, outcome: 'planned', error };
}
