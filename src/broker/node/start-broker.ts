import type { Environment } from '../../environment/environment.js';
import type { Uuid } from '../../model/uuid.js';
import type { BrokerConfig } from '../config/broker-config.js';
import { logConfigOf } from '../config/topic-config.js';
import { ConfigResourceType } from '../controller/image.js';
import type { MetadataFollower } from '../controller/metadata-follower.js';
import { GroupCoordinator } from '../coordinator/group-coordinator.js';
import type { LogConfig } from '../log/log-config.js';
import type { NodeConfig } from '../node-config.js';
import { readCleanShutdownFile } from '../replication/clean-shutdown-file.js';
import { ReplicaManager } from '../replication/replica-manager.js';
import { createApiTable } from '../server/api-table.js';
import type { BrokerContext } from '../server/broker-context.js';
import { type BrokerLifecycle, createBrokerLifecycle } from '../server/broker-lifecycle.js';
import type { ControllerChannel } from '../server/controller-channel.js';
import { createDispatcher } from '../server/dispatcher.js';
import { forwardedApis } from '../server/forwarded-apis.js';
import { brokerHandlers, controllerHandlers } from '../server/handlers.js';
import type { ListenerLimits, ServerListener } from '../server/listener.js';
import { CLIENT_LISTENER, PLAINTEXT } from '../server/listener-names.js';
import { createProducerIds } from '../server/producer-ids.js';
import { watchClientConnections } from './client-connections.js';
import type { Closer } from './closer.js';
import type { LogDirectoryState } from './log-directory-state.js';

export interface BrokerHalf {
  readonly config: NodeConfig;
  readonly brokerConfig: BrokerConfig;
  /** Of the node's data directory. */
  readonly directoryId: Uuid;
  readonly logDirectory: Pick<LogDirectoryState, 'isOffline'>;
  readonly follower: MetadataFollower;
  readonly channel: ControllerChannel;
  readonly listener: ServerListener;
  readonly limits: Pick<ListenerLimits, 'maxRequestBytes' | 'maxIdleMs'>;
}

export interface StartedBroker {
  readonly replicas: ReplicaManager;
  readonly lifecycle: BrokerLifecycle;
}

/** The broker half of a node: resolves when it is registered and unfenced and answers clients. */
export async function startBroker(environment: Environment, half: BrokerHalf, closer: Closer): Promise<StartedBroker> {
  const { config, brokerConfig, directoryId, logDirectory, follower, channel, listener, limits } = half;
  const { nodeId, clusterId, dataDirectory, host, rack, intercept } = config;
  const { image: metadata } = follower;
  const lifecycle = createBrokerLifecycle({
    ...{ nodeId, clusterId, directoryId, rack, environment, controller: channel, metadata: follower },
    endPoints: [{ name: CLIENT_LISTENER, host, port: listener.port, securityProtocol: PLAINTEXT }],
    previousBrokerEpoch: Number(readCleanShutdownFile(environment.disk, dataDirectory) ?? -1),
    registrationTimeoutMs: () => brokerConfig.value('initial.broker.registration.timeout.ms'),
    heartbeatIntervalMs: () => brokerConfig.value('broker.heartbeat.interval.ms'),
    sessionTimeoutMs: () => brokerConfig.value('broker.session.timeout.ms'),
  });
  const logConfig = cachedLogConfigs(follower, brokerConfig);
  const replicas = new ReplicaManager({
    ...{ nodeId, environment, dataDirectory, metadata },
    config: brokerConfig,
    logConfigOf: logConfig,
    brokerEpoch: lifecycle.brokerEpoch,
    controller: channel,
  });
  follower.onChange((delta) => replicas.onMetadata(delta));
  config.onReplicas?.(replicas);
  const groups = new GroupCoordinator({ environment, config: brokerConfig, metadata, replicas, controller: channel });
  follower.onChange((delta) => groups.onMetadata(delta));

  const table = createApiTable(
    brokerHandlers,
    controllerHandlers.filter(({ api: { key } }) => forwardedApis.has(key) && !brokerHandlers.some(({ api }) => api.key === key)),
  );
  const context: BrokerContext = {
    ...{ nodeId, clusterId, environment, metadata, replicas, groups, dataDirectory },
    isLogDirectoryOffline: logDirectory.isOffline,
    brokerEpoch: lifecycle.brokerEpoch,
    config: brokerConfig,
    logConfigOf: logConfig,
    controller: channel,
    nextProducerId: createProducerIds(nodeId, lifecycle.brokerEpoch, channel),
    advertisedApis: table.advertised,
  };
  await lifecycle.begin(async () => {
    // Not before all that was committed is known: with a part of it, the logs of all other topics would look like nobody's.
    await replicas.start();
    closer.add(() => replicas.close(lifecycle.brokerEpoch()));
    groups.start();
  });
  // Before the logs close, nothing may come any more; before that, leaderships are handed over.
  closer.add(listener.close);
  // Nor may anybody wait for other members of a group.
  closer.add(() => groups.close());
  closer.add(lifecycle.end);
  const clients = watchClientConnections(config.onConnectionOpened, config.onConnectionClosed);
  listener.serve({
    dispatch: createDispatcher({
      ...{ nodeId, intercept, table, context },
      listener: 'broker',
      onRequest: clients.onRequest,
      forward: channel.forward,
      after: environment.clock.after,
      log: environment.log,
    }),
    limits: {
      ...limits,
      maxConnections: () => brokerConfig.value('max.connections'),
      maxConnectionsPerAddress: () => brokerConfig.value('max.connections.per.ip'),
    },
    onClosed: clients.onClosed,
  });
  return { replicas, lifecycle };
}

/** All partitions of a topic share one, and all topics without configs of their own, until some config changes. */
function cachedLogConfigs(follower: MetadataFollower, brokerConfig: BrokerConfig): (topic: string) => LogConfig {
  const { image } = follower;
  const logConfigs = new Map<string, LogConfig>();
  follower.onChange(({ changedConfigs, deletedTopics }) => {
    if (changedConfigs.length > 0 || deletedTopics.length > 0) logConfigs.clear();
  });
  return (topic) => {
    const settings = image.configs.of(ConfigResourceType.topic, topic);
    const key = settings.size === 0 ? '' : topic;
    const known = logConfigs.get(key) ?? logConfigOf(settings, brokerConfig);
    logConfigs.set(key, known);
    return known;
  };
}
