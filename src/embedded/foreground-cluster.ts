import type { ClusterRequest, ParentMessage, Ready } from './daemon-messages.js';
import { type Program, readyOrThrow, spawnDaemon } from './spawn-daemon.js';

/** A cluster that lives no longer than this process, without a place in the state directory. */
export interface ForegroundCluster {
  readonly ready: Ready;
  /** Tells it which process ends, with its descendants, if this one is killed. */
  readonly watchCommand: (pid: number) => void;
  /** Resolves when nothing is left of it. */
  readonly stop: () => Promise<void>;
  /** Resolves when it ends, by `stop` or by itself. */
  readonly ended: Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
/** Time for it to stop in order before it is ended. */
const STOP_GRACE_MS = 10_000;

/** Throws UsageError and MachineError. */
export async function startForegroundCluster(program: Program, cluster: ClusterRequest): Promise<ForegroundCluster> {
  const { child, said } = await spawnDaemon(program, { version: program.version, cluster, instance: null, idleMs: null }, START_TIMEOUT_MS);
  const ready = readyOrThrow(said);
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  const tell = (message: ParentMessage): void => {
    // One that has died is noticed by `ended`.
    if (child.connected) child.send(message, () => {});
  };
  return {
    ready,
    watchCommand: (pid) => tell({ type: 'command', pid }),
    stop: async () => {
      tell({ type: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
    ended,
  };
}
