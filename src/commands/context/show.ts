import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { EMBEDDED, type Setting } from './context.js';
import { requireContext } from './use.js';

export const showContext = query({
  needs: 'machine',
  summary: 'Show what a command would use, and where each value comes from',
  details:
    'Without a name it is what commands use now: what options, environment variables and the current context say, the first that names a cluster. Secrets are never shown, only where they are.',
  arguments: [{ name: 'name', describe: 'context', names: 'contexts' }],
  options: {
    bootstrapServer: { type: 'string', value: 'HOST:PORT', describe: 'as a command would be given it' },
    commandConfig: { type: 'string', value: 'FILE', names: 'files', describe: 'as a command would be given it' },
  },
  examples: ['kafka-ts context show', 'kafka-ts context show prod', 'kafka-ts context show --command-config client.properties'],
  parse: ([context], { bootstrapServer, commandConfig }) => ({ context, bootstrapServer, commandConfig }),
  run: async ({ contexts: open, effectiveSettings }, values): Promise<readonly Result<Setting>[]> => {
    const { context } = values;
    if (context !== undefined && context !== EMBEDDED) requireContext(context, (await open()).read());
    const settings = await effectiveSettings(values);
    const isArgument = ({ setting }: Setting) => setting === 'context' && context !== undefined;
    return settings.map((setting) => ({ ...setting, ...(isArgument(setting) && { origin: 'argument' }), error: null }));
  },
  view: {
    name: ({ setting }) => setting,
    columns: [
      { head: 'SETTING', cell: ({ setting }) => setting },
      { head: 'VALUE', cell: ({ value, sensitive }) => (sensitive ? '(secret)' : (value ?? '')) },
      { head: 'ORIGIN', cell: ({ origin }) => origin },
    ],
  },
});
