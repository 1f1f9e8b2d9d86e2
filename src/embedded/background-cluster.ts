import { existsSync } from 'node:fs';
import type { Clock, Environment } from '../environment/environment.js';
import { MachineError } from '../model/errors.js';
import { openBoundedLog } from './bounded-log.js';
import { clusterFormat } from './cluster-file.js';
import { type ClusterPlan, planCluster } from './cluster-plan.js';
import type { ClusterStatus } from './control-messages.js';
import { startControlServer } from './control-server.js';
import { daemonFormat } from './daemon-file.js';
import type { DaemonRequest, Ready } from './daemon-messages.js';
import { diskFailure } from './disk-failure.js';
import { clearAbandonedDirectories, createEphemeralDirectory } from './ephemeral-directory.js';
import { watchIdle } from './idle-watch.js';
import { lostProcess } from './instance.js';
import { type InstancePaths, instancePathsIn } from './instance-paths.js';
import type { NodeHost } from './node-host.js';
import { isPortInUse } from './ports.js';
import { type RunningNodes, startNodes } from './start-nodes.js';
import { readStateFile, removeStateFile, writeStateFile } from './state-file.js';
import { watchDaemonFile } from './watch-daemon-file.js';

export interface BackgroundCluster {
  readonly ready: Ready;
  /** Resolves when nothing is left of it but the process; the same promise each time. Rejects where a node could not stop in order. */
  readonly stop: () => Promise<void>;
}

export interface BackgroundHost {
  readonly pid: number;
  /** Where the nodes of a cluster live. */
  readonly hostOf: (plan: ClusterPlan) => NodeHost;
  /** It begins to stop: because of `stop`, of a command, or of an hour without a connection. Called once. */
  readonly onStop: (stopped: Promise<void>) => void;
  /**
   * The instance is no longer this cluster's: its files were removed. What it would still write could go among those of the next one, so its
   * process must end where it stands. Called once.
   */
  readonly onDisowned: () => void;
}

/** Throws DiskLockedError where another process has it, and MachineError where the disk refuses. */
function lockFor(disk: Environment['disk'], path: string): () => void {
  try {
    return disk.lock(path);
  } catch (error) {
    throw diskFailure(error, 'lock', path);
  }
}

/**
 * The work of a background process: takes the instance, starts its nodes, answers commands. Throws DiskLockedError where another
 * process has the instance, UsageError and MachineError.
 */
export async function startBackgroundCluster(
  environment: Environment,
  request: DaemonRequest,
  { pid, hostOf, onStop, onDisowned }: BackgroundHost,
): Promise<BackgroundCluster> {
  const { clock, disk, random } = environment;
  const { instance, version } = request;
  // What undoes each step, the last one first: when it stops, and when a step fails.
  const undo: (() => void | Promise<void>)[] = [];
  const undoAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  const notes: string[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    if (stopping === null) {
      stopping = undoAll();
      onStop(stopping);
    }
    return stopping;
  };

  try {
    if (instance !== null) {
      undo.push(lockFor(disk, instance.lockFile));
      const lost = readStateFile(instance.daemonFile, daemonFormat);
      if (lost !== null) notes.push(`when it ran last, ${lostProcess(lost.pid, instance)}`);
      removeStateFile(instance.daemonFile);
    }
    const isEphemeral = instance === null || request.cluster.ephemeral;
    const places = isEphemeral ? ephemeralPlaces(environment, instance, undo) : instance;
    const log = openBoundedLog(places.logFile, clock.now);
    const kept = isEphemeral ? null : readStateFile(places.clusterFile, clusterFormat);

    const idle = request.idleMs === null ? null : watchIdle(clock, request.idleMs, stop);
    if (idle !== null) undo.push(idle.stop);
    const watch = { log: log.write, opened: () => idle?.opened(), closed: () => idle?.closed() };
    const { plan, nodes } = await startAsPlanned(
      () => planCluster(environment, request.cluster, kept, places.dataDirectory),
      (planned) => startNodes(hostOf(planned), planned, watch),
      request.cluster.port === null,
    );
    const close = async (): Promise<void> => {
      try {
        await nodes.close();
      } catch (error) {
        throw stopFailure(error, plan.dataDirectory);
      }
    };
    undo.push(isEphemeral ? nodes.end : close);
    if (!isEphemeral) {
      const { clusterId, configs, dataDirectory, isolate } = plan;
      const racks = new Map(plan.nodes.map(({ id, rack }) => [id, rack]));
      writeStateFile(places.clusterFile, clusterFormat, {
        clusterId,
        nodes: nodes.nodes().map(({ id, port }) => ({ id, port, rack: racks.get(id) ?? null })),
        isolate,
        dataDirectory: dataDirectory === places.dataDirectory ? null : dataDirectory,
        configs,
      });
    }
    const status = async (): Promise<ClusterStatus> => ({
      bootstrapServers: nodes.bootstrapServers,
      controllerId: await nodes.controllerId(),
      nodes: nodes.nodes(),
      isolate: plan.isolate,
      ephemeral: isEphemeral,
      dataDirectory: plan.dataDirectory,
      configs: plan.configs,
    });

    if (instance !== null) {
      const [nonce, token] = [secret(random.bytes), secret(random.bytes)];
      const control = await startControlServer(environment, {
        nonce,
        token,
        version,
        status: async () => (stopping === null ? status() : null),
        keep: () => idle?.stop(),
        fault: (fault, broker) => nodes[fault](broker),
        stop,
      });
      undo.push(control.close, () => removeStateFile(instance.daemonFile));
      writeStateFile(instance.daemonFile, daemonFormat, { pid, nonce, version, controlPort: control.port, token });
      undo.push(watchDaemonFile(clock, instance.daemonFile, nonce, onDisowned));
    }
    const clearing = clearAbandonedDirectories({ ...environment, log: log.write });
    undo.push(clearing.callOff);
    // What is little is gone when it is ready.
    await settledWithin(clock, CLEARING_GRACE_MS, clearing.done);
    notes.push(...plan.notes);
    for (const note of notes) log.write('warn', note);
    log.write('info', `kafka-ts ${version}: cluster ${plan.clusterId} is ready at ${nodes.bootstrapServers}, process ${pid}`);
    return { ready: { ...(await status()), notes }, stop };
  } catch (error) {
    await undoAll().catch((second: Error) => environment.log('error', second.stack ?? second.message));
    throw error;
  }
}

/** How long the directories of killed clusters may keep a start waiting. */
const CLEARING_GRACE_MS = 200;

const settledWithin = (clock: Clock, ms: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const onSettled = (): void => {
      cancel();
      resolve();
    };
    work.then(onSettled, onSettled);
  });

/** Between the search for a free port and its use another process may take it: then it is searched again. */
async function startAsPlanned(
  makePlan: () => Promise<ClusterPlan>,
  start: (plan: ClusterPlan) => Promise<RunningNodes>,
  mayChoosePort: boolean,
): Promise<{ readonly plan: ClusterPlan; readonly nodes: RunningNodes }> {
  for (let attempt = 1; ; attempt++) {
    const plan = await makePlan();
    try {
      return { plan, nodes: await start(plan) };
    } catch (error) {
      if (!(mayChoosePort && isPortInUse(error) && attempt < MAX_PORT_ATTEMPTS)) throw error;
    }
  }
}
const MAX_PORT_ATTEMPTS = 5;

/** Where a cluster is whose data goes with it: its log stays with the instance, if it is one. */
function ephemeralPlaces(environment: Environment, instance: InstancePaths | null, undo: (() => void)[]): InstancePaths {
  const { path, remove } = createEphemeralDirectory(environment);
  undo.push(remove);
  const places = instancePathsIn(path);
  return instance === null ? places : { ...places, logFile: instance.logFile };
}

/** All nodes have ended, but not all of them in order. */
const stopFailure = (error: unknown, dataDirectory: string): unknown =>
  existsSync(dataDirectory)
    ? error
    : new MachineError(
        `the embedded cluster has stopped, but its data directory ${dataDirectory} was moved or removed under it`,
        undefined,
        {
          cause: error,
        },
      );

const secret = (randomBytes: (length: number) => Uint8Array): string => Buffer.from(randomBytes(24)).toString('base64url');
