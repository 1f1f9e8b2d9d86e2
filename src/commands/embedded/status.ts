import { failureOfRequest } from '../../admin/answer.js';
import { findCluster } from '../../embedded/launcher.js';
import type { Result } from '../../model/outcome.js';
import { query } from '../command.js';
import { instanceOptions, selectedInstance } from './instance-options.js';

interface EmbeddedStatus {
  readonly name: string;
  /** `changing` is starting or stopping; `silent` is alive and without an answer. */
  readonly state: 'running' | 'changing' | 'silent' | 'stopped';
  readonly bootstrapServers: string | null;
  /** The active controller; -1 where there is none. */
  readonly controller: number;
  readonly brokers: readonly EmbeddedBroker[];
}
interface EmbeddedBroker {
  readonly broker: number;
  readonly state: 'running';
  readonly port: number;
  readonly leaders: number | null;
  readonly isrCount: number | null;
}

export const embeddedStatus = query({
  needs: 'machine',
  summary: 'Show whether an embedded cluster runs, and where',
  arguments: [],
  options: instanceOptions,
  examples: ['kafka-ts embedded status', 'kafka-ts embedded status --name billing -o json'],
  parse: (_args, { name }) => ({ name }),
  run: async (ports, { name }): Promise<readonly Result<EmbeddedStatus>[]> => {
    const instance = selectedInstance(name, ports);
    const found = await findCluster(instance);
    if (found.state !== 'running') {
      return [{ name: instance.name, state: found.state, bootstrapServers: null, controller: -1, brokers: [], error: null }];
    }
    const { bootstrapServers, controllerId, nodes } = found.cluster;
    const { counts, error } = await countPartitions(bootstrapServers);
    const brokers = nodes.map(({ id, state, port }) => ({
      broker: id,
      state,
      port,
      leaders: counts && (counts.get(id)?.leaders ?? 0),
      isrCount: counts && (counts.get(id)?.isrCount ?? 0),
    }));
    return [{ name: instance.name, state: 'running', bootstrapServers, controller: controllerId, brokers, error }];
  },
  view: {
    name: (row) => row.name,
    heading: [
      { head: 'NAME', cell: (row) => row.name },
      { head: 'STATE', cell: (row) => row.state },
      { head: 'BOOTSTRAP SERVERS', cell: (row) => row.bootstrapServers ?? '' },
      { head: 'CONTROLLER', cell: (row) => (row.controller === -1 ? '' : String(row.controller)) },
    ],
    lines: (row) => row.brokers,
    columns: [
      { head: 'BROKER', cell: (line) => String(line.broker), align: 'right' },
      { head: 'BROKER STATE', cell: (line) => line.state },
      { head: 'PORT', cell: (line) => String(line.port), align: 'right' },
      { head: 'LEADERS', cell: (line) => String(line.leaders ?? ''), align: 'right' },
      { head: 'IN ISR', cell: (line) => String(line.isrCount ?? ''), align: 'right' },
    ],
  },
});

interface PartitionCount {
  leaders: number;
  isrCount: number;
}

/** By broker; null where the cluster does not tell. */
async function countPartitions(bootstrapServers: string): Promise<Result<{ readonly counts: ReadonlyMap<number, PartitionCount> | null }>> {
  const { AdminClient } = await import('../../admin/admin-client.js');
  const admin = AdminClient.connect({ bootstrapServers });
  const counts = new Map<number, PartitionCount>();
  const count = (broker: number, what: keyof PartitionCount): void => {
    const counted = counts.get(broker) ?? { leaders: 0, isrCount: 0 };
    counted[what] += 1;
    counts.set(broker, counted);
  };
  try {
    for (const { partitions } of await admin.describeTopics(null, { includeElr: false })) {
      for (const { leader, isr } of partitions ?? []) {
        count(leader, 'leaders');
        for (const broker of isr) count(broker, 'isrCount');
      }
    }
    return { counts, error: null };
  } catch (error) {
    return { counts: null, error: failureOfRequest(error) };
  } finally {
    await admin.close();
  }
}
