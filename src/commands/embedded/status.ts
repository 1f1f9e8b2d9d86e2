import { failureOfRequest } from '../../admin/answer.js';
import { findCluster, type NodeState, type NodeStatus } from '../../embedded/launcher.js';
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
  /** Where it was not told to stop: which process has ended, and where to look. Where it runs without a controller: what that means. */
  readonly note: string | null;
  readonly brokers: readonly EmbeddedBroker[];
}
interface EmbeddedBroker {
  readonly broker: number;
  readonly state: NodeState;
  readonly rack: string | null;
  readonly port: number;
  /** Whether the cluster counts on it; null where the cluster does not tell. */
  readonly session: 'active' | 'fenced' | null;
  readonly leaders: number | null;
  /** Of how many partitions it is in the ISR. */
  readonly isrCount: number | null;
  /** Offline is one that cannot be written, for the disk is full or fails; null where the broker does not tell. */
  readonly logDir: 'online' | 'offline' | null;
  /** Why it has ended unasked, or that it was begun again without its data. */
  readonly note: string | null;
}

export const embeddedStatus = query({
  needs: 'machine',
  summary: 'Show whether an embedded cluster runs, and its brokers',
  details:
    'The session is what the cluster itself sees: a broker that it has not heard of for broker.session.timeout.ms is fenced and leads nothing, although the process may live. A log directory is offline while it cannot be written, as where the disk is full.',
  arguments: [],
  options: instanceOptions,
  examples: ['kafka-ts embedded status', 'kafka-ts embedded status --watch', 'kafka-ts embedded status --name billing -o json'],
  canWatch: true,
  parse: (_args, { name }) => ({ name }),
  run: async (ports, { name }): Promise<readonly Result<EmbeddedStatus>[]> => {
    const instance = selectedInstance(name, ports);
    const found = await findCluster(instance);
    if (found.state !== 'running') {
      const note = found.state === 'stopped' ? (found.note ?? null) : null;
      return [{ name: instance.name, state: found.state, bootstrapServers: null, controller: -1, note, brokers: [], error: null }];
    }
    const { bootstrapServers, controllerId, nodes } = found.cluster;
    const running = nodes.filter(({ state }) => state === 'running');
    const { view, error } = running.length === 0 ? { view: null, error: null } : await viewOfCluster(running);
    const brokers = nodes.map(({ id, state, port, rack = null, note = null }) => ({
      broker: id,
      state,
      rack,
      port,
      session: view && (view.active.has(id) ? ('active' as const) : ('fenced' as const)),
      leaders: view && (view.leaders.get(id) ?? 0),
      isrCount: view && (view.isrCounts.get(id) ?? 0),
      logDir: view?.logDirs.get(id) ?? null,
      note,
    }));
    const note = controllerId === -1 ? withoutController : null;
    return [{ name: instance.name, state: 'running', bootstrapServers, controller: controllerId, note, brokers, error }];
  },
  view: {
    name: (row) => row.name,
    heading: [
      { head: 'NAME', cell: (row) => row.name },
      { head: 'STATE', cell: (row) => row.state },
      { head: 'BOOTSTRAP SERVERS', cell: (row) => row.bootstrapServers ?? '' },
      { head: 'CONTROLLER', cell: (row) => (row.controller === -1 ? '' : String(row.controller)) },
      { head: 'CLUSTER NOTE', cell: (row) => row.note ?? '' },
    ],
    lines: (row) => row.brokers,
    columns: [
      { head: 'BROKER', cell: (line) => String(line.broker), align: 'right' },
      { head: 'BROKER STATE', cell: (line) => line.state },
      { head: 'SESSION', cell: (line) => line.session ?? '' },
      { head: 'LOG DIR', cell: (line) => line.logDir ?? '' },
      { head: 'RACK', cell: (line) => line.rack ?? '' },
      { head: 'PORT', cell: (line) => String(line.port), align: 'right' },
      { head: 'LEADERS', cell: (line) => String(line.leaders ?? ''), align: 'right' },
      { head: 'IN ISR', cell: (line) => String(line.isrCount ?? ''), align: 'right' },
      { head: 'NOTE', cell: (line) => line.note ?? '', optional: true },
    ],
  },
});

/** What the brokers tell then is the last that was decided: one that was killed since still has a session, and its leaders. */
const withoutController =
  'no controller is active: sessions, leaders and ISRs are the last known, and stay so until a majority of the controllers runs';

/** What the brokers that answer say of all. */
interface ClusterView {
  readonly active: ReadonlySet<number>;
  readonly leaders: ReadonlyMap<number, number>;
  readonly isrCounts: ReadonlyMap<number, number>;
  readonly logDirs: ReadonlyMap<number, 'online' | 'offline'>;
}

/** Null, with the reason, where none of them answers. */
async function viewOfCluster(running: readonly NodeStatus[]): Promise<Result<{ readonly view: ClusterView | null }>> {
  const { AdminClient } = await import('../../admin/admin-client.js');
  const bootstrapServers = running.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const admin = AdminClient.connect({ bootstrapServers, timeoutMs: VIEW_TIMEOUT_MS });
  const count = (counts: Map<number, number>, broker: number): void => void counts.set(broker, (counts.get(broker) ?? 0) + 1);
  try {
    const [{ brokers }, topics, disks] = await Promise.all([
      admin.describeCluster(),
      admin.describeTopics(null, { includeElr: false }),
      // Of no partition: only whether the directories are well.
      admin.describeLogDirs({ brokers: running.map(({ id }) => id), partitions: [] }),
    ]);
    const logDirs = new Map<number, 'online' | 'offline'>();
    for (const { broker, logDirs: directories } of disks) {
      if (directories !== null) logDirs.set(broker, directories.some(({ error }) => error !== null) ? 'offline' : 'online');
    }
    const active = new Set(brokers.filter(({ fenced }) => !fenced).map(({ broker }) => broker));
    const leaders = new Map<number, number>();
    const isrCounts = new Map<number, number>();
    for (const { partitions } of topics) {
      for (const { leader, isr } of partitions ?? []) {
        count(leaders, leader);
        for (const broker of isr) count(isrCounts, broker);
      }
    }
    return { view: { active, leaders, isrCounts, logDirs }, error: null };
  } catch (error) {
    return { view: null, error: failureOfRequest(error) };
  } finally {
    await admin.close();
  }
}
/** A broker that hangs, and is not known to, should not hold up what is about the others. */
const VIEW_TIMEOUT_MS = 5_000;
