import type { Environment } from '../../environment/environment.js';
import type { Uuid } from '../../model/uuid.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { MetadataImage } from '../controller/image.js';
import type { GroupCoordinator } from '../coordinator/group-coordinator.js';
import type { LogConfig } from '../log/log-config.js';
import type { ReplicaManager } from '../replication/replica-manager.js';
import type { AdvertisedApi } from './api-table.js';
import type { ControllerChannel } from './controller-channel.js';

/**
 * What the node offers to the handlers of its client listener. node.ts makes one per life of a node.
 *
 * The broker half sees the cluster only through `metadata`, which its own copy of the metadata log feeds; it never reads the
 * controller's objects, even where both run in one process.
 */
export interface BrokerContext {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  /** Changes with each registration; what replicas fence each other by. -1 before the first. */
  readonly brokerEpoch: () => number;
  readonly environment: Environment;
  /** Live: the same object for the life of the node. */
  readonly metadata: MetadataImage;
  /** This broker's configs, dynamic changes included. */
  readonly config: BrokerConfig;
  /** The configs of a topic as its logs take them: what is set on the topic, else on the broker, else Kafka's defaults. */
  readonly logConfigOf: (topic: string) => LogConfig;
  readonly replicas: ReplicaManager;
  /** The groups that this broker coordinates. */
  readonly groups: GroupCoordinator;
  /** The way to the active controller. */
  readonly controller: ControllerChannel;
  /** A producer id that no other broker gives out; blocks come from the controller. Rejects with KafkaError. */
  readonly nextProducerId: () => Promise<bigint>;
  /** What ApiVersions answers on the client listener. */
  readonly advertisedApis: readonly AdvertisedApi[];
  /** Absolute or as it was given: DescribeLogDirs names it. */
  readonly dataDirectory: string;
  /** It cannot be written now. */
  readonly isLogDirectoryOffline: () => boolean;
}
