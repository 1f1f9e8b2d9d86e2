import type { LogLevel } from '../environment/environment.js';
import { createRealEnvironment, type RealEnvironment } from '../environment/real.js';
import { UsageError } from '../model/errors.js';
import { nearestName } from '../model/nearest-name.js';
import { planCluster } from './cluster-plan.js';
import type { NodeStatus } from './control-messages.js';
import { type Clearing, clearAbandonedDirectories, createEphemeralDirectory, type EphemeralDirectory } from './ephemeral-directory.js';
import { hostOf } from './host-of.js';
import { createInterceptors, type Interceptors, type RequestInterceptor } from './interceptors.js';
import { type RunningNodes, startNodes } from './start-nodes.js';

export interface EmbeddedClusterOptions {
  /** Default: 3, or as many as `dataDirectory` has data of. */
  readonly brokers?: number;
  /** Given to the brokers in turn. Default: none. */
  readonly racks?: readonly string[];
  /** Broker configs by Kafka's names, such as `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * Exactly this one for the first broker, and those that follow for the others, on the loopback interface. Default: 0, the system chooses.
   */
  readonly port?: number;
  /** Keeps the data here, for the next start. Default: a temporary directory, which is removed on close. */
  readonly dataDirectory?: string;
  /** Each broker a process of its own: slower to start, and its faults are the system's (SIGKILL, SIGSTOP). Default: false. */
  readonly isolate?: boolean;
  /** The nodes' log, a line each. Default: nowhere. */
  readonly log?: (level: LogLevel, message: string) => void;
}

/**
 * A Kafka cluster in this process, for tests and development:
 *
 *     await using cluster = await EmbeddedCluster.start({ brokers: 3 });
 *     const kafka = new Kafka({ brokers: cluster.bootstrapServers.split(',') });
 */
export class EmbeddedCluster implements AsyncDisposable {
  /** `host:port` of each broker, separated by commas. */
  readonly bootstrapServers: string;
  readonly clusterId: string;
  readonly #environment: RealEnvironment;
  readonly #nodes: RunningNodes;
  readonly #interceptors: Interceptors | null;
  readonly #temporary: EphemeralDirectory | null;
  readonly #clearing: Clearing;
  #closing: Promise<void> | undefined;

  private constructor(
    environment: RealEnvironment,
    nodes: RunningNodes,
    interceptors: Interceptors | null,
    temporary: EphemeralDirectory | null,
  ) {
    this.bootstrapServers = nodes.bootstrapServers;
    this.clusterId = nodes.clusterId;
    this.#environment = environment;
    this.#nodes = nodes;
    this.#interceptors = interceptors;
    this.#temporary = temporary;
    this.#clearing = clearAbandonedDirectories(environment);
  }

  /** Resolves when clients can connect. Throws UsageError for what cannot be, MachineError for a port in use or a disk that refuses. */
  static async start(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
    checkOptionNames(options);
    const { brokers = null, racks = null, port = 0, dataDirectory = null, isolate = false, config: configs = {}, log = () => {} } = options;
    const environment = createRealEnvironment({ log });
    const temporary = dataDirectory === null ? createEphemeralDirectory(environment) : null;
    const interceptors = isolate ? null : createInterceptors();
    try {
      const request = { brokers, racks, isolate, port, dataDirectory, ephemeral: temporary !== null, configs };
      const plan = await planCluster(environment, request, null, temporary?.path ?? '');
      const nodes = await startNodes(hostOf(plan, interceptors?.intercept), plan, { log, opened: () => {}, closed: () => {} });
      return new EmbeddedCluster(environment, nodes, interceptors, temporary);
    } catch (error) {
      temporary?.remove();
      environment.close();
      throw error;
    }
  }

  /** The brokers and what has become of them, by rising id. */
  get brokers(): readonly NodeStatus[] {
    return this.#nodes.nodes();
  }

  /**
   * Ends a broker as kill -9 does: its connections break, its session runs out, its data stay as they were written. Nothing where it is
   * killed. Throws UsageError where there is no such broker.
   */
  kill(broker: number): Promise<void> {
    return this.#nodes.kill(broker);
  }

  /**
   * Ends a broker in order: it hands its leaders over, and its session does not have to run out. `resume` starts it again. Nothing where it
   * has ended. Throws UsageError where there is no such broker, and where it is paused.
   */
  shutDown(broker: number): Promise<void> {
    return this.#nodes.shutDown(broker);
  }

  /**
   * Suspends a broker as SIGSTOP does: its connections stay up, and it answers nobody. Nothing where it is paused. Throws UsageError where
   * it does not run.
   */
  pause(broker: number): Promise<void> {
    return this.#nodes.pause(broker);
  }

  /**
   * Lets a paused broker go on, and starts one that has ended again, with its data and on its port. Resolves when it takes connections, or
   * at once where too few controllers run for that. Nothing where it runs.
   */
  resume(broker: number): Promise<void> {
    return this.#nodes.resume(broker);
  }

  /**
   * Lets a test see requests of an API (by Kafka's number, or '*' for all) at every broker, after they are decoded and before they are
   * handled, those among brokers and controllers included. The first interceptor that gives something decides: a response in the place of
   * the broker's, a delay before it, or 'drop' for none at all. What it is given is `request` as Kafka's field names have it. Returns what
   * removes it. What an interceptor throws, or gives that is none of these, `close` throws. Throws UsageError where the brokers are processes
   * of their own.
   */
  intercept(apiKey: number | '*', interceptor: RequestInterceptor): () => void {
    if (this.#interceptors === null) {
      throw new UsageError(
        'requests of brokers that are processes of their own cannot be intercepted',
        'start the cluster without isolate',
      );
    }
    return this.#interceptors.add(apiKey, interceptor);
  }

  /**
   * Stops the brokers, in order where their data stay. The same promise each time. Then rejects with the first failure of an interceptor.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await (this.#temporary === null ? this.#nodes.close() : this.#nodes.end());
      await this.#clearing.callOff();
    } finally {
      this.#temporary?.remove();
      this.#environment.close();
    }
    const [failure] = this.#interceptors?.failures ?? [];
    if (failure !== undefined) throw failure;
  }
}

/** From JavaScript a mistyped option comes as easily, and would be as if it were not there. Throws UsageError. */
function checkOptionNames(options: EmbeddedClusterOptions): void {
  for (const name of Object.keys(options)) {
    if (name in optionNames) continue;
    const nearest = nearestName(name, Object.keys(optionNames));
    const hint = nearest === null ? `there are: ${Object.keys(optionNames).join(', ')}` : `did you mean '${nearest}'?`;
    throw new UsageError(`EmbeddedCluster.start has no option '${name}'`, hint);
  }
}
const optionNames: Readonly<Record<keyof EmbeddedClusterOptions, true>> = {
  ...{ brokers: true, racks: true, config: true, port: true },
  ...{ dataDirectory: true, isolate: true, log: true },
};
