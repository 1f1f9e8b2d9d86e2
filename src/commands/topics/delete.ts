import type { Outcome } from '../../model/outcome.js';
import type { Uuid } from '../../model/uuid.js';
import { change } from '../command.js';
import { parseSelection, selectionOptions, selectTopics, type TopicSelection, topicArguments } from './selection.js';

interface DeleteOptions {
  readonly selection: TopicSelection;
  readonly ifExists: boolean;
}
/** Id and count are null where the topic is unknown. */
interface Row {
  readonly topic: string;
  readonly topicId: Uuid | null;
  readonly partitionCount: number | null;
}

export const deleteTopics = change({
  needs: 'cluster',
  summary: 'Delete topics with all their records',
  arguments: topicArguments,
  options: {
    ...selectionOptions,
    ifExists: { type: 'boolean', describe: 'succeed where a topic does not exist' },
  },
  examples: [
    'kafka-ts topics delete orders',
    'kafka-ts topics delete orders payments --if-exists --yes',
    "kafka-ts topics delete --match 'test-*' --dry-run",
    "kafka-ts topics delete --match 'test-*' --confirm 'delete 7 topics'",
  ],
  parse: (args, { ifExists, ...selection }): DeleteOptions => ({ selection: parseSelection(args, selection), ifExists }),
  plan: async ({ admin }, { selection, ifExists }, run): Promise<readonly Outcome<Row>[]> => {
    const names = await selectTopics(admin, selection, run);
    const topics = await admin.describeTopics(names, { includeElr: false, signal: run.signal });
    return topics.map(({ topic, topicId, partitionCount, error }) => {
      const row = { topic, topicId, partitionCount };
      if (error === null) return { ...row, outcome: 'planned', error };
      const isGone = error.code === 'UNKNOWN_TOPIC_OR_PARTITION';
      return ifExists && isGone ? { ...row, outcome: 'not-needed', error: null } : { ...row, outcome: 'failed', error };
    });
  },
  danger: () => 'severe',
  warning: (rows) => (rows.length === 1 ? 'All its records will be lost.' : 'All their records will be lost.'),
  async *apply({ admin }, rows, { ifExists }) {
    const byName = new Map(rows.map(({ topic, topicId, partitionCount }) => [topic, { topic, topicId, partitionCount }]));
    // No signal: a request that is on its way may delete the topics all the same, so its answer is waited for.
    for (const { topic, error } of await admin.deleteTopics([...byName.keys()])) {
      const row = byName.get(topic);
      if (row === undefined) continue;
      const isGone = error?.code === 'UNKNOWN_TOPIC_OR_PARTITION';
      if (error === null) yield { ...row, outcome: 'done', error };
      else yield ifExists && isGone ? { ...row, outcome: 'not-needed', error: null } : { ...row, outcome: 'failed', error };
    }
  },
  view: {
    name: ({ topic }) => topic,
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITIONS', cell: ({ partitionCount }) => String(partitionCount ?? ''), align: 'right' },
      { head: 'ID', cell: ({ topicId }) => topicId ?? '', wide: true },
    ],
  },
});
