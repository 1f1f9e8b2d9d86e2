import { UsageError } from '../model/errors.js';
import { matchesPattern } from './match-pattern.js';
import type { Options, Values } from './option.js';

/** The topics whose leaders a command looks at: all, internal ones too, unless some are chosen. */
export interface TopicScope {
  /** Empty where none is named. */
  readonly names: readonly string[];
  readonly pattern: string | null;
  readonly includeInternal: boolean;
}

export const allTopics: TopicScope = { names: [], pattern: null, includeInternal: true };

export const scopeOptions = {
  topic: { type: 'list', value: 'TOPIC', names: 'topics', describe: 'only these topics' },
  match: { type: 'string', value: 'PATTERN', selects: true, describe: "only topics whose name fits, such as 'orders-*'" },
  includeInternal: { type: 'boolean', describe: 'internal topics too, with --match' },
} as const satisfies Options;

/** Throws UsageError where names and a pattern are given. */
export function parseScope({ topic, match, includeInternal }: Values<typeof scopeOptions>): TopicScope {
  if (match !== undefined && topic.length > 0) throw new UsageError('name topics or pass --match, not both');
  if (includeInternal && match === undefined) {
    throw new UsageError('--include-internal goes with --match: without it internal topics are always meant');
  }
  return { names: [...new Set(topic)], pattern: match ?? null, includeInternal };
}

export function isInScope({ names, pattern, includeInternal }: TopicScope, topic: string, internal: boolean): boolean {
  if (pattern !== null) return (includeInternal || !internal) && matchesPattern(topic, pattern);
  return names.length === 0 || names.includes(topic);
}

/** Whether it is a part of the cluster only. */
export const isPartial = ({ names, pattern }: TopicScope): boolean => names.length > 0 || pattern !== null;
