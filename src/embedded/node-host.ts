import type { NodePorts } from '../broker/node.js';
import type { LogLevel } from '../environment/environment.js';
import type { Uuid } from '../model/uuid.js';

/**
 * The seam between nodes in this process (in-process-host.ts) and nodes in processes of their own (child-process-host.ts). Takes the node's
 * data directory and binds its ports; rejects as `bindNode` of the broker does.
 */
export type NodeHost = (request: NodeRequest, watch: NodeWatch) => Promise<HostedNode>;

/** One life of a node; plain JSON. */
export interface NodeRequest {
  readonly id: number;
  readonly clusterId: Uuid;
  readonly rack: string | null;
  /** Its own; made where it is absent. */
  readonly dataDirectory: string;
  /** 0 lets the system choose; no controller's port for a node that is no voter. */
  readonly ports: NodePorts;
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

export interface NodeVoter {
  readonly id: number;
  readonly host: string;
  /** Of the controller's listener. */
  readonly port: number;
}

export interface HostedNode {
  readonly id: number;
  /** As bound. */
  readonly ports: NodePorts;
  /**
   * Resolves when it takes connections; rejects as `BoundNode.start` does, and where the node ends before. Never settles once it is killed.
   */
  readonly start: (voters: readonly NodeVoter[]) => Promise<void>;
  /** The active controller as this node knows it; -1 for none, and where the node does not say. */
  readonly controllerId: () => Promise<number>;
  /** Ends it where it stands, as kill -9. Resolves when nothing of it runs. */
  readonly kill: () => Promise<void>;
  /** It stands still, as by SIGSTOP: it answers nobody, and its connections stay up. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** As `BrokerNode.electPreferredLeaders`. */
  readonly electPreferredLeaders: () => Promise<void>;
  /** As `BrokerNode.stopControl`: before all nodes of a cluster `stop` at once. */
  readonly stopControl: () => Promise<void>;
  /** All of it stops in order. */
  readonly stop: () => Promise<void>;
  /** Resolves, with how, when it has ended without having been told to; else never. */
  readonly ended: Promise<string>;
}
