/**
 * The control channel: TCP on the loopback interface, JSON values one a line. A command sends one request with the token of
 * daemon.json; each answer carries the nonce, without which it is not believed. Fields may be added, never changed: commands of
 * other versions of kafka-ts ask too.
 */
export interface ControlRequest {
  readonly token: string;
  /** `keep` is `status`, and from then on the cluster no longer stops by itself. The answer to a fault tells what it came to. */
  readonly request: 'status' | 'keep' | 'stop' | NodeFault;
  /** The broker that a fault is for. */
  readonly broker?: number;
}
/** What can be done to one broker: end it as kill -9, suspend it as SIGSTOP, bring it back from either. */
export type NodeFault = 'kill' | 'pause' | 'resume';

export interface ClusterStatus {
  readonly bootstrapServers: string;
  /** The active controller's node id; -1 while there is none. */
  readonly controllerId: number;
  readonly nodes: readonly NodeStatus[];
  /** Each node is a process of its own. A cluster of an older kafka-ts does not say. */
  readonly isolate?: boolean;
  /** Its data goes when it stops. */
  readonly ephemeral: boolean;
  /** Absolute. */
  readonly dataDirectory: string;
  /** What was set, over the defaults. */
  readonly configs: Readonly<Record<string, string>>;
}
export interface NodeStatus {
  readonly id: number;
  readonly state: NodeState;
  /** Of the client listener. */
  readonly port: number;
  /** A cluster of an older kafka-ts does not say. */
  readonly rack?: string | null;
  /** Why it has ended unasked, or that it was begun again without its data; null where there is nothing to say. An older one does not. */
  readonly note?: string | null;
}
/** `starting` until it takes connections, which needs most of the controllers; `stopped` after it ended in order. */
export type NodeState = 'starting' | 'running' | 'paused' | 'killed' | 'stopped';

export type ControlAnswer = { readonly nonce: string } & (
  | ({ readonly state: 'running'; readonly version: string } & ClusterStatus)
  /** The first answer to `stop`, and the only one to the others from then on; `stopped` follows once nothing is left but the process. */
  | { readonly state: 'stopping' }
  | { readonly state: 'stopped' }
  | { readonly state: 'refused'; readonly message: string }
);

/** A line longer than this closes the connection. */
export const MAX_LINE_BYTES = 64 * 1024;
