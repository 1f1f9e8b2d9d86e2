import { existsSync } from 'node:fs';
import { DiskLockedError, type Environment } from '../environment/environment.js';
import { createRealEnvironment } from '../environment/real.js';
import { MachineError } from '../model/errors.js';
import { askDaemon } from './control-client.js';
import type { ClusterStatus, ControlRequest, NodeFault } from './control-messages.js';
import { daemonFormat } from './daemon-file.js';
import type { ClusterRequest, Ready } from './daemon-messages.js';
import { diskFailure } from './disk-failure.js';
import { ANSWER_TIMEOUT_MS, LOOK_AGAIN_MS, lookAtCluster, pause } from './find-cluster.js';
import { type Instance, notRunning, silentCluster } from './instance.js';
import { letGo, type Program, readyOrThrow, spawnDaemon } from './spawn-daemon.js';
import { makePrivateDirectory, readStateFile, removeStateFile } from './state-file.js';

export { checkBrokers, checkRacks, DEFAULT_BROKERS } from './broker-count.js';
export type { ClusterStatus, NodeFault, NodeState, NodeStatus } from './control-messages.js';
export type { ClusterRequest } from './daemon-messages.js';
export { type Found, findCluster, type RunningCluster } from './find-cluster.js';
export { type Instance, instanceOf, keptBrokers, notRunning, silentCluster } from './instance.js';
export { instanceName } from './instance-name.js';
export type { Program } from './spawn-daemon.js';

// Everything about the background process that a command needs, without loading the broker.

/** What is started where nobody says more: the cluster that was kept, or a new one. */
export const DEFAULT_CLUSTER: ClusterRequest = {
  brokers: null,
  racks: null,
  isolate: null,
  port: null,
  dataDirectory: null,
  ephemeral: false,
  configs: {},
};
/** For a cluster that another command than `embedded start` started. */
export const IDLE_MS = 60 * 60_000;

/** Recovery of large logs counts too. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
/** A killed broker recovers its logs when it comes back. */
const FAULT_TIMEOUT_MS = 60_000;

export interface Started {
  readonly cluster: ClusterStatus;
  /** Null where it ran already. */
  readonly ready: Ready | null;
}

/**
 * Starts the instance unless it runs, and returns once it takes connections. Of several commands that do this at once, one starts it
 * and all get it. `idleMs`: it stops by itself after so long without a connection; null for never, also where it runs already.
 * Throws UsageError (what was asked for cannot be) and MachineError.
 */
export async function ensureCluster(
  program: Program,
  instance: Instance,
  request: ClusterRequest,
  idleMs: number | null,
): Promise<Started> {
  const environment = createRealEnvironment();
  const giveUpMs = environment.clock.monotonicMs() + START_TIMEOUT_MS;
  try {
    for (;;) {
      const found = await lookAtCluster(environment, instance);
      if (found.state === 'running') {
        if (idleMs === null) await keep(environment, instance);
        return { cluster: found.cluster, ready: null };
      }
      if (found.state === 'silent') throw silentCluster(instance);
      if (found.state === 'stopped') {
        makePrivateDirectory(instance.paths.directory);
        const daemon = { version: program.version, cluster: request, instance: instance.paths, idleMs };
        const { child, said } = await spawnDaemon(program, daemon, START_TIMEOUT_MS);
        letGo(child);
        if (said.type !== 'locked') {
          const ready = readyOrThrow(said);
          return { cluster: ready, ready };
        }
      }
      if (environment.clock.monotonicMs() > giveUpMs) {
        throw new MachineError(
          `the embedded cluster '${instance.name}' has been starting or stopping for ${START_TIMEOUT_MS / 1000} s`,
          `see ${instance.paths.logFile}`,
        );
      }
      await pause(environment, LOOK_AGAIN_MS);
    }
  } finally {
    environment.close();
  }
}

/** True if it ran. Returns when nothing of it is left. Throws MachineError where it does not answer. */
export async function stopCluster(instance: Instance): Promise<boolean> {
  const environment = createRealEnvironment();
  const giveUpMs = environment.clock.monotonicMs() + STOP_TIMEOUT_MS;
  try {
    for (let ran = false; ; ) {
      const found = await lookAtCluster(environment, instance);
      if (found.state === 'stopped') {
        removeStale(environment, instance);
        return ran;
      }
      if (found.state === 'silent' || environment.clock.monotonicMs() > giveUpMs) throw silentCluster(instance);
      if (found.state === 'running') {
        ran = true;
        const daemon = readStateFile(instance.paths.daemonFile, daemonFormat);
        if (daemon === null) continue;
        const asked = await askDaemon(environment, daemon, { request: 'stop' }, { wanted: ['stopped'], timeoutMs: STOP_TIMEOUT_MS });
        if (asked.outcome === 'answered' && asked.answer.state === 'refused') throw new MachineError(asked.answer.message);
      } else {
        await pause(environment, LOOK_AGAIN_MS);
      }
    }
  } finally {
    environment.close();
  }
}

/**
 * Kills, pauses or brings back one broker of a cluster that runs, and gives what the cluster is then. Throws MachineError where it does not
 * run or answer, and with what it says where it cannot be done.
 */
export async function faultBroker(instance: Instance, fault: NodeFault, broker: number): Promise<ClusterStatus> {
  const environment = createRealEnvironment();
  try {
    const daemon = readStateFile(instance.paths.daemonFile, daemonFormat);
    if (daemon === null) throw notRunning(instance);
    const request: Omit<ControlRequest, 'token'> = { request: fault, broker };
    const asked = await askDaemon(environment, daemon, request, { wanted: ['running', 'stopping'], timeoutMs: FAULT_TIMEOUT_MS });
    if (asked.outcome !== 'answered') throw asked.outcome === 'gone' ? notRunning(instance) : silentCluster(instance);
    const { answer } = asked;
    if (answer.state === 'refused') throw new MachineError(answer.message);
    if (answer.state === 'stopping') throw notRunning(instance);
    return answer;
  } finally {
    environment.close();
  }
}

async function keep(environment: Environment, { paths }: Instance): Promise<void> {
  const daemon = readStateFile(paths.daemonFile, daemonFormat);
  if (daemon) await askDaemon(environment, daemon, { request: 'keep' }, { wanted: ['running', 'stopping'], timeoutMs: ANSWER_TIMEOUT_MS });
}

/** What a daemon that was killed left behind; nothing while another is starting. */
function removeStale({ disk }: Environment, { paths }: Instance): void {
  if (!existsSync(paths.daemonFile)) return;
  try {
    const unlock = disk.lock(paths.lockFile);
    removeStateFile(paths.daemonFile);
    unlock();
  } catch (error) {
    if (!(error instanceof DiskLockedError)) throw diskFailure(error, 'lock', paths.lockFile);
  }
}
