/** What a command needs from outside; the runner provides it. */
export type Need = 'cluster' | 'machine';

export type Ports<N extends Need> = { readonly machine: MachinePorts; readonly cluster: ClusterPorts }[N];

/** This machine: for commands that need no cluster, the embedded ones above all. */
export interface MachinePorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The directory of kafka-ts's state, not necessarily made yet. Throws PathError, naming KAFKA_TS_HOME, where there is no home. */
  readonly stateDirectory: () => string;
}

/** A cluster that the runner found and connected to. */
export interface ClusterPorts {
  readonly now: () => number;
}
