import type { AdminClient } from '../../admin/admin-client.js';
import type { CreatedTopic, NewTopic } from '../../admin/topics.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { change, type Run } from '../command.js';
import { parseAssignments } from './assignments.js';
import { awaitKnown } from './await-known.js';
import { inCreateRequests } from './in-requests.js';

interface CreateOptions {
  readonly topics: readonly NewTopic[];
  readonly ifNotExists: boolean;
}
/** The id is null until the topic is there. Counts are those that the cluster gives, or has given before; null where it tells none. */
interface Row extends CreatedTopic {
  readonly topic: string;
}

export const createTopics = change({
  needs: 'cluster',
  startsEmbedded: true,
  summary: 'Create topics',
  arguments: [{ name: 'topic', describe: 'names of the new topics', required: true, repeatable: true }],
  options: {
    partitions: { type: 'integer', short: 'p', value: 'N', min: 1, max: 2 ** 31 - 1, describe: "how many (the cluster's num.partitions)" },
    replicationFactor: {
      type: 'integer',
      short: 'r',
      value: 'N',
      min: 1,
      max: 2 ** 15 - 1,
      describe: "copies of each partition (the cluster's default.replication.factor)",
    },
    replicaAssignment: {
      type: 'list',
      value: 'IDS',
      describe: 'brokers of each partition, such as 1:2,2:3,3:1; the first is the preferred leader',
    },
    config: { type: 'pairs', value: 'NAME=VALUE', describe: 'a topic config; repeatable' },
    ifNotExists: { type: 'boolean', describe: 'leave topics that exist as they are, and succeed' },
  },
  examples: [
    'kafka-ts topics create orders --partitions 6',
    'kafka-ts topics create orders payments --partitions 12 --replication-factor 3 --config retention.ms=86400000 --if-not-exists',
    'kafka-ts topics create orders --replica-assignment 1:2,2:3,3:1 --dry-run -o json',
  ],
  parse: (args, { partitions, replicationFactor, replicaAssignment, config, ifNotExists }): CreateOptions => {
    const hasAssignment = replicaAssignment.length > 0;
    if (hasAssignment && (partitions !== undefined || replicationFactor !== undefined)) {
      throw new UsageError(
        '--replica-assignment says how many partitions and replicas there are; leave --partitions and --replication-factor out',
      );
    }
    const form = {
      ...(partitions !== undefined && { partitionCount: partitions }),
      ...(replicationFactor !== undefined && { replicationFactor }),
      ...(hasAssignment && { assignments: parseAssignments(replicaAssignment) }),
      configs: Object.fromEntries(config),
    };
    return { topics: [...new Set(args)].map((topic) => ({ topic, ...form })), ifNotExists };
  },
  plan: async ({ admin }, { topics, ifNotExists }, run): Promise<readonly Outcome<Row>[]> => {
    const rows: Outcome<Row>[] = [];
    for (const part of inCreateRequests(topics)) {
      const answers = await admin.createTopics(part, { validateOnly: true, signal: run.signal });
      for (const { error, ...row } of answers) rows.push({ ...row, outcome: error === null ? 'planned' : 'failed', error });
    }
    return ifNotExists ? withExisting(admin, rows, run) : rows;
  },
  danger: () => 'mild',
  async *apply(ports, rows, { topics, ifNotExists }, run) {
    const { admin } = ports;
    const planned = new Set(rows.map(({ topic }) => topic));
    const created: Row[] = [];
    for (const part of inCreateRequests(topics.filter(({ topic }) => planned.has(topic)))) {
      if (run.signal.aborted) break;
      // No signal: a request that is on its way may create the topics all the same, so its answer is waited for.
      const answers = await admin.createTopics(part);
      const outcomes = answers.map(({ error, ...row }): Outcome<Row> => ({ ...row, outcome: error === null ? 'done' : 'failed', error }));
      // Someone may have created one since the plan was made.
      yield* ifNotExists ? await withExisting(admin, outcomes, run) : outcomes;
      created.push(...outcomes.filter(({ error }) => error === null));
    }
    await awaitKnown(ports, created, run);
  },
  view: {
    name: ({ topic }) => topic,
    columns: [
      { head: 'TOPIC', cell: ({ topic }) => topic },
      { head: 'PARTITIONS', cell: ({ partitionCount }) => String(partitionCount ?? ''), align: 'right' },
      { head: 'REPLICATION', cell: ({ replicationFactor }) => String(replicationFactor ?? ''), align: 'right' },
      { head: 'ID', cell: ({ topicId }) => topicId ?? '', wide: true },
    ],
  },
});

/** Topics that are there already: not needed, with what they are. */
async function withExisting(admin: AdminClient, rows: readonly Outcome<Row>[], { signal }: Run): Promise<readonly Outcome<Row>[]> {
  const existing = rows.filter(({ error }) => error?.code === 'TOPIC_ALREADY_EXISTS').map(({ topic }) => topic);
  const described = await admin.describeTopics(existing, { includeElr: false, signal });
  const byName = new Map(described.map((topic) => [topic.topic, topic]));
  return rows.map((row) => {
    const found = byName.get(row.topic);
    if (found === undefined) return row;
    const { topic, topicId, partitionCount, replicationFactor } = found;
    return { topic, topicId, partitionCount, replicationFactor, outcome: 'not-needed', error: null };
  });
}
