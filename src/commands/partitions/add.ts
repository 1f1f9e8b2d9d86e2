import type { KafkaFailure, Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { awaitKnown } from '../topics/await-known.js';
import { inGrowRequests } from '../topics/in-requests.js';
import { parseSelection, selectionOptions, selectTopics, type TopicSelection, topicArguments } from '../topics/selection.js';

interface AddOptions {
  readonly selection: TopicSelection;
  /** That each topic shall have in all. */
  readonly partitionCount: number;
}
interface Row {
  readonly topic: string;
  /** Null where the topic is unknown. */
  readonly partitionCountBefore: number | null;
  readonly partitionCountAfter: number;
}

export const addPartitions = change({
  needs: 'cluster',
  summary: 'Add partitions to topics',
  details: 'Kafka cannot take partitions away again, and records with the same key as older ones may go to another partition.',
  arguments: topicArguments,
  options: {
    ...selectionOptions,
    partitions: {
      type: 'integer',
      short: 'p',
      value: 'N',
      min: 1,
      max: 2 ** 31 - 1,
      required: true,
      describe: 'how many each topic shall have in all',
    },
  },
  examples: ['kafka-ts partitions add orders --partitions 12', 'kafka-ts topics alter orders --partitions 12 --dry-run'],
  parse: (args, { partitions, ...selection }): AddOptions => ({ selection: parseSelection(args, selection), partitionCount: partitions }),
  plan: async ({ admin }, { selection, partitionCount }, run): Promise<readonly Outcome<Row>[]> => {
    const { signal } = run;
    const names = await selectTopics(admin, selection, run);
    const topics = await admin.describeTopics(names, { includeElr: false, signal });
    const growing = topics.flatMap((topic) => (topic.error === null && topic.partitionCount !== partitionCount ? [topic] : []));
    const refused = new Map<string, KafkaFailure | null>();
    for (const part of inGrowRequests(growing, (topic) => partitionCount - topic.partitionCount)) {
      const asked = part.map(({ topic }) => ({ topic, partitionCount }));
      for (const { topic, error } of await admin.createPartitions(asked, { validateOnly: true, signal })) refused.set(topic, error);
    }
    return topics.map(({ topic, partitionCount: before, error: unknown }) => {
      const row = { topic, partitionCountBefore: before, partitionCountAfter: partitionCount };
      const error = unknown ?? refused.get(topic) ?? null;
      if (error !== null) return { ...row, outcome: 'failed', error };
      return { ...row, outcome: before === partitionCount ? 'not-needed' : 'planned', error };
    });
  },
  danger: () => 'moderate',
  warning: () => 'This cannot be undone, and records with the same key as older ones may go to another partition.',
  async *apply(ports, rows, { partitionCount }, run) {
    const done: { readonly topic: string; readonly partitionCount: number }[] = [];
    for (const part of inGrowRequests(rows, (row) => partitionCount - (row.partitionCountBefore ?? 0))) {
      if (run.signal.aborted) break;
      const byName = new Map(
        part.map(({ topic, partitionCountBefore }) => [topic, { topic, partitionCountBefore, partitionCountAfter: partitionCount }]),
      );
      // No signal: a request that is on its way may add the partitions all the same, so its answer is waited for.
      for (const { topic, error } of await ports.admin.createPartitions([...byName.keys()].map((topic) => ({ topic, partitionCount })))) {
        const row = byName.get(topic);
        if (row !== undefined) yield { ...row, outcome: error === null ? 'done' : 'failed', error };
        if (error === null) done.push({ topic, partitionCount });
      }
    }
    await awaitKnown(ports, done, run);
  },
  view: {
    name: ({ topic }) => topic,
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'BEFORE', cell: ({ partitionCountBefore }) => String(partitionCountBefore ?? ''), align: 'right' },
      { head: 'AFTER', cell: ({ partitionCountAfter }) => String(partitionCountAfter), align: 'right' },
    ],
  },
});
