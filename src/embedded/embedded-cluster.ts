import type { LogLevel } from '../environment/environment.js';
import { createRealEnvironment, type RealEnvironment } from '../environment/real.js';
import { planCluster } from './cluster-plan.js';
import { clearAbandonedDirectories, createEphemeralDirectory, type EphemeralDirectory } from './ephemeral-directory.js';
import { hostInProcess } from './in-process-host.js';
import { type RunningNodes, startNodes } from './start-nodes.js';

export interface EmbeddedClusterOptions {
  /** Default: 1, and more is refused for now. */
  readonly brokers?: number;
  /** Exactly this one, on the loopback interface. Default: 0, the system chooses. */
  readonly port?: number;
  /** Keeps the data here, for the next start. Default: a temporary directory, which is removed on close. */
  readonly dataDirectory?: string;
  /** Broker configs by Kafka's names, such as `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** The nodes' log, a line each. Default: nowhere. */
  readonly log?: (level: LogLevel, message: string) => void;
}

/**
 * A Kafka cluster in this process, for tests and development:
 *
 *     await using cluster = await EmbeddedCluster.start();
 *     const kafka = new Kafka({ brokers: [cluster.bootstrapServers] });
 */
export class EmbeddedCluster implements AsyncDisposable {
  /** `host:port` of each broker, separated by commas. */
  readonly bootstrapServers: string;
  readonly clusterId: string;
  readonly #environment: RealEnvironment;
  readonly #nodes: RunningNodes;
  readonly #temporary: EphemeralDirectory | null;
  #closing: Promise<void> | undefined;

  private constructor(environment: RealEnvironment, nodes: RunningNodes, temporary: EphemeralDirectory | null) {
    this.bootstrapServers = nodes.bootstrapServers;
    this.clusterId = nodes.clusterId;
    this.#environment = environment;
    this.#nodes = nodes;
    this.#temporary = temporary;
  }

  /** Resolves when clients can connect. Throws UsageError for what cannot be, MachineError for a port in use or a disk that refuses. */
  static async start({
    brokers = 1,
    port = 0,
    dataDirectory,
    config = {},
    log = () => {},
  }: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
    const environment = createRealEnvironment({ log });
    const temporary = dataDirectory === undefined ? createEphemeralDirectory(environment) : null;
    try {
      const request = { brokers, port, dataDirectory: dataDirectory ?? null, ephemeral: temporary !== null, configs: config };
      const plan = await planCluster(environment, request, null, temporary?.path ?? '');
      const nodes = await startNodes(hostInProcess, plan, { log, opened: () => {}, closed: () => {} });
      clearAbandonedDirectories(environment);
      return new EmbeddedCluster(environment, nodes, temporary);
    } catch (error) {
      temporary?.remove();
      environment.close();
      throw error;
    }
  }

  /** Stops the brokers in order. The same promise each time. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#nodes.stop();
    } finally {
      this.#temporary?.remove();
      this.#environment.close();
    }
  }
}
