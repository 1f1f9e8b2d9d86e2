import type { AdminClient } from '../admin/admin-client.js';
import { KafkaError } from '../model/errors.js';
import type { TopicPartition } from '../model/topic-partition.js';
import type { Run } from './command.js';
import { isInScope, type TopicScope } from './topic-scope.js';

/** Who leads what: the part of a cluster that leader balance is about. */
export interface ClusterLeaders {
  readonly clusterId: string;
  /** By rising id. Brokers that replicas name and the cluster does not list are not alive. */
  readonly brokers: readonly LeaderBroker[];
  /** By topic and number. */
  readonly partitions: readonly LedPartition[];
}
export interface LeaderBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly alive: boolean;
}
export interface LedPartition extends TopicPartition {
  /** In Kafka's order: the first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 where there is none. */
  readonly leader: number;
}

/**
 * The partitions of a scope, and all brokers. Throws KafkaError where a topic that is named is unknown; notes topics that cannot be read.
 */
export async function readLeaders(admin: AdminClient, scope: TopicScope, { signal, note }: Run): Promise<ClusterLeaders> {
  const [cluster, topics] = await Promise.all([
    admin.describeCluster({ signal }),
    admin.describeTopics(scope.names.length > 0 ? scope.names : null, { includeElr: false, signal }),
  ]);
  const partitions: LedPartition[] = [];
  for (const description of topics) {
    const { topic, error } = description;
    if (error === null) {
      if (!isInScope(scope, topic, description.internal)) continue;
      for (const { partition, replicas, isr, leader } of description.partitions)
        partitions.push({ topic, partition, replicas, isr, leader });
    } else if (scope.names.length > 0) {
      throw KafkaError.of({ ...error, message: `${topic}: ${error.message}` });
    } else note(`kafka-ts: ${topic} is left out: ${error.message} (${error.code})`);
  }
  if (scope.pattern !== null && partitions.length === 0) note(`kafka-ts: no topic matches '${scope.pattern}'`);
  const brokers = new Map<number, LeaderBroker>();
  for (const { broker, rack, fenced } of cluster.brokers) brokers.set(broker, { id: broker, rack, alive: !fenced });
  for (const { replicas } of partitions) for (const id of replicas) if (!brokers.has(id)) brokers.set(id, { id, rack: null, alive: false });
  return { clusterId: cluster.clusterId ?? 'unknown', brokers: [...brokers.values()].sort((a, b) => a.id - b.id), partitions };
}
