import { UsageError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Options, Values } from '../option.js';
import { type PartitionOrTopic, parsePartitionNames } from '../partition-name.js';

/** Which partitions of a group: those of topics, single ones, or all that it has committed offsets of. */
export type OffsetScope = { readonly kind: 'all-topics' } | { readonly kind: 'named'; readonly names: readonly PartitionOrTopic[] };

export const scopeOptions = {
  topic: {
    type: 'list',
    split: false,
    value: 'TOPIC[:PARTITION]',
    names: 'topics',
    describe: 'topics, or single partitions such as orders:3 or orders:0,1; repeatable',
  },
  allTopics: { type: 'boolean', describe: 'every partition of which the group has committed an offset' },
} as const satisfies Options;

/** Null where neither option is given. Throws UsageError where both are, or a name is none. */
export function parseScope({ topic, allTopics }: Values<typeof scopeOptions>): OffsetScope | null {
  if (allTopics && topic.length > 0) throw new UsageError('pass --topic or --all-topics, not both');
  if (allTopics) return { kind: 'all-topics' };
  return topic.length === 0 ? null : { kind: 'named', names: topic.flatMap(parsePartitionNames) };
}

export function requireScope(values: Values<typeof scopeOptions>): OffsetScope {
  const scope = parseScope(values);
  if (scope === null) throw new UsageError('say which offsets: --topic TOPIC[:PARTITION] or --all-topics');
  return scope;
}

export const isInScope = (scope: OffsetScope | null, { topic, partition }: TopicPartition): boolean =>
  scope === null ||
  scope.kind === 'all-topics' ||
  scope.names.some((name) => name.topic === topic && (name.partition === null || name.partition === partition));
