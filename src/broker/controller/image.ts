import type { Uuid } from '../../model/uuid.js';

/**
 * What committed metadata says. The containers are live (they grow and change as records are replayed), the values in them are
 * not: whoever keeps a TopicImage's PartitionImage keeps it as it was. So read the image within one synchronous step, and read it
 * again after an `await`.
 */
export interface MetadataImage {
  /** Offset of the last record applied, -1n before the first. */
  readonly offset: bigint;
  /** Of the metadata log, at that record. */
  readonly leaderEpoch: number;
  readonly topics: TopicsImage;
  readonly brokers: ReadonlyMap<number, BrokerImage>;
  readonly partitionsOf: PartitionsOfBrokers;
  /** Controllers that have told where they are (KIP-919). */
  readonly controllers: ReadonlyMap<number, ControllerImage>;
  /** Configs that were set, never defaults. A broker's key is its id, '' the default of all brokers. */
  readonly configs: ConfigsImage;
  /** Finalized feature levels, such as metadata.version. */
  readonly features: ReadonlyMap<string, number>;
  readonly nextProducerId: bigint;
}
export interface TopicsImage {
  readonly byId: ReadonlyMap<Uuid, TopicImage>;
  readonly byName: ReadonlyMap<string, TopicImage>;
}
export interface TopicImage {
  readonly id: Uuid;
  readonly name: string;
  /** By partition number, without gaps. */
  readonly partitions: readonly PartitionImage[];
}
/** Never changed: a new one takes its place. */
export interface PartitionImage {
  /** The first is the preferred leader. */
  readonly replicas: readonly number[];
  /** Ids of the log directories, one per replica. */
  readonly directories: readonly Uuid[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  /** NO_LEADER where nobody leads. */
  readonly leader: number;
  /** A LeaderRecoveryState. */
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  /** Rises with every change of the partition's metadata. */
  readonly partitionEpoch: number;
}
export const NO_LEADER = -1;
/** Whether a leader that was elected unclean has yet to make itself whole. */
export const LeaderRecoveryState = { recovered: 0, recovering: 1 } as const;

/** Partitions by topic id and number; the sets are live. */
export interface PartitionsOfBrokers {
  /** Of NO_LEADER those that nobody leads. */
  readonly ledBy: (brokerId: number) => ReadonlyMap<Uuid, ReadonlySet<number>>;
  readonly withIsrMember: (brokerId: number) => ReadonlyMap<Uuid, ReadonlySet<number>>;
  readonly withElrMember: (brokerId: number) => ReadonlyMap<Uuid, ReadonlySet<number>>;
}

export interface BrokerImage {
  readonly id: number;
  readonly epoch: number;
  /** Of the record that registered it last: a broker that has come so far knows that it is registered. */
  readonly registrationOffset: bigint;
  readonly incarnationId: Uuid;
  readonly endPoints: readonly EndPoint[];
  readonly features: readonly { readonly name: string; readonly minSupportedVersion: number; readonly maxSupportedVersion: number }[];
  readonly rack: string | null;
  readonly isFenced: boolean;
  readonly isInControlledShutdown: boolean;
  readonly logDirectories: readonly Uuid[];
}
export interface ControllerImage {
  readonly id: number;
  readonly incarnationId: Uuid;
  readonly endPoints: readonly EndPoint[];
  readonly features: BrokerImage['features'];
}
export interface EndPoint {
  /** The listener's name, such as PLAINTEXT. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}

/** Kafka's ConfigResource.Type. */
export const ConfigResourceType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
export interface ConfigsImage {
  /** Empty where nothing is set. */
  readonly of: (resourceType: number, resourceName: string) => ReadonlyMap<string, string>;
  /** Resources for which something is set. */
  readonly all: () => Iterable<ConfigSettings>;
}
export interface ConfigSettings {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** What one step of replay changed. */
export interface MetadataDelta {
  /** Topics that are new or of which a partition changed, with the numbers of those partitions. Deleted topics are not among them. */
  readonly changedPartitions: ReadonlyMap<Uuid, ReadonlySet<number>>;
  readonly deletedTopics: readonly TopicImage[];
  readonly changedBrokers: ReadonlySet<number>;
  readonly changedConfigs: readonly { readonly resourceType: number; readonly resourceName: string }[];
}
