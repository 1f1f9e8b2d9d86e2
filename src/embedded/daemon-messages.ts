import type { ClusterStatus } from './control-messages.js';
import type { InstancePaths } from './instance-paths.js';

/** What the background process is started with: JSON, its only argument. */
export interface DaemonRequest {
  /** Of kafka-ts. */
  readonly version: string;
  readonly cluster: ClusterRequest;
  /** Where the cluster keeps its state; null for `embedded run`, which keeps none and ends with its parent. */
  readonly instance: InstancePaths | null;
  /** Stops by itself when there was no connection for so long; null for never. */
  readonly idleMs: number | null;
}

export interface ClusterRequest {
  /** Null is as many as the kept cluster has, else the default. */
  readonly brokers: number | null;
  /** Given to the brokers in turn; null is what the kept cluster has, else none. */
  readonly racks: readonly string[] | null;
  /** Each node a process of its own; null is what the kept cluster has, else not. */
  readonly isolate: boolean | null;
  /**
   * Exactly this one (of more brokers the first of a run); 0 lets the system choose; null is the kept one, else the first free from 29092.
   */
  readonly port: number | null;
  /** Absolute; null for the instance's own, or a kept one. */
  readonly dataDirectory: string | null;
  /** Data in a temporary directory that goes with the cluster. */
  readonly ephemeral: boolean;
  /** Broker configs by Kafka's names. */
  readonly configs: Readonly<Record<string, string>>;
}

/** What the background process tells its parent, once. */
export type DaemonMessage =
  | ({ readonly type: 'ready' } & Ready)
  /** Another process runs this instance, or is starting it. */
  | { readonly type: 'locked' }
  | { readonly type: 'failed'; readonly fault: 'usage' | 'machine' | 'bug'; readonly message: string; readonly hint: string | null };

export interface Ready extends ClusterStatus {
  /** What the person should know, such as a port that isn't the usual one. */
  readonly notes: readonly string[];
}

/** What `embedded run` tells the background process. */
export type ParentMessage =
  /** Ends with its descendants when the parent dies. */
  { readonly type: 'command'; readonly pid: number } | { readonly type: 'stop' };
