import { resolve } from 'node:path';
import {
  type ClusterRequest,
  type ClusterStatus,
  DEFAULT_BROKERS,
  DEFAULT_CLUSTER,
  ensureCluster,
  findCluster,
  keptBrokers,
  silentCluster,
} from '../../embedded/launcher.js';
import { UsageError } from '../../model/errors.js';
import type { Outcome } from '../../model/outcome.js';
import { change } from '../command.js';
import { checkClusterOptions, clusterOptions, instanceOptions, selectedInstance } from './instance-options.js';

interface StartedCluster {
  readonly name: string;
  /** Null until it is started. */
  readonly bootstrapServers: string | null;
  readonly brokerCount: number;
  readonly ephemeral: boolean;
}

interface StartOptions {
  readonly name: string | undefined;
  /** What was asked for; a cluster that runs already is held against it. */
  readonly asked: Partial<ClusterRequest>;
}

export const startEmbedded = change({
  needs: 'machine',
  summary: 'Start an embedded cluster in the background',
  details: `It goes on until it is stopped, on the loopback interface alone. Its topics and records are there again at the next start, unless it is ephemeral.

The number of brokers is fixed when it is made; racks, configs and --isolate hold for later starts too. Topics that do not say otherwise have a replica on each of three brokers (default.replication.factor), so that one may be lost: 'embedded kill' and 'embedded pause' take one away, 'embedded resume' brings it back.

Brokers listen on ports in a row, the first free ones from 29092 on.`,
  arguments: [],
  options: {
    ...instanceOptions,
    ...clusterOptions,
    port: {
      type: 'integer',
      value: 'PORT',
      max: 65_535,
      describe: 'listen on exactly this port and those that follow; 0 lets the system choose',
    },
    ephemeral: { type: 'boolean', describe: 'keep the data in a temporary directory, which goes with the cluster' },
    dataDir: { type: 'string', value: 'DIRECTORY', names: 'directories', describe: 'keep the data here' },
  },
  examples: [
    'kafka-ts embedded start',
    'kafka-ts embedded start --port 9092',
    'kafka-ts embedded start --brokers 4 --racks r1,r2 --isolate',
    'kafka-ts embedded start --name billing --ephemeral --config auto.create.topics.enable=false',
  ],
  parse: (_args, { name, brokers, racks, isolate, port, ephemeral, dataDir, config }): StartOptions => {
    if (ephemeral && dataDir !== undefined) throw new UsageError('--ephemeral and --data-dir exclude each other');
    checkClusterOptions(brokers, racks);
    return {
      name,
      asked: {
        ...(brokers !== undefined && { brokers }),
        ...(racks.length > 0 && { racks }),
        ...(isolate && { isolate }),
        ...(port !== undefined && { port }),
        ...(ephemeral && { ephemeral }),
        ...(dataDir !== undefined && { dataDirectory: resolve(dataDir) }),
        ...(config.size > 0 && { configs: Object.fromEntries(config) }),
      },
    };
  },
  plan: async (ports, { name, asked }, { note }): Promise<readonly Outcome<StartedCluster>[]> => {
    const instance = selectedInstance(name, ports);
    const found = await findCluster(instance);
    if (found.state === 'silent' || found.state === 'changing') throw silentCluster(instance);
    if (found.state === 'running') {
      refuseContradiction(instance.name, asked, found.cluster);
      const { version } = found.cluster;
      if (version !== ports.program.version) {
        note(`it is run by kafka-ts ${version}, and this is ${ports.program.version}: stop and start it to change that`);
      }
      return [{ ...rowOf(instance.name, found.cluster), outcome: 'not-needed', error: null }];
    }
    const { brokers, ephemeral } = { ...DEFAULT_CLUSTER, ...asked };
    const brokerCount = brokers ?? (ephemeral ? null : keptBrokers(instance)) ?? DEFAULT_BROKERS;
    return [{ name: instance.name, bootstrapServers: null, brokerCount, ephemeral, outcome: 'planned', error: null }];
  },
  danger: () => 'mild',
  async *apply(ports, _rows, { name, asked }, { note }) {
    const instance = selectedInstance(name, ports);
    const { cluster, ready } = await ensureCluster(ports.program, instance, { ...DEFAULT_CLUSTER, ...asked }, null);
    // Started by another command meanwhile, perhaps differently.
    if (ready === null) refuseContradiction(instance.name, asked, cluster);
    for (const line of ready?.notes ?? []) note(line);
    yield { ...rowOf(instance.name, cluster), outcome: ready === null ? 'not-needed' : 'done', error: null };
  },
  view: {
    name: (row) => row.name,
    columns: [
      { head: 'NAME', cell: (row) => row.name },
      { head: 'BOOTSTRAP SERVERS', cell: (row) => row.bootstrapServers ?? '' },
      { head: 'BROKERS', cell: (row) => String(row.brokerCount), align: 'right' },
      { head: 'EPHEMERAL', cell: (row) => (row.ephemeral ? 'yes' : 'no') },
    ],
  },
});

const rowOf = (name: string, { bootstrapServers, nodes, ephemeral }: Pick<ClusterStatus, 'bootstrapServers' | 'nodes' | 'ephemeral'>) => ({
  name,
  bootstrapServers,
  brokerCount: nodes.length,
  ephemeral,
});

/** Throws UsageError where the cluster that runs isn't the one that was asked for. */
function refuseContradiction(name: string, asked: Partial<ClusterRequest>, running: ClusterStatus): void {
  const port = running.nodes[0]?.port;
  const different = [
    asked.brokers !== undefined && asked.brokers !== running.nodes.length && `with ${running.nodes.length} brokers`,
    asked.racks && !isInRacks(asked.racks, running) && rackText(running),
    asked.isolate && !running.isolate && 'in one process',
    asked.port !== undefined && asked.port !== 0 && asked.port !== port && `on port ${port}`,
    asked.ephemeral && !running.ephemeral && 'with data that lasts',
    asked.dataDirectory !== undefined && asked.dataDirectory !== running.dataDirectory && `with its data in ${running.dataDirectory}`,
    ...Object.entries(asked.configs ?? {}).map(
      ([config, value]) =>
        running.configs[config] !== value &&
        (running.configs[config] === undefined ? `without ${config}` : `with ${config}=${running.configs[config]}`),
    ),
  ].filter((text) => typeof text === 'string');
  if (different.length === 0) return;
  throw new UsageError(`the embedded cluster '${name}' runs already, ${different.join(', ')}`, `kafka-ts embedded stop --name ${name}`);
}

const isInRacks = (racks: readonly string[], { nodes }: ClusterStatus): boolean =>
  nodes.every(({ rack }, index) => rack === racks[index % racks.length]);
const rackText = ({ nodes }: ClusterStatus): string => {
  const racks = nodes.flatMap(({ rack }) => rack ?? []);
  return racks.length === 0 ? 'without racks' : `in the racks ${racks.join(',')}`;
};
