import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { type ContextRow, contextRow, contextView } from './context-row.js';

export const listContexts = query({
  needs: 'machine',
  summary: 'List the contexts',
  details: "A context is a cluster by name. 'embedded' names the embedded cluster everywhere and is not listed.",
  arguments: [],
  options: {},
  examples: ['kafka-ts context list', 'kafka-ts context list -o name'],
  parse: () => ({}),
  run: async ({ contexts: open }): Promise<readonly Result<ContextRow>[]> => {
    const { current, contexts } = (await open()).read();
    return [...contexts].map(([name, context]) => ({ ...contextRow(name, context, current), error: null }));
  },
  view: contextView,
});
