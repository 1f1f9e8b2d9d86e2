import type { TopicDescription } from '../../admin/partitions.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure, Result } from '../../model/outcome.js';
import { createPartitionMap } from '../../model/partition-map.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { parseBrokerIds } from '../broker-ids.js';
import { query } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import { parsePartitionNames } from '../partition-name.js';
import { conditionOptions, type ListedPartition, type PartitionFilter, type PartitionRow, parseConditions } from './conditions.js';
import { listView } from './list-view.js';
import { type PartitionFacts, type Reassigning, readFacts, readReassigning } from './partition-facts.js';

type Row = Result<PartitionRow>;

interface ListOptions {
  /** Empty for all. A partition of null is every partition of the topic. */
  readonly names: readonly { readonly topic: string; readonly partition: number | null }[];
  readonly pattern: string | null;
  readonly includeInternal: boolean;
  readonly isWanted: PartitionFilter;
}

export const listPartitions = query({
  needs: 'cluster',
  summary: 'List partitions: who leads and holds them, how large they are, what is wrong with them',
  details:
    "Where several conditions are given, all must hold. Replicas stand in Kafka's order: the first is the preferred leader. The margin is how many replicas are in sync beyond min.insync.replicas. Sizes and offsets are asked of every broker, and only for the forms of output that show them: wide, csv, json and yaml.",
  arguments: [{ name: 'topic[:partition]', describe: 'topics, or single partitions such as orders:3', repeatable: true, names: 'topics' }],
  options: {
    match: { type: 'string', value: 'PATTERN', describe: "only topics whose name fits, such as 'orders-*'" },
    includeInternal: { type: 'boolean', describe: 'internal topics too' },
    ...conditionOptions,
  },
  examples: [
    'kafka-ts partitions list orders',
    'kafka-ts partitions list --under-replicated --include-internal',
    "kafka-ts partitions list --match 'orders-*' --broker 3 --not-preferred",
    'kafka-ts partitions list orders:3 -o json',
  ],
  canWatch: true,
  parse: (args, { match, includeInternal, broker, ...conditions }): ListOptions => {
    if (match !== undefined && args.length > 0) throw new UsageError('name topics or pass --match, not both');
    const isWanted = parseConditions({ ...conditions, brokers: parseBrokerIds(broker) });
    return { names: args.flatMap(parsePartitionNames), pattern: match ?? null, includeInternal, isWanted };
  },
  run: async ({ admin }, options, run): Promise<readonly Row[]> => {
    const { showsAll: withLogs, signal } = run;
    const names = options.names.length === 0 ? null : [...new Set(options.names.map(({ topic }) => topic))];
    const [topics, reassigning] = await Promise.all([
      admin.describeTopics(names, { includeElr: withLogs, signal }),
      readReassigning(admin, run),
    ]);
    const known: (TopicDescription & { readonly topic: string })[] = [];
    const unknown: Row[] = [];
    for (const description of topics) {
      if (description.error !== null) unknown.push({ ...nothing, topic: description.topic, error: description.error });
      else if (isMeant(description, options)) known.push(description);
    }
    if (options.pattern !== null && known.length === 0) run.note(`kafka-ts: no topic matches '${options.pattern}'`);
    const byName = new Map(known.map((each) => [each.topic, each]));
    for (const { topic, partition } of options.names) {
      const found = byName.get(topic);
      if (partition === null || found === undefined || found.partitions.some((each) => each.partition === partition)) continue;
      unknown.push({ ...nothing, topic, partition, error: failure('UNKNOWN_TOPIC_OR_PARTITION') });
    }
    const isNamed = namedPartitions(options.names);
    const states = known.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ partition }) => isNamed(topic, partition))
        .map((state) => ({ topic, name: topicPartitionName({ topic, ...state }), ...state })),
    );
    // What needs no further facts is decided first: of twenty thousand partitions few are offline.
    const candidates = states.filter((state) =>
      options.isWanted(listed(state, noFacts, reassigning), addingOf(state, reassigning), 'metadata'),
    );
    const facts = await readFacts(admin, candidates, { withLogs }, run);
    const rows = candidates.flatMap((state): readonly Row[] => {
      const row = listed(state, facts, reassigning);
      const error = facts.failures.get(state.name) ?? facts.failures.get(state.topic) ?? null;
      return options.isWanted(row, addingOf(state, reassigning), 'all') ? [{ ...row, error }] : [];
    });
    return [...rows, ...unknown, ...whatIsMissing(facts, reassigning)];
  },
  view: listView,
});

const nothing = {
  topic: null,
  partition: null,
  leader: null,
  preferredLeader: null,
  leaderEpoch: null,
  replicas: null,
  isr: null,
  elr: null,
  offlineReplicas: null,
  sizeBytes: null,
  startOffset: null,
  endOffset: null,
  reassigning: null,
  minIsrMargin: null,
} as const;

/** Whether a partition is among those that are named; all are where none is. */
function namedPartitions(names: ListOptions['names']): (topic: string, partition: number) => boolean {
  const whole = new Set(names.flatMap(({ topic, partition }) => (partition === null ? [topic] : [])));
  const single = new Set(names.map(({ topic, partition }) => `${topic}:${partition}`));
  return (topic, partition) => names.length === 0 || whole.has(topic) || single.has(`${topic}:${partition}`);
}

function isMeant({ topic, internal }: TopicDescription & { readonly topic: string }, options: ListOptions): boolean {
  if (options.names.length > 0) return true;
  return (options.includeInternal || !internal) && (options.pattern === null || matchesPattern(topic, options.pattern));
}

/** With its topicPartitionName, by which much is looked up. */
type State = TopicDescription['partitions'][number] & { readonly topic: string; readonly name: string };
const noFacts: Pick<PartitionFacts, 'minIsr' | 'sizeBytes' | 'offsets'> = {
  minIsr: new Map(),
  sizeBytes: new Map(),
  offsets: createPartitionMap(),
};

const addingOf = (state: State, { adding }: Reassigning): number => adding?.get(state.name)?.length ?? 0;

function listed(
  { topic, partition, name, leader, leaderEpoch, replicas, isr, elr, offlineReplicas }: State,
  { minIsr, sizeBytes, offsets }: Pick<PartitionFacts, 'minIsr' | 'sizeBytes' | 'offsets'>,
  { adding }: Reassigning,
): ListedPartition {
  const least = minIsr.get(topic);
  const log = offsets.get({ topic, partition });
  return {
    topic,
    partition,
    leader,
    preferredLeader: replicas[0] ?? -1,
    leaderEpoch,
    replicas,
    isr,
    elr,
    offlineReplicas,
    sizeBytes: sizeBytes.get(name) ?? null,
    startOffset: log?.start ?? null,
    endOffset: log?.end ?? null,
    reassigning: adding === null ? null : adding.has(name),
    minIsrMargin: least === undefined ? null : isr.length - least,
  };
}

/** A row for each broker that does not tell sizes, and one where the moves are not known: they concern many partitions. */
function whatIsMissing({ silentBrokers }: PartitionFacts, { error }: Reassigning): readonly Row[] {
  const missing: readonly KafkaFailure[] = [
    ...silentBrokers.map(({ broker, error: why }) => ({ ...why, message: `Broker ${broker} does not tell all sizes: ${why.message}` })),
    ...(error === null ? [] : [{ ...error, message: `What is being reassigned is not known: ${error.message}` }]),
  ];
  return missing.map((why) => ({ ...nothing, error: why }));
}
