import { DEFAULT_BROKERS } from '../../embedded/launcher.js';
import { stream } from '../command.js';
import { checkClusterOptions, clusterOptions } from './instance-options.js';

export const runEmbedded = stream({
  needs: 'machine',
  summary: 'Run a command with a cluster of its own',
  details:
    'The cluster is new, takes free ports, and is gone when the command ends. Its address is in KAFKA_BOOTSTRAP_SERVERS and KAFKA_TS_BOOTSTRAP_SERVERS.\n\nThe exit code is that of the command: 128 and the number of the signal that ended it, 127 where it is not found, 126 where it cannot be executed, 125 where the cluster does not start.',
  arguments: [{ name: 'command', describe: 'the command and its arguments, after --', required: true, repeatable: true }],
  options: clusterOptions,
  passesSignals: true,
  examples: [
    'kafka-ts embedded run -- npm test',
    'kafka-ts embedded run --brokers 3 --racks r1,r2,r3 -- npm test',
    "kafka-ts embedded run --config num.partitions=3 -- sh -c 'echo $KAFKA_BOOTSTRAP_SERVERS'",
  ],
  parse: (command, { brokers = DEFAULT_BROKERS, racks, isolate, config }) => {
    checkClusterOptions(brokers, racks);
    return { command, brokers, racks, isolate, configs: Object.fromEntries(config) };
  },
  run: async ({ program, variables, isTerminal, onSignal }, { command, ...asked }, { note }) => {
    const { runCommand } = await import('../../embedded/run-command.js');
    const cluster = { ...asked, port: 0, dataDirectory: null, ephemeral: true };
    return runCommand(program, { command, cluster, variables, isTerminal, onSignal, note });
  },
});
