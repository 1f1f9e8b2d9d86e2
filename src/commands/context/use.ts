import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { type Contexts, EMBEDDED } from './context.js';

interface UsedContext {
  readonly context: string;
  /** Null where there was none. */
  readonly previous: string | null;
}

export const useContext = change({
  needs: 'machine',
  summary: 'Make a context the current one',
  details: "Commands use it where no option and no environment variable names a cluster. 'embedded' is the embedded cluster.",
  arguments: [{ name: 'name', describe: 'context', required: true, names: 'contexts' }],
  options: {},
  examples: ['kafka-ts context use prod', 'kafka-ts context use embedded'],
  parse: ([name = '']) => ({ name }),
  plan: async ({ contexts: open }, { name }): Promise<readonly Outcome<UsedContext>[]> => {
    const known = (await open()).read();
    if (name !== EMBEDDED) requireContext(name, known);
    const outcome = known.current === name ? 'not-needed' : 'planned';
    return [{ context: name, previous: known.current, outcome, error: null }];
  },
  danger: () => 'mild',
  async *apply({ contexts: open }, rows) {
    const store = await open();
    for (const row of rows) {
      store.setCurrent(row.context);
      yield { ...row, outcome: 'done', error: null };
    }
  },
  view: {
    name: ({ context }) => context,
    columns: [
      { head: 'CONTEXT', cell: ({ context }) => context },
      { head: 'BEFORE', cell: ({ previous }) => previous ?? '' },
    ],
  },
});

/** Throws UsageError, which names those that there are. */
export function requireContext(name: string, { contexts }: Contexts): void {
  if (contexts.has(name)) return;
  const known = contexts.size === 0 ? 'there is none yet: kafka-ts context add NAME' : `there are: ${[...contexts.keys()].join(', ')}`;
  throw new UsageError(`there is no context '${name}'`, known);
}
