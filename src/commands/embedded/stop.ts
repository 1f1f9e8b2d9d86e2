import { findCluster, silentCluster, stopCluster } from '../../embedded/launcher.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { instanceOptions, selectedInstance } from './instance-options.js';

interface StoppedCluster {
  readonly name: string;
}

export const stopEmbedded = change({
  needs: 'machine',
  summary: 'Stop an embedded cluster',
  details: 'Its topics and records are there again at the next start, unless it is ephemeral.',
  arguments: [],
  options: instanceOptions,
  examples: ['kafka-ts embedded stop', 'kafka-ts embedded stop --name billing'],
  parse: (_args, { name }) => ({ name }),
  plan: async (ports, { name }): Promise<readonly Outcome<StoppedCluster>[]> => {
    const instance = selectedInstance(name, ports);
    const { state } = await findCluster(instance);
    if (state === 'silent') throw silentCluster(instance);
    return [{ name: instance.name, outcome: state === 'stopped' ? 'not-needed' : 'planned', error: null }];
  },
  danger: () => 'mild',
  async *apply(ports, rows, { name }) {
    const ran = await stopCluster(selectedInstance(name, ports));
    for (const row of rows) yield { ...row, outcome: ran ? 'done' : 'not-needed', error: null };
  },
  view: { name: (row) => row.name, columns: [{ head: 'NAME', cell: (row) => row.name }] },
});
