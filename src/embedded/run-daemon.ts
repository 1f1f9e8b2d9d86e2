import { type Clock, DiskLockedError } from '../environment/environment.js';
import { createRealEnvironment } from '../environment/real.js';
import { KafkaError, MachineError, UsageError } from '../model/errors.js';
import { type BackgroundCluster, startBackgroundCluster } from './background-cluster.js';
import type { DaemonMessage, DaemonRequest, ParentMessage } from './daemon-messages.js';
import { diskFailure, systemCode } from './disk-failure.js';
import { hostOf } from './host-of.js';
import { processTree } from './process-tree.js';

/** How long what is left after a stop in order may keep the process alive. */
const EXIT_GRACE_MS = 1_000;
/** Between asking a dead parent's command to end and ending it. */
const COMMAND_GRACE_MS = 500;

/**
 * A background process from its argument (a DaemonRequest as JSON) to its end. It tells its parent once what became of the start. With
 * an instance it lives on alone; without one it ends with its parent, and the parent's command with it.
 */
export async function runDaemon(self: NodeJS.Process): Promise<void> {
  const request = JSON.parse(self.argv[2] ?? '') as DaemonRequest;
  // To the log, where stderr goes.
  const environment = createRealEnvironment({ log: (level, message) => console.error(level, message) });
  const tellParent = (message: DaemonMessage): void => {
    if (self.connected) self.send?.(message);
  };
  /** The last answer to a command may still be on its way, so the process isn't cut off, but it ends. */
  const endSoon = (): void => {
    if (self.connected) self.disconnect();
    setTimeout(() => self.exit(), EXIT_GRACE_MS).unref();
  };
  const onStop = async (stopped: Promise<void>): Promise<void> => {
    try {
      await stopped;
    } catch (error) {
      environment.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
      self.exitCode = 1;
    }
    endSoon();
  };
  try {
    const cluster = await startBackgroundCluster(environment, request, { hostOf, pid: self.pid, onStop, onDisowned: () => self.exit(1) });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) self.on(signal, () => void cluster.stop());
    if (request.instance === null) endWithParent(self, cluster, environment.clock);
    tellParent({ type: 'ready', ...cluster.ready });
  } catch (error) {
    tellParent(failureMessage(error));
    self.exitCode = 1;
    endSoon();
  }
}

/** The parent's channel closes when it dies, however it dies: then its command is ended too, with all that descends from it. */
function endWithParent(self: NodeJS.Process, cluster: BackgroundCluster, clock: Clock): void {
  let commandPid: number | null = null;
  let isStopping = false;
  self.on('message', (message) => {
    const said = message as ParentMessage;
    if (said.type === 'command') commandPid = said.pid;
    else {
      isStopping = true;
      void cluster.stop();
    }
  });
  const onParentGone = (): void => {
    if (isStopping) return;
    if (commandPid !== null) endTree(self, processTree(commandPid), clock);
    void cluster.stop();
  };
  self.on('disconnect', onParentGone);
  if (!self.connected) onParentGone();
}

function endTree(self: NodeJS.Process, pids: readonly number[], clock: Clock): void {
  const send = (signal: NodeJS.Signals): void => {
    for (const pid of pids) {
      try {
        self.kill(pid, signal);
      } catch (error) {
        // ESRCH: it has ended by itself.
        if (systemCode(error) === undefined) throw error;
      }
    }
  };
  send('SIGTERM');
  clock.after(COMMAND_GRACE_MS, () => send('SIGKILL'));
}

function failureMessage(error: unknown): DaemonMessage {
  if (error instanceof DiskLockedError) return { type: 'locked' };
  const known = knownFailure(error);
  if (known instanceof UsageError || known instanceof MachineError) {
    const fault = known instanceof UsageError ? 'usage' : 'machine';
    return { type: 'failed', fault, message: known.message, hint: known.hint ?? null };
  }
  const message = known instanceof Error ? (known.stack ?? known.message) : String(known);
  return { type: 'failed', fault: 'bug', message, hint: null };
}

function knownFailure(error: unknown): unknown {
  if (error instanceof KafkaError && error.code === 'INVALID_CONFIG') return new UsageError(`--config: ${error.message}`);
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null;
  return path === null ? error : diskFailure(error, 'use', path);
}
