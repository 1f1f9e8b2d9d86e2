import type { LogLevel } from '../environment/environment.js';
import type { Uuid } from '../model/uuid.js';

/** The seam between nodes in this process (in-process-host.ts) and nodes elsewhere. Resolves when the node takes connections. */
export type NodeHost = (request: NodeRequest, watch: NodeWatch) => Promise<HostedNode>;

/** One life of a node. */
export interface NodeRequest {
  readonly id: number;
  readonly clusterId: Uuid;
  /** Its own; made where it is absent. */
  readonly dataDirectory: string;
  /** Of the client listener; 0 lets the system choose. */
  readonly port: number;
  /** Static broker configs by Kafka's names. */
  readonly configs: Readonly<Record<string, string>>;
}

/** What the host tells of a node while it runs. */
export interface NodeWatch {
  readonly log: (level: LogLevel, message: string) => void;
  /** A client's connection. */
  readonly opened: () => void;
  readonly closed: () => void;
}

export interface HostedNode {
  readonly id: number;
  /** Of the client listener, as bound. */
  readonly port: number;
  /** The active controller as this node knows it; -1 for none. */
  readonly controllerId: () => number;
  /** In order: leaders are handed over, files closed, the clean shutdown marked. */
  readonly stop: () => Promise<void>;
}
