import type { AdminClient } from '../admin/admin-client.js';
import type { SetThrottle } from '../admin/execute/set-throttle.js';
import type { ContextStore, Setting } from './context/context.js';

/** What a command needs from outside; the runner provides it. */
export type Need = 'cluster' | 'optional-cluster' | 'machine';

export type Ports<N extends Need> = {
  readonly machine: MachinePorts;
  readonly cluster: ConnectedPorts;
  readonly 'optional-cluster': OptionalClusterPorts;
}[N];

/** This machine: for commands that need no cluster, the embedded ones above all. */
export interface MachinePorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** How this kafka-ts starts a process of its own: its version, Node's executable, the built daemon.js. */
  readonly program: { readonly version: string; readonly nodePath: string; readonly daemonPath: string };
  /** Calls `listener` for each signal of this name that reaches this process. Returns what stops listening. */
  readonly onSignal: (signal: NodeJS.Signals, listener: () => void) => () => void;
  /** Whether stdin is a terminal, which sends Ctrl-C to every process that it has in the foreground. */
  readonly isTerminal: boolean;
  readonly completionScript: (shell: 'bash' | 'zsh' | 'fish') => Promise<string>;
  /** The directory of kafka-ts's state, not necessarily made yet. Throws MachineError, naming KAFKA_TS_HOME, where there is no home. */
  readonly stateDirectory: () => string;
  /** Throws MachineError, naming KAFKA_TS_HOME, where there is no home. */
  readonly contexts: () => Promise<ContextStore>;
  /** What a command that is given these would use. Throws UsageError and MachineError as it would. */
  readonly effectiveSettings: (values: ClusterChoice) => Promise<readonly Setting[]>;
}

/** The options that say which cluster. */
export interface ClusterChoice {
  readonly bootstrapServer: string | undefined;
  readonly commandConfig: string | undefined;
  readonly context: string | undefined;
}

/** For commands that take what they need from a cluster or, on request, from a file: then no cluster is looked for. */
export interface OptionalClusterPorts {
  readonly openCluster: () => Promise<ClusterPorts>;
}

/** A cluster that the runner found and connected to. */
export interface ClusterPorts {
  readonly admin: AdminClient;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly throttles: ThrottleJournal;
}

/** Throttles of the cluster that commands of this machine have set and not lifted yet: those that run, and those that were killed. */
export interface ThrottleJournal {
  /** On disk when it resolves; with what crosses it out again. Rejects with MachineError: then nothing may be set. */
  readonly add: (throttle: SetThrottle) => Promise<() => void>;
  /** The oldest first. Rejects with MachineError. */
  readonly list: () => Promise<readonly JournaledThrottle[]>;
}
export interface JournaledThrottle {
  /** ISO 8601. */
  readonly setAt: string;
  /** `partitions reassign`. */
  readonly command: string;
  readonly throttle: SetThrottle;
  readonly remove: () => void;
}

/** With what it takes to connect once more, for clients that are not ours. */
export interface ConnectedPorts extends ClusterPorts {
  readonly connection: Parameters<typeof AdminClient.connect>[0];
}
