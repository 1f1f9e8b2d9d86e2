import type { AdminClient } from '../admin/admin-client.js';
import { failure } from '../model/error-code.js';
import { UsageError } from '../model/errors.js';
import type { Result } from '../model/outcome.js';
import type { Run } from './command.js';
import { matchesPattern } from './match-pattern.js';
import type { Options, Values } from './option.js';
import { type PartitionOrTopic, parsePartitionNames } from './partition-name.js';

/** The partitions that a command works on: those of topics, single ones, those that a pattern finds, or all. */
export type PartitionSelection =
  | { readonly kind: 'named'; readonly names: readonly PartitionOrTopic[] }
  | { readonly kind: 'matching'; readonly pattern: string; readonly includeInternal: boolean }
  | { readonly kind: 'all' };

export const partitionSelectionOptions = {
  all: { type: 'boolean', selects: true, describe: 'every partition of every topic' },
  match: { type: 'string', value: 'PATTERN', selects: true, describe: "topics whose name fits, such as 'orders-*'" },
  includeInternal: { type: 'boolean', describe: 'internal topics too, with --match' },
} as const satisfies Options;

/** `orders` is a topic, `orders:3` a partition of it. Throws UsageError unless exactly one way is used. */
export function parsePartitionSelection(
  args: readonly string[],
  { all, match, includeInternal }: Values<typeof partitionSelectionOptions>,
): PartitionSelection {
  const ways = [args.length > 0, all, match !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new UsageError(`${ways === 0 ? 'name topics, or pass' : 'pass only one of topics,'} --match PATTERN or --all`);
  if (includeInternal && match === undefined) throw new UsageError('--include-internal goes with --match: what is named or --all is meant');
  if (match !== undefined) return { kind: 'matching', pattern: match, includeInternal };
  return all ? { kind: 'all' } : { kind: 'named', names: args.flatMap(parsePartitionNames) };
}

/** A partition as it is, or why it is not known: then `partition` is null where the whole topic is unknown. */
export type SelectedPartition = Result<{
  readonly topic: string;
  readonly partition: number | null;
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}>;

/** Each once, in the order in which they are named, else by topic and number. Says so where no topic matches. */
export async function selectPartitions(
  admin: AdminClient,
  selection: PartitionSelection,
  { signal, note }: Run,
): Promise<readonly SelectedPartition[]> {
  const names = selection.kind === 'named' ? [...new Set(selection.names.map(({ topic }) => topic))] : null;
  const topics = await admin.describeTopics(names, { includeElr: false, signal });
  const selected = new Map<string, SelectedPartition>();
  const add = (row: SelectedPartition) => selected.set(`${row.topic}:${row.partition}`, row);
  const unknown = ({ topic, partition }: Pick<SelectedPartition, 'topic' | 'partition'>, error: SelectedPartition['error']) =>
    add({ topic, partition, leader: null, replicas: [], isr: [], offlineReplicas: [], error });
  const byName = new Map(topics.map((topic) => [topic.topic, topic]));
  const wanted = selection.kind === 'named' ? selection.names : topics.filter(isMeant).map(({ topic }) => ({ topic, partition: null }));
  for (const { topic, partition } of wanted) {
    const found = byName.get(topic);
    if (found === undefined) continue;
    if (found.error !== null) unknown({ topic, partition }, found.error);
    else {
      const members = found.partitions.filter((each) => partition === null || each.partition === partition);
      if (members.length === 0 && partition !== null) unknown({ topic, partition }, failure('UNKNOWN_TOPIC_OR_PARTITION'));
      for (const member of members) add({ topic, ...member, error: null });
    }
  }
  if (selection.kind === 'matching' && selected.size === 0) note(`kafka-ts: no topic matches '${selection.pattern}'`);
  return [...selected.values()];

  function isMeant({ topic, internal }: { readonly topic: string; readonly internal: boolean | null }): boolean {
    if (selection.kind !== 'matching') return true;
    return (selection.includeInternal || internal !== true) && matchesPattern(topic, selection.pattern);
  }
}
