import type { AdminClient } from '../../admin/admin-client.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { Run } from '../command.js';
import { countLeaders } from '../count-leaders.js';
import type { LedPartition } from '../read-leaders.js';

/** A broker that is in service, or that should be: one that is registered, or that replicas name. */
export interface BrokerState {
  readonly broker: number;
  /** With the port null where it is only known from replicas: a broker that is down, before Kafka 4.1. */
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  readonly alive: boolean;
  readonly leaders: number;
  readonly replicas: number;
}
export interface ClusterBrokers {
  readonly clusterId: string | null;
  /** On ZooKeeper the active controller; in KRaft any live broker. -1 where there is none. */
  readonly controller: number;
  /** By rising id. */
  readonly brokers: readonly BrokerState[];
  /** Of all topics, those of Kafka itself too. */
  readonly partitions: readonly LedPartition[];
}

/** All brokers with what they lead and hold, from two requests. Notes topics that cannot be read. */
export async function readBrokers(admin: AdminClient, { signal, note }: Pick<Run, 'signal' | 'note'>): Promise<ClusterBrokers> {
  const [cluster, topics] = await Promise.all([
    admin.describeCluster({ signal }),
    admin.describeTopics(null, { includeElr: false, signal }),
  ]);
  const partitions: LedPartition[] = [];
  for (const { topic, partitions: states, error } of topics) {
    if (error !== null) note(`kafka-ts: ${topic} is left out: ${error.message} (${error.code})`);
    else for (const { partition, replicas, isr, leader } of states) partitions.push({ topic, partition, replicas, isr, leader });
  }
  const known = new Map(cluster.brokers.map(({ broker, host, port, rack, fenced }) => [broker, { host, port, rack, alive: !fenced }]));
  const ids = [...new Set([...known.keys(), ...partitions.flatMap(({ replicas }) => replicas)])].sort((a, b) => a - b);
  const counts = countLeaders(partitions, ids, (broker) => broker);
  const brokers = ids.map((broker): BrokerState => {
    const { leaders, replicas } = counts.get(broker) ?? { leaders: 0, replicas: 0 };
    return { broker, ...(known.get(broker) ?? gone), leaders, replicas };
  });
  return { clusterId: cluster.clusterId, controller: cluster.controller, brokers, partitions };
}
const gone = { host: null, port: null, rack: null, alive: false } as const;

/** Those that can be asked. */
export const aliveIds = (brokers: readonly BrokerState[]): readonly number[] =>
  brokers.filter(({ alive }) => alive).map(({ broker }) => broker);

/** Why nothing more is known of a broker that does not live, or that the cluster does not have. */
export const brokerFailure = (broker: number, isKnown: boolean): KafkaFailure =>
  isKnown
    ? { code: 'BROKER_NOT_AVAILABLE', message: `Broker ${broker} is down.`, retriable: false }
    : { code: 'BROKER_ID_NOT_REGISTERED', message: `The cluster has no broker ${broker}.`, retriable: false };
