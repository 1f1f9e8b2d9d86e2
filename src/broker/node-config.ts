import type { Uuid } from '../model/uuid.js';
import { brokerConfigDefinitions, isBrokerConfigName } from './config/broker-config-definitions.js';
import type { MetadataImage } from './controller/image.js';
import type { Quorum, Voter } from './controller/quorum.js';
import type { ReplicaManager } from './replication/replica-manager.js';
import type { Intercept } from './server/dispatcher.js';
import { CLIENT_LISTENER, CONTROLLER_LISTENER } from './server/listener-names.js';

/** One life of a node. */
export interface NodeConfig {
  readonly nodeId: number;
  /** Where it listens and where clients are told to go. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly clientPort: number;
  /** Null for a node that is no voter, and has no controller. */
  readonly controllerPort: number | null;
  readonly rack: string | null;
  /** Its own; made where it is absent. */
  readonly dataDirectory: string;
  /** The directory must belong to it; a new one does from now on. */
  readonly clusterId: Uuid;
  /** Static configs by Kafka's names. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Called for each connection of a client, with its first request; not for those of other brokers. */
  readonly onConnectionOpened?: () => void;
  readonly onConnectionClosed?: () => void;
  /**
   * Called with what the node is made of as soon as that is there, long before the node is ready: for who watches it. To look at, not to
   * change.
   */
  readonly onQuorum?: (quorum: Quorum, metadata: MetadataImage) => void;
  readonly onReplicas?: (replicas: ReplicaManager) => void;
  /** What a test may do to requests. */
  readonly intercept?: Intercept;
}

/**
 * The node's static configs: what it was given, and what follows of where it is. Throws KafkaError INVALID_CONFIG for a value that Kafka
 * would refuse. `ignored` are names that do nothing here.
 */
export function staticConfigs(
  config: NodeConfig,
  ports: { readonly client: number; readonly controller: number | null },
  voters: readonly Voter[],
): { readonly configs: ReadonlyMap<string, string>; readonly ignored: readonly string[] } {
  const { nodeId, host, rack, dataDirectory } = config;
  const given = Object.entries(config.configs ?? {});
  const client = `${CLIENT_LISTENER}://${host}:${ports.client}`;
  const isController = voters.some(({ id }) => id === nodeId);
  const own: readonly (readonly [string, string])[] = [
    ['node.id', String(nodeId)],
    ['process.roles', isController ? 'broker,controller' : 'broker'],
    ['listeners', isController ? `${client},${CONTROLLER_LISTENER}://${host}:${ports.controller}` : client],
    ['advertised.listeners', client],
    ['controller.listener.names', CONTROLLER_LISTENER],
    ['controller.quorum.voters', voters.map((voter) => `${voter.id}@${voter.host}:${voter.port}`).join(',')],
    ['log.dirs', dataDirectory],
    ...(rack === null ? [] : [['broker.rack', rack] as const]),
  ];
  const configs = new Map([...given, ...own]);
  const ignored: string[] = [];
  for (const [name, value] of configs) {
    if (isBrokerConfigName(name)) brokerConfigDefinitions[name].parse(name, value);
    else ignored.push(name);
  }
  return { configs, ignored };
}
