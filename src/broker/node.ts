import { join } from 'node:path';
import type { Environment } from '../environment/environment.js';
import { createUuid, type Uuid } from '../model/uuid.js';
import { createBrokerConfig } from './config/broker-config.js';
import { INT_MAX } from './config/config-definition.js';
import { logConfigOf } from './config/topic-config.js';
import { openController } from './controller/controller.js';
import { ConfigResourceType } from './controller/image.js';
import { followMetadata } from './controller/metadata-follower.js';
import { openQuorum, type Voter } from './controller/quorum.js';
import type { LogConfig } from './log/log-config.js';
import { type NodeConfig, staticConfigs } from './node-config.js';
import { readCleanShutdownFile } from './replication/clean-shutdown-file.js';
import { ReplicaManager } from './replication/replica-manager.js';
import { createApiTable } from './server/api-table.js';
import type { BrokerContext } from './server/broker-context.js';
import { createBrokerLifecycle } from './server/broker-lifecycle.js';
import { createControllerChannel } from './server/controller-channel.js';
import type { ControllerContext } from './server/controller-context.js';
import { createDispatcher, type Dispatcher } from './server/dispatcher.js';
import { forwardedApis } from './server/forwarded-apis.js';
import { brokerHandlers, controllerHandlers } from './server/handlers.js';
import { openListener } from './server/listener.js';
import { CLIENT_LISTENER } from './server/listener-names.js';
import { type MetaProperties, readMetaProperties, writeMetaProperties } from './server/meta-properties.js';
import { createProducerIds } from './server/producer-ids.js';

/** A node that takes connections. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  /** As bound. */
  readonly ports: { readonly client: number; readonly controller: number };
  /** Of the active controller as this node knows it; -1 for none. */
  readonly controllerId: () => number;
  /** In order: hands over what it leads, answers no more, syncs and closes its files, and marks that it did. */
  readonly close: () => Promise<void>;
}

/** Kafka's SecurityProtocol.PLAINTEXT. */
const PLAINTEXT = 0;

/**
 * Starts a node, broker and controller in one process as Kafka's combined mode, and resolves when its broker is registered, unfenced and
 * answers clients.
 *
 * Rejects with DiskLockedError where another live process has the data directory, with Error where the directory belongs to another
 * cluster or node, with KafkaError INVALID_CONFIG for a bad config, and with the system's error for a port that is taken or a disk that
 * fails; nothing is left open then.
 */
export async function startNode(environment: Environment, config: NodeConfig): Promise<BrokerNode> {
  const opened: (() => void | Promise<void>)[] = [];
  // All is closed, whatever fails on the way; the first failure is told.
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of opened.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await start(environment, config, (close) => opened.push(close), closeAll);
  } catch (error) {
    // Why the node could not start matters more, so that is what is thrown.
    await closeAll().catch((closing: unknown) => environment.log('warn', `While closing after a failed start: ${closing}`));
    throw error;
  }
}

async function start(
  environment: Environment,
  config: NodeConfig,
  whenClosed: (close: () => void | Promise<void>) => void,
  closeAll: () => Promise<void>,
): Promise<BrokerNode> {
  const { clock, disk, log } = environment;
  const { nodeId, clusterId, dataDirectory, host } = config;
  disk.makeDirectory(dataDirectory);
  whenClosed(disk.lock(join(dataDirectory, '.lock')));
  const { directoryId } = ownDirectory(environment, config);

  // Bound before the voters are told of; what comes early waits until it is served.
  const controllerListener = await openListener(environment, { host, port: config.controllerPort });
  whenClosed(controllerListener.close);
  const clientListener = await openListener(environment, { host, port: config.clientPort });
  whenClosed(clientListener.close);
  const ports = { client: clientListener.port, controller: controllerListener.port };
  const voters: readonly Voter[] = config.voters ?? [{ id: nodeId, host, port: ports.controller }];
  const statics = staticConfigs(config, ports, voters);
  if (statics.ignored.length > 0) log('info', `These configs have no effect here: ${statics.ignored.join(', ')}`);

  const quorum = await openQuorum(environment, { nodeId, voters, dataDirectory });
  whenClosed(quorum.close);
  const controller = await openController({ nodeId, clusterId, environment, quorum, staticConfigs: statics.configs });
  whenClosed(controller.close);
  const follower = followMetadata(clock, quorum);
  whenClosed(follower.close);
  const { image: metadata } = follower;
  const brokerConfig = createBrokerConfig(nodeId, statics.configs, metadata);
  const { intercept } = config;
  const dispatcherOptions = { nodeId, intercept, after: clock.after, log };

  const controllerTable = createApiTable(controllerHandlers);
  const controllerContext: ControllerContext = {
    ...{ nodeId, clusterId, environment, controller, quorum, metadata },
    advertisedApis: controllerTable.advertised,
    dispatch: (...request) => dispatchToController(...request),
  };
  const dispatchToController: Dispatcher = createDispatcher({
    ...dispatcherOptions,
    listener: 'controller',
    table: controllerTable,
    context: controllerContext,
  });
  const maxRequestBytes = () => brokerConfig.value('socket.request.max.bytes');
  const maxIdleMs = () => brokerConfig.value('connections.max.idle.ms');
  controllerListener.serve({
    dispatch: dispatchToController,
    limits: { maxRequestBytes, maxIdleMs, maxConnections: () => INT_MAX, maxConnectionsPerAddress: () => INT_MAX },
  });

  const channel = createControllerChannel(environment, {
    nodeId,
    leader: () => voters.find(({ id }) => id === quorum.leaderId) ?? null,
    timeoutMs: () => brokerConfig.value('controller.socket.timeout.ms'),
  });
  whenClosed(channel.close);
  const lifecycle = createBrokerLifecycle({
    ...{ nodeId, clusterId, directoryId, environment, controller: channel, metadata: follower },
    rack: config.rack,
    endPoints: [{ name: CLIENT_LISTENER, host, port: ports.client, securityProtocol: PLAINTEXT }],
    previousBrokerEpoch: Number(readCleanShutdownFile(disk, dataDirectory) ?? -1),
    heartbeatIntervalMs: () => brokerConfig.value('broker.heartbeat.interval.ms'),
    sessionTimeoutMs: () => brokerConfig.value('broker.session.timeout.ms'),
  });
  // All partitions of a topic share one, until some config changes.
  const logConfigs = new Map<string, LogConfig>();
  follower.onChange(({ changedConfigs, deletedTopics }) => {
    if (changedConfigs.length > 0 || deletedTopics.length > 0) logConfigs.clear();
  });
  const logConfig = (topic: string): LogConfig => {
    const known = logConfigs.get(topic) ?? logConfigOf(metadata.configs.of(ConfigResourceType.topic, topic), brokerConfig);
    logConfigs.set(topic, known);
    return known;
  };
  const replicas = new ReplicaManager({ nodeId, environment, dataDirectory, metadata, config: brokerConfig, logConfigOf: logConfig });
  follower.onChange((delta) => replicas.onMetadata(delta));
  // With a part of the image only, the logs of all other topics would look like nobody's.
  await follower.reached(quorum.highWatermark - 1n);
  await replicas.start();
  whenClosed(() => replicas.close(lifecycle.brokerEpoch()));

  const clientTable = createApiTable(
    brokerHandlers,
    controllerHandlers.filter(({ api }) => forwardedApis.has(api.key)),
  );
  const context: BrokerContext = {
    ...{ nodeId, clusterId, environment, metadata, replicas, dataDirectory },
    brokerEpoch: lifecycle.brokerEpoch,
    config: brokerConfig,
    logConfigOf: logConfig,
    controller: channel,
    nextProducerId: createProducerIds(nodeId, lifecycle.brokerEpoch, channel),
    advertisedApis: clientTable.advertised,
  };
  await lifecycle.begin();
  // Before the logs close, nothing may come any more; before that, leaderships are handed over.
  whenClosed(clientListener.close);
  whenClosed(lifecycle.end);
  clientListener.serve({
    dispatch: createDispatcher({ ...dispatcherOptions, listener: 'broker', table: clientTable, context, forward: channel.forward }),
    limits: {
      maxRequestBytes,
      maxIdleMs,
      maxConnections: () => brokerConfig.value('max.connections'),
      maxConnectionsPerAddress: () => brokerConfig.value('max.connections.per.ip'),
    },
    onOpened: config.onConnectionOpened,
    onClosed: config.onConnectionClosed,
  });

  let closing: Promise<void> | null = null;
  return {
    nodeId,
    clusterId,
    ports,
    controllerId: () => quorum.leaderId,
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** The directory's own account of itself; a new one is given to this node. Throws Error where it is another's. */
function ownDirectory({ disk, random }: Environment, { nodeId, clusterId, dataDirectory }: NodeConfig): MetaProperties {
  const found = readMetaProperties(disk, dataDirectory);
  if (found === null) {
    const made = { clusterId, nodeId, directoryId: createUuid(random.bytes) };
    writeMetaProperties(disk, dataDirectory, made);
    return made;
  }
  if (found.clusterId !== clusterId) throw new Error(`${dataDirectory} belongs to cluster ${found.clusterId}, not to ${clusterId}`);
  if (found.nodeId !== nodeId) throw new Error(`${dataDirectory} belongs to node ${found.nodeId}, not to ${nodeId}`);
  return found;
}
