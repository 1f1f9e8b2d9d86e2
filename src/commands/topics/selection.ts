import type { AdminClient } from '../../admin/admin-client.js';
import { UsageError } from '../../model/errors.js';
import type { Run } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import type { ArgumentSpec, Options, Values } from '../option.js';

/** The topics that a command works on: those named, or those that a pattern finds. A name is a name, never a pattern. */
export type TopicSelection =
  | { readonly names: readonly string[]; readonly pattern: null }
  | { readonly names: null; readonly pattern: string; readonly includeInternal: boolean };

export const topicArguments = [
  { name: 'topic', describe: 'names of topics', repeatable: true, names: 'topics' },
] as const satisfies readonly ArgumentSpec[];

export const selectionOptions = {
  match: { type: 'string', value: 'PATTERN', selects: true, describe: "topics whose name fits, such as 'orders-*'" },
  includeInternal: { type: 'boolean', describe: 'internal topics too, with --match' },
} as const satisfies Options;

/** Throws UsageError where there are neither names nor a pattern, or both. */
export function parseSelection(args: readonly string[], { match, includeInternal }: Values<typeof selectionOptions>): TopicSelection {
  if (match !== undefined && args.length > 0) throw new UsageError('name topics or pass --match, not both');
  if (match !== undefined) return { names: null, pattern: match, includeInternal };
  if (args.length === 0) throw new UsageError('name topics, or pass --match PATTERN');
  if (includeInternal) throw new UsageError('--include-internal goes with --match: a topic that is named is meant');
  return { names: [...new Set(args)], pattern: null };
}

/** The names, which for a pattern means to list all topics. Says so where none fits. */
export async function selectTopics(admin: AdminClient, selection: TopicSelection, { signal, note }: Run): Promise<readonly string[]> {
  if (selection.names !== null) return selection.names;
  const { pattern, includeInternal } = selection;
  const topics = await admin.listTopics({ signal });
  const names = topics
    .filter(({ topic, internal }) => matchesPattern(topic, pattern) && (includeInternal || !internal))
    .map(({ topic }) => topic);
  if (names.length === 0) note(`kafka-ts: no topic matches '${pattern}'`);
  return names;
}
