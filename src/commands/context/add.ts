import { accessSync, constants } from 'node:fs';
import { MachineError, messageOf, UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { type Context, EMBEDDED } from './context.js';
import { contextOf, contextOptions } from './context-options.js';
import { type ContextRow, contextRow, contextView } from './context-row.js';

export const addContext = change({
  needs: 'machine',
  summary: 'Name a cluster, with its address, security and guards',
  details: `Secrets are never given here, but where they are, as SOURCE: file:PATH, env:NAME or prompt. The configuration is YAML, which
'kafka-ts context show' names and which may be edited.`,
  arguments: [{ name: 'name', describe: 'of the context', required: true }],
  options: {
    ...contextOptions,
    use: { type: 'boolean', describe: 'make it the current one' },
    replace: { type: 'boolean', describe: 'where one has that name already, put this in its place' },
  },
  examples: [
    'kafka-ts context add dev --bootstrap-server localhost:9092 --use',
    'kafka-ts context add prod --bootstrap-server kafka1:9093,kafka2:9093 --ca ca.pem --sasl SCRAM-SHA-512 --username ann --password-from env:KAFKA_PASSWORD --confirm-name',
    'kafka-ts context add audit --command-config client.properties --read-only',
    "kafka-ts context add cloud --bootstrap-server kafka:9093 --tls --sasl OAUTHBEARER --token-command 'get-token --for kafka'",
  ],
  parse: ([name = ''], { use, replace, ...values }) => {
    if (name === EMBEDDED) throw new UsageError(`'${EMBEDDED}' names the embedded cluster`, 'choose another name');
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
      throw new UsageError(`'${name}' is no name of a context`, 'letters, digits, dots, dashes and underscores');
    }
    return { name, context: contextOf(values), use, replace };
  },
  plan: async ({ contexts: open }, { name, context, use, replace }): Promise<readonly Outcome<ContextRow>[]> => {
    await check(context);
    const { current, contexts } = (await open()).read();
    const before = contexts.get(name);
    const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(context);
    if (before !== undefined && !isSame && !replace) {
      throw new MachineError(`there is a context '${name}' already, and it is another`, 'pass --replace to put this in its place');
    }
    const isNeeded = !isSame || (use && current !== name);
    return [{ ...contextRow(name, context, use ? name : current), outcome: isNeeded ? 'planned' : 'not-needed', error: null }];
  },
  danger: () => 'mild',
  async *apply({ contexts: open }, rows, { context, use }) {
    const store = await open();
    for (const row of rows) {
      store.write(row.context, context);
      if (use) store.setCurrent(row.context);
      yield { ...row, outcome: 'done', error: null };
    }
  },
  view: contextView,
});

/** Throws UsageError where the address is none, MachineError where a file cannot be read. Secrets may come later. */
async function check({ bootstrapServers, commandConfig, tls }: Context): Promise<void> {
  if (bootstrapServers !== undefined) {
    const { AdminClient } = await import('../../admin/admin-client.js');
    await AdminClient.connect({ bootstrapServers }).close();
  }
  for (const path of [commandConfig, tls?.ca, tls?.certificate, tls?.key]) {
    try {
      if (path !== undefined) accessSync(path, constants.R_OK);
    } catch (error) {
      throw new MachineError(`cannot read ${path}: ${messageOf(error)}`, undefined, { cause: error });
    }
  }
}
