/**
 * The control channel: TCP on the loopback interface, JSON values one a line. A command sends one request with the token of
 * daemon.json; each answer carries the nonce, without which it is not believed. Fields may be added, never changed: commands of
 * other versions of kafka-ts ask too.
 */
export interface ControlRequest {
  readonly token: string;
  /** `keep` is `status`, and from then on the cluster no longer stops by itself. */
  readonly request: 'status' | 'keep' | 'stop';
}

export interface ClusterStatus {
  readonly bootstrapServers: string;
  /** The active controller's node id; -1 while there is none. */
  readonly controllerId: number;
  readonly nodes: readonly NodeStatus[];
  /** Its data goes when it stops. */
  readonly ephemeral: boolean;
  /** Absolute. */
  readonly dataDirectory: string;
  /** What was set, over the defaults. */
  readonly configs: Readonly<Record<string, string>>;
}
export interface NodeStatus {
  readonly id: number;
  readonly state: 'running';
  /** Of the client listener. */
  readonly port: number;
}

export type ControlAnswer = { readonly nonce: string } & (
  | ({ readonly state: 'running'; readonly version: string } & ClusterStatus)
  /** The first answer to `stop`, and the only one to the others from then on; `stopped` follows once nothing is left but the process. */
  | { readonly state: 'stopping' }
  | { readonly state: 'stopped' }
  | { readonly state: 'refused'; readonly message: string }
);

/** A line longer than this closes the connection. */
export const MAX_LINE_BYTES = 64 * 1024;
