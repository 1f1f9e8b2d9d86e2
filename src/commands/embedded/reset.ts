import { findCluster, silentCluster, stopCluster } from '../../embedded/launcher.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { instanceOptions, selectedInstance } from './instance-options.js';

interface ResetCluster {
  readonly name: string;
  /** Where its data are. */
  readonly dataDirectory: string;
}

export const resetEmbedded = change({
  needs: 'machine',
  summary: 'Delete an embedded cluster with all its data',
  details: 'It is stopped first if it runs. Other embedded clusters are left alone.',
  arguments: [],
  options: instanceOptions,
  examples: ['kafka-ts embedded reset', 'kafka-ts embedded reset --name billing --yes'],
  parse: (_args, { name }) => ({ name }),
  plan: async (ports, { name }): Promise<readonly Outcome<ResetCluster>[]> => {
    const { inspectInstance } = await import('../../embedded/remove-instance.js');
    const instance = selectedInstance(name, ports);
    if ((await findCluster(instance)).state === 'silent') throw silentCluster(instance);
    const { exists, dataDirectory } = inspectInstance(instance);
    return [{ name: instance.name, dataDirectory, outcome: exists ? 'planned' : 'not-needed', error: null }];
  },
  danger: () => 'severe',
  warning: (rows) => `all topics and records of ${rows.map(({ name }) => `the embedded cluster '${name}'`).join(', ')} will be lost`,
  async *apply(ports, rows, { name }) {
    const { removeInstance } = await import('../../embedded/remove-instance.js');
    const instance = selectedInstance(name, ports);
    await stopCluster(instance);
    removeInstance(instance);
    for (const row of rows) yield { ...row, outcome: 'done', error: null };
  },
  view: {
    name: (row) => row.name,
    columns: [
      { head: 'NAME', cell: (row) => row.name },
      { head: 'DATA', cell: (row) => row.dataDirectory },
    ],
  },
});
