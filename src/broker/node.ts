import { join } from 'node:path';
import type { Environment } from '../environment/environment.js';
import type { Uuid } from '../model/uuid.js';
import { createBrokerConfig } from './config/broker-config.js';
import type { MetadataImage } from './controller/image.js';
import { followMetadata } from './controller/metadata-follower.js';
import { metadataRetention } from './controller/metadata-retention.js';
import { openQuorum } from './controller/open-quorum.js';
import type { Quorum, Voter } from './controller/quorum.js';
import { quorumTiming } from './controller/raft/timing.js';
import { generateSnapshots } from './controller/snapshot/snapshot-generator.js';
import { type Closer, createCloser } from './node/closer.js';
import { electPreferredLeaders } from './node/elect-preferred-leaders.js';
import { type LogDirectoryState, watchLogDirectory } from './node/log-directory-state.js';
import { checkDirectory, ownDirectory } from './node/own-directory.js';
import { startBroker } from './node/start-broker.js';
import { startController } from './node/start-controller.js';
import { type NodeConfig, staticConfigs } from './node-config.js';
import type { ReplicaManager } from './replication/replica-manager.js';
import { createControllerChannel } from './server/controller-channel.js';
import { openListener, type ServerListener } from './server/listener.js';
import { CONTROLLER_LISTENER, PLAINTEXT } from './server/listener-names.js';
import { registerController } from './server/register-controller.js';

/** A node that holds its data directory and its ports, and serves nothing yet: connections that come early wait. */
export interface BoundNode {
  readonly ports: NodePorts;
  /**
   * Starts it as a node of these voters: as one of them where its id is among them, else as an observer. Called once, on all nodes of
   * a cluster at the same time, for none is ready before a majority of the voters runs. Resolves when its broker is registered,
   * unfenced and answers clients. Rejects as `startNode` does.
   */
  readonly start: (voters: readonly Voter[]) => Promise<BrokerNode>;
  /** Lets go of all that it holds; of one that has started as `BrokerNode.close`. */
  readonly close: () => Promise<void>;
}

/** As bound. */
export interface NodePorts {
  readonly client: number;
  /** Null for a node that is no voter. */
  readonly controller: number | null;
}

/** A node that takes connections. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly ports: NodePorts;
  /** Of the active controller as this node knows it; -1 for none. */
  readonly controllerId: () => number;
  /** To look at, not to change: for status and for tests. */
  readonly replicas: Pick<ReplicaManager, 'partition' | 'partitions'>;
  readonly quorum: Pick<Quorum, 'voters' | 'leaderId' | 'leaderEpoch' | 'endOffset' | 'highWatermark'>;
  /** Committed metadata as this node has it. */
  readonly metadata: MetadataImage;
  /**
   * Its broker stops in order: hands over what it leads, answers no more, syncs and closes its logs, and marks that it did. Its controller
   * goes on.
   */
  readonly leave: () => Promise<void>;
  /**
   * Its controller stops first, and its broker no longer tells that it lives. When all nodes of a cluster have done so, nobody is left to
   * take a broker that closes a little earlier for one that is gone: the ISRs stay as they are until the next start.
   */
  readonly stopControl: () => Promise<void>;
  /**
   * Has preferred leaders lead where others lead: resolves after the first 500 that are in sync; the rest, and those that come in sync within
   * half a minute, follow. Where no controller does it, a line in the log says so.
   */
  readonly electPreferredLeaders: () => Promise<void>;
  /** Leaves, unless it has, then stops the controller and lets go of all. */
  readonly close: () => Promise<void>;
}

interface Listeners {
  readonly client: ServerListener;
  readonly controller: ServerListener | null;
}

/**
 * Takes a node's data directory and binds its ports, so that the voters' addresses are known before any of them starts.
 *
 * Rejects with DiskLockedError where another live process has the directory, with MachineError where it belongs to another cluster or node,
 * and with the system's error for a port that is taken or a disk that fails; nothing is left open then.
 */
export async function bindNode(given: Environment, config: NodeConfig): Promise<BoundNode> {
  const { dataDirectory, host, clientPort, controllerPort } = config;
  const closer = createCloser();
  const logDirectory = watchLogDirectory(given, dataDirectory);
  closer.add(logDirectory.close);
  const { disk } = logDirectory;
  const environment = { ...given, disk };
  return orClose(environment, closer, async () => {
    disk.makeDirectory(dataDirectory);
    closer.add(disk.lock(join(dataDirectory, '.lock')));
    const found = checkDirectory(environment, config);
    const bind = async (port: number): Promise<ServerListener> => {
      const listener = await openListener(environment, { host, port });
      closer.add(listener.close);
      return listener;
    };
    const controller = controllerPort === null ? null : await bind(controllerPort);
    const listeners = { client: await bind(clientPort), controller };
    return {
      ports: portsOf(listeners),
      start: (voters) =>
        orClose(environment, closer, () => {
          // Not before: a node of a cluster that finds a port taken leaves a new directory new.
          const { directoryId } = found ?? ownDirectory(environment, config);
          return start(environment, config, { directoryId, listeners, voters, logDirectory, closer });
        }),
      close: closer.close,
    };
  });
}

/**
 * Binds and starts a node, broker and controller in one process as Kafka's combined mode; without `voters` it is the only one.
 *
 * Rejects as `bindNode` does, with KafkaError INVALID_CONFIG for a bad config, and with KafkaError where the controller refuses the
 * broker or none is found; nothing is left open then.
 */
export async function startNode(
  environment: Environment,
  config: NodeConfig & { readonly voters?: readonly Voter[] },
): Promise<BrokerNode> {
  const { nodeId: id, host, voters } = config;
  const { ports, start, close } = await bindNode(environment, config);
  if (voters !== undefined) return start(voters);
  if (ports.controller !== null) return start([{ id, host, port: ports.controller }]);
  await close();
  throw new Error(`node ${id} has neither voters nor a controller's port`);
}

interface Bound {
  readonly directoryId: Uuid;
  readonly listeners: Listeners;
  readonly voters: readonly Voter[];
  readonly logDirectory: LogDirectoryState;
  readonly closer: Closer;
}

async function start(environment: Environment, config: NodeConfig, bound: Bound): Promise<BrokerNode> {
  const { directoryId, listeners, voters, logDirectory, closer } = bound;
  const { clock, log } = environment;
  const { nodeId, clusterId, dataDirectory } = config;
  const ports = portsOf(listeners);
  const isVoter = voters.some(({ id }) => id === nodeId);
  if (isVoter !== (listeners.controller !== null)) throw new Error(`node ${nodeId} has a controller's port only if it is a voter`);
  const statics = staticConfigs(config, ports, voters);
  if (statics.ignored.length > 0) log('info', `These configs have no effect here: ${statics.ignored.join(', ')}`);

  const control = createCloser();
  closer.add(control.close);
  const quorum = await openQuorum(environment, {
    ...{ nodeId, clusterId, voters, dataDirectory },
    timing: quorumTiming(statics.configs),
    retention: metadataRetention(statics.configs),
  });
  control.add(quorum.close);
  const follower = followMetadata(clock, quorum);
  control.add(follower.close);
  const { image: metadata } = follower;
  config.onQuorum?.(quorum, metadata);
  const brokerConfig = createBrokerConfig(nodeId, statics.configs, metadata);
  control.add(
    generateSnapshots(environment, quorum, follower, {
      maxBytes: () => brokerConfig.value('metadata.log.max.record.bytes.between.snapshots'),
      maxIntervalMs: () => brokerConfig.value('metadata.log.max.snapshot.interval.ms'),
    }),
  );
  const limits = {
    maxRequestBytes: () => brokerConfig.value('socket.request.max.bytes'),
    maxIdleMs: () => brokerConfig.value('connections.max.idle.ms'),
  };
  if (listeners.controller !== null) {
    const half = { config, staticConfigs: statics.configs, quorum, metadata, listener: listeners.controller, limits };
    await startController(environment, half, control);
  }

  const channel = createControllerChannel(environment, {
    nodeId,
    leader: () => voters.find(({ id }) => id === quorum.leaderId) ?? null,
    onLeaderChange: quorum.onLeaderChange,
    timeoutMs: () => brokerConfig.value('controller.socket.timeout.ms'),
  });
  control.add(channel.close);
  if (listeners.controller !== null) {
    const endPoints = [{ name: CONTROLLER_LISTENER, host: config.host, port: listeners.controller.port, securityProtocol: PLAINTEXT }];
    control.add(registerController({ nodeId, environment, controller: channel, metadata: follower, endPoints }));
  }
  const half = { config, brokerConfig, directoryId, logDirectory, follower, channel, listener: listeners.client, limits };
  const broker = createCloser();
  closer.add(broker.close);
  const { replicas, lifecycle } = await startBroker(environment, half, broker);
  const controllerId = () => quorum.leaderId;
  return {
    ...{ nodeId, clusterId, ports, controllerId, replicas, quorum, metadata },
    leave: broker.close,
    stopControl: () => {
      lifecycle.abandon();
      return control.close();
    },
    electPreferredLeaders: () => electPreferredLeaders(environment, metadata, channel, broker),
    close: closer.close,
  };
}

const portsOf = ({ client, controller }: Listeners): NodePorts => ({ client: client.port, controller: controller?.port ?? null });

/** Where the work fails, what it opened is closed; why it failed matters more than what fails in closing, so that is what is thrown. */
async function orClose<Value>(environment: Environment, closer: Closer, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    await closer.close().catch((closing: unknown) => environment.log('warn', `While closing after a failed start: ${closing}`));
    throw error;
  }
}
