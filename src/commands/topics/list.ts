import { query } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import { summaryColumns } from './summary-columns.js';

interface ListOptions {
  readonly pattern: string | undefined;
  readonly includeInternal: boolean;
}

export const listTopics = query({
  needs: 'cluster',
  summary: 'List topics',
  arguments: [],
  options: {
    match: { type: 'string', value: 'PATTERN', describe: "only topics whose name fits, such as 'orders-*'" },
    includeInternal: { type: 'boolean', describe: 'internal topics too' },
  },
  examples: ['kafka-ts topics list', "kafka-ts topics list --match 'orders-*' -o json"],
  parse: (_args, { match, includeInternal }): ListOptions => ({ pattern: match, includeInternal }),
  run: async ({ admin }, { pattern, includeInternal }, { signal }) => {
    const topics = await admin.listTopics({ signal });
    return topics.filter(
      ({ topic, internal }) => (includeInternal || !internal) && (pattern === undefined || matchesPattern(topic, pattern)),
    );
  },
  view: { name: ({ topic }) => topic, columns: summaryColumns },
});
