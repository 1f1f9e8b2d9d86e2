import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { type ContextRow, contextRow, contextView } from './context-row.js';
import { requireContext } from './use.js';

export const removeContexts = change({
  needs: 'machine',
  summary: 'Remove contexts',
  details: 'The files and variables that they name stay. Where the current one is removed, none is current.',
  arguments: [{ name: 'names', describe: 'contexts', required: true, repeatable: true, names: 'contexts' }],
  options: {},
  examples: ['kafka-ts context remove staging', 'kafka-ts context remove staging test --yes'],
  parse: (names) => ({ names: [...new Set(names)] }),
  plan: async ({ contexts: open }, { names }): Promise<readonly Outcome<ContextRow>[]> => {
    const known = (await open()).read();
    for (const name of names) requireContext(name, known);
    return names.map((name) => ({ ...contextRow(name, known.contexts.get(name) ?? {}, known.current), outcome: 'planned', error: null }));
  },
  danger: () => 'moderate',
  async *apply({ contexts: open }, rows) {
    const store = await open();
    for (const row of rows) {
      store.write(row.context, null);
      yield { ...row, current: false, outcome: 'done', error: null };
    }
  },
  view: contextView,
});
