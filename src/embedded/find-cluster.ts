import { DiskLockedError, type Environment } from '../environment/environment.js';
import { createRealEnvironment } from '../environment/real.js';
import { MachineError } from '../model/errors.js';
import { askDaemon } from './control-client.js';
import type { ClusterStatus } from './control-messages.js';
import { daemonFormat } from './daemon-file.js';
import { diskFailure } from './disk-failure.js';
import { type Instance, lostProcess } from './instance.js';
import { readStateFile } from './state-file.js';

export interface RunningCluster extends ClusterStatus {
  readonly pid: number;
  /** Of the kafka-ts that runs it, which may be another than this. */
  readonly version: string;
}

/** `changing`: starting or stopping. `silent`: its process lives and doesn't answer: suspended, or the machine is overloaded. */
export type Found =
  | { readonly state: 'running'; readonly cluster: RunningCluster }
  | { readonly state: 'changing' | 'silent' }
  | {
      readonly state: 'stopped';
      /** Which process, where it ended without having been told to, and where that may be told. */
      readonly note?: string;
    };

export const ANSWER_TIMEOUT_MS = 2_000;
const SETTLE_TIMEOUT_MS = 10_000;
export const LOOK_AGAIN_MS = 20;

/**
 * What runs now; one that is starting or stopping is given some time to have done so. Starts nothing and changes nothing. Throws
 * MachineError where the state cannot be read.
 */
export async function findCluster(instance: Instance): Promise<Found> {
  const environment = createRealEnvironment();
  const giveUpMs = environment.clock.monotonicMs() + SETTLE_TIMEOUT_MS;
  try {
    for (;;) {
      const found = await lookAtCluster(environment, instance);
      if (found.state !== 'changing' || environment.clock.monotonicMs() > giveUpMs) return found;
      await pause(environment, LOOK_AGAIN_MS);
    }
  } finally {
    environment.close();
  }
}

/** What runs at this moment. Throws MachineError where the state cannot be read. */
export async function lookAtCluster(environment: Environment, { paths }: Instance): Promise<Found> {
  const daemon = readStateFile(paths.daemonFile, daemonFormat);
  if (daemon === null) return { state: isLocked(environment, paths) ? 'changing' : 'stopped' };
  const asked = await askDaemon(
    environment,
    daemon,
    { request: 'status' },
    { wanted: ['running', 'stopping'], timeoutMs: ANSWER_TIMEOUT_MS },
  );
  if (asked.outcome !== 'answered') {
    if (!isLocked(environment, paths)) {
      // One that stops removes it before it lets go of the lock.
      const isLeft = readStateFile(paths.daemonFile, daemonFormat)?.nonce === daemon.nonce;
      return { state: 'stopped', ...(isLeft && { note: lostProcess(daemon.pid, paths) }) };
    }
    return { state: asked.outcome === 'silent' ? 'silent' : 'changing' };
  }
  const { answer } = asked;
  if (answer.state === 'refused') throw new MachineError(answer.message);
  if (answer.state === 'stopping') return { state: 'changing' };
  return { state: 'running', cluster: { ...answer, pid: daemon.pid } };
}

/** Whether a live process has the instance. */
function isLocked({ disk }: Environment, { directory, lockFile }: Instance['paths']): boolean {
  if (disk.list(directory).length === 0) return false;
  try {
    disk.lock(lockFile)();
    return false;
  } catch (error) {
    if (error instanceof DiskLockedError) return true;
    throw diskFailure(error, 'lock', lockFile);
  }
}

export const pause = ({ clock }: Environment, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));
