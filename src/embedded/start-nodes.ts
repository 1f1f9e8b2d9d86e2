import { existsSync } from 'node:fs';
import { voterIdsOf } from '../broker/voter-ids.js';
import { DiskLockedError } from '../environment/environment.js';
import { MachineError, UsageError } from '../model/errors.js';
import type { Uuid } from '../model/uuid.js';
import { checkConfigs } from './check-configs.js';
import type { ClusterNode } from './cluster-file.js';
import { type ClusterMember, createMember } from './cluster-member.js';
import type { NodeStatus } from './control-messages.js';
import { defaultsFor } from './defaults.js';
import { diskFailure, systemCode } from './disk-failure.js';
import { nodeDirectory } from './instance-paths.js';
import { lostData } from './lost-data.js';
import { hasData } from './meta-properties.js';
import type { NodeHost, NodeWatch } from './node-host.js';
import { LOOPBACK, portFailure } from './ports.js';

export interface NodesRequest {
  readonly clusterId: Uuid;
  /** Of all nodes; each has `node-<id>` in it. */
  readonly dataDirectory: string;
  readonly nodes: readonly ClusterNode[];
  /** They go before the embedded cluster's defaults. */
  readonly configs: Readonly<Record<string, string>>;
  /** There are no data yet. */
  readonly isNew: boolean;
}

export interface RunningNodes {
  readonly clusterId: Uuid;
  /** Of all nodes, whatever became of them. */
  readonly bootstrapServers: string;
  /** The active controller, as far as a node that runs knows it; -1 for none. */
  readonly controllerId: () => Promise<number>;
  readonly nodes: () => readonly NodeStatus[];
  /** Ends a broker as kill -9 does; nothing where it has ended. These throw UsageError for a broker that there isn't. */
  readonly kill: (id: number) => Promise<void>;
  /** Suspends it as SIGSTOP does; nothing where it is paused. Throws UsageError where it doesn't run. */
  readonly pause: (id: number) => Promise<void>;
  /**
   * Lets a paused broker go on, and starts one that has ended again with its data and its ports; nothing where it runs. Resolves when it takes
   * connections, or at once where too few controllers run for that. Throws MachineError where another has its port by now, and where the
   * data of all are gone.
   */
  readonly resume: (id: number) => Promise<void>;
  /** Ends a broker in order, its controller with it; nothing where it has ended. Throws UsageError where it is paused. */
  readonly shutDown: (id: number) => Promise<void>;
  /**
   * In order, all at once: first the controllers, then the brokers, so that no ISR is without those that closed earlier and all may lead at
   * the next start. What is paused goes on for it.
   */
  readonly close: () => Promise<void>;
  /** Ends all at once as kill -9 does: for a cluster whose data go with it. */
  readonly end: () => Promise<void>;
}

/**
 * Starts all nodes of a cluster at once, for none is ready before most of the voters run; where one fails, none is left. Throws
 * MachineError for a port or data that another has and for a disk that refuses, UsageError or KafkaError INVALID_CONFIG for a bad config.
 */
export async function startNodes(host: NodeHost, request: NodesRequest, watch: NodeWatch): Promise<RunningNodes> {
  const { clusterId, dataDirectory } = request;
  checkConfigs(request.configs);
  const configs = { ...defaultsFor(request.nodes.length), ...request.configs };
  const voterIds = voterIdsOf(request.nodes.map(({ id }) => id));
  const members = request.nodes.map(({ id, port, rack }) => {
    const ports = { client: port, controller: voterIds.includes(id) ? 0 : null };
    const node = { id, clusterId, rack, dataDirectory: nodeDirectory(dataDirectory, id), ports, configs };
    return createMember(host, node, request.nodes.length === 1 ? watch : named(watch, id));
  });
  const bind = async (member: ClusterMember, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw portFailure(error, member.ports().client) ?? lockFailure(error, dataDirectory) ?? error;
    }
  };
  const end = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.kill()));
  };
  try {
    await Promise.all(members.map((member) => bind(member, member.bind)));
    const voters = members.flatMap(({ id, ports }) => {
      const { controller } = ports();
      return controller === null ? [] : [{ id, host: LOOPBACK, port: controller }];
    });
    for (const member of members) member.start(voters);
    await Promise.all(members.map((member) => member.ready()));
    // The first that was ready leads whatever it could, and nobody would take it back for minutes. Where that is much, or after a kill, when
    // the others are not in sync yet, it goes on behind the start.
    if (!request.isNew) await members[0]?.electPreferredLeaders();
  } catch (error) {
    // A disk that refuses does it here too; why it failed first is what matters.
    await end().catch((ending: unknown) => watch.log('warn', `While ending after a failed start: ${ending}`));
    throw dataFailure(error, dataDirectory);
  }

  const memberOf = (id: number): ClusterMember => {
    const member = members.find((candidate) => candidate.id === id);
    if (member === undefined) throw new UsageError(`there is no broker ${id}`, `it is one of ${members.map((each) => each.id).join(', ')}`);
    return member;
  };
  /** What there is to say of those that were begun again without their data. */
  const begunAnew = new Map<number, string>();
  const noteOf = ({ id, state, endedBy }: ClusterMember): string | null =>
    endedBy() ?? (state() === 'killed' || state() === 'stopped' ? null : (begunAnew.get(id) ?? null));
  const hasMajority = (): boolean =>
    members.filter(({ id, state }) => voterIds.includes(id) && (state() === 'running' || state() === 'starting')).length >
    voterIds.length / 2;

  return {
    clusterId,
    bootstrapServers: members.map(({ ports }) => `${LOOPBACK}:${ports().client}`).join(','),
    controllerId: () => findController(members.filter(({ state }) => state() === 'running')),
    nodes: () =>
      members.map((member) => {
        const { id, state, ports, rack } = member;
        return { id, state: state(), port: ports().client, rack, note: noteOf(member) };
      }),
    kill: async (id) => memberOf(id).kill(),
    pause: async (id) => memberOf(id).pause(),
    resume: async (id) => {
      const member = memberOf(id);
      if (member.state() === 'killed' || member.state() === 'stopped') {
        // It would begin with nothing in a new directory there.
        if (!existsSync(dataDirectory)) throw new MachineError(`the data directory ${dataDirectory} was moved or removed`, 'move it back');
        const emptied = hasData(dataDirectory, id) ? [] : [id];
        begunAnew.delete(id);
        for (const note of lostData(dataDirectory, emptied, members.length)) {
          watch.log('warn', note);
          begunAnew.set(id, note);
        }
      }
      await bind(member, member.resume);
      const ready = member.ready();
      if (hasMajority()) await ready;
      else ready.catch((error: Error) => watch.log('error', `Broker ${id} does not start: ${error.message}`));
    },
    shutDown: async (id) => {
      const member = memberOf(id);
      if (member.state() === 'paused') throw new UsageError(`broker ${id} is paused`, 'it cannot stop in order');
      // Where nobody can take its leaderships over, it would only wait for that.
      if (!hasMajority()) await member.stopControl();
      await member.stop();
    },
    close: () => closeInOrder(members),
    end,
  };
}

/** Each node knows one at most; the one that it knows may have ended, or be another's by now. */
async function findController(running: readonly ClusterMember[]): Promise<number> {
  const known = await Promise.all(running.map(async (member) => ({ id: member.id, controllerId: await member.controllerId() })));
  const claimed =
    known.find(({ id, controllerId }) => id === controllerId) ??
    known.find(({ controllerId }) => running.some(({ id }) => id === controllerId));
  return claimed?.controllerId ?? -1;
}

async function closeInOrder(members: readonly ClusterMember[]): Promise<void> {
  for (const member of members) if (member.state() === 'paused') await member.resume();
  const failures: unknown[] = [];
  const attempt = (work: Promise<void>): Promise<void> => work.catch((error: unknown) => void failures.push(error));
  await Promise.all(members.map((member) => attempt(member.stopControl())));
  await Promise.all(members.map((member) => attempt(member.stop())));
  if (failures.length > 0) throw failures[0];
}

const named = (watch: NodeWatch, id: number): NodeWatch => ({ ...watch, log: (level, message) => watch.log(level, `[${id}] ${message}`) });

const lockFailure = (error: unknown, dataDirectory: string): MachineError | null =>
  error instanceof DiskLockedError
    ? new MachineError(`another Kafka uses the data in ${dataDirectory}`, 'stop it, or choose another --data-dir', {
        cause: error,
      })
    : null;

/** Where a file is open already, the system does not tell which it was. */
function dataFailure(error: unknown, dataDirectory: string): unknown {
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null;
  if (path === null && !WITHOUT_PATH.has(systemCode(error))) return error;
  return diskFailure(error, 'use', path ?? dataDirectory);
}
const WITHOUT_PATH: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EIO']);
