import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { MachineError, UsageError } from '../model/errors.js';
import type { ClusterRequest } from './daemon-messages.js';
import { systemCode } from './disk-failure.js';
import { type ForegroundCluster, startForegroundCluster } from './foreground-cluster.js';
import type { Program } from './spawn-daemon.js';

/** As `env`, `timeout` and `docker run` have them. */
const EXIT = { ours: 125, notExecutable: 126, notFound: 127, bySignal: 128 } as const;

/** All that a terminal or another process may send to have it passed on. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
/** What the terminal itself sends to the command too, which is in the same process group. */
const SENT_BY_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

export interface RunCommand {
  /** The command and its arguments. */
  readonly command: readonly string[];
  readonly cluster: ClusterRequest;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether stdin is a terminal. */
  readonly isTerminal: boolean;
  /** Returns what stops listening. */
  readonly onSignal: (signal: NodeJS.Signals, listener: () => void) => () => void;
  readonly note: (message: string) => void;
}

/**
 * Runs a command with a cluster of its own, whose addresses are in KAFKA_BOOTSTRAP_SERVERS and KAFKA_TS_BOOTSTRAP_SERVERS. Signals go
 * on to the command. Gives its exit code (128 and the signal's number where one ended it); 127 where it isn't found, 126 where it
 * cannot be executed, 125 where the cluster fails.
 */
export async function runCommand(program: Program, options: RunCommand): Promise<number> {
  const { note } = options;
  const signals = relaySignals(options);
  try {
    const cluster = await startForegroundCluster(program, options.cluster);
    try {
      const early = signals.first();
      return early === null ? await runBeside(cluster, signals, options) : exitCodeOfSignal(early);
    } finally {
      await cluster.stop();
    }
  } catch (error) {
    if (!(error instanceof MachineError || error instanceof UsageError)) throw error;
    note(`kafka-ts: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}`);
    return EXIT.ours;
  } finally {
    signals.stop();
  }
}

async function runBeside(cluster: ForegroundCluster, signals: SignalRelay, { command, variables, note }: RunCommand): Promise<number> {
  const { bootstrapServers } = cluster.ready;
  // A context that a variable names would go before the addresses, and be another cluster.
  const { KAFKA_TS_CONTEXT: _, ...others } = variables;
  const env = { ...others, KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, KAFKA_TS_BOOTSTRAP_SERVERS: bootstrapServers };
  let clusterFailed = false;
  let isDone = false;
  cluster.ended.then(() => {
    if (isDone) return;
    clusterFailed = true;
    note('kafka-ts: the embedded cluster ended before the command did');
  });
  const code = await new Promise<number>((resolve) => {
    const [file = '', ...args] = command;
    const onError = (error: unknown): void => {
      const isMissing = systemCode(error) === 'ENOENT';
      note(`kafka-ts: ${file}: ${isMissing ? 'command not found' : `cannot be executed: ${(error as Error).message}`}`);
      resolve(isMissing ? EXIT.notFound : EXIT.notExecutable);
    };
    try {
      const child = spawn(file, args, { stdio: 'inherit', env });
      child.once('error', onError);
      child.once('exit', (exitCode, signal) => resolve(signal === null ? (exitCode ?? EXIT.ours) : exitCodeOfSignal(signal)));
      if (child.pid !== undefined) cluster.watchCommand(child.pid);
      signals.forwardTo((signal) => child.kill(signal));
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      onError(error);
    }
  });
  isDone = true;
  return clusterFailed && code === 0 ? EXIT.ours : code;
}

interface SignalRelay {
  /** The first that came; null while there is none. */
  readonly first: () => NodeJS.Signals | null;
  readonly forwardTo: (send: (signal: NodeJS.Signals) => void) => void;
  readonly stop: () => void;
}

function relaySignals({ isTerminal, onSignal }: RunCommand): SignalRelay {
  let first: NodeJS.Signals | null = null;
  let forward = (_signal: NodeJS.Signals): void => {};
  const stops = FORWARDED.map((signal) =>
    onSignal(signal, () => {
      first ??= signal;
      if (!(isTerminal && SENT_BY_TERMINAL.includes(signal))) forward(signal);
    }),
  );
  return {
    first: () => first,
    forwardTo: (send) => {
      forward = send;
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

const exitCodeOfSignal = (signal: NodeJS.Signals): number => EXIT.bySignal + constants.signals[signal];
