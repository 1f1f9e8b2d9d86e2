import { fenceBroker, unfenceBroker } from '../../../src/broker/controller/broker-changes.js';
import type { PartitionImage } from '../../../src/broker/controller/image.js';
import { decideCreateTopics } from '../../../src/broker/controller/topics.js';
import type { ControlledCluster } from './controlled-cluster.js';
import { type ClusterOptions, createControlledCluster } from './controlled-cluster.js';

/** A cluster with one topic, `a`, of one partition unless told otherwise, which has a replica on each broker; the first leads. */
export interface ReplicatedPartition extends ControlledCluster {
  readonly topicId: string;
  readonly partition: () => PartitionImage;
  readonly fence: (brokerId: number) => void;
  readonly unfence: (brokerId: number) => void;
}

/** Three brokers and Kafka's default configs unless told otherwise. */
export function createReplicatedPartition(
  topicConfigs: Readonly<Record<string, string>> = {},
  options: ClusterOptions & { readonly replicas?: readonly number[]; readonly partitionCount?: number } = {},
): ReplicatedPartition {
  const cluster = createControlledCluster({ racks: [null, null, null], ...options });
  const { image, context } = cluster;
  const topic = {
    ...{ name: 'a', numPartitions: -1, replicationFactor: -1 },
    assignments: Array.from({ length: options.partitionCount ?? 1 }, (_, partitionIndex) => ({
      partitionIndex,
      brokerIds: options.replicas ?? [...image.brokers.keys()],
    })),
    configs: Object.entries(topicConfigs).map(([name, value]) => ({ name, value })),
  };
  const { topics } = cluster.apply(decideCreateTopics(context, { topics: [topic], timeoutMs: 1, validateOnly: false }));
  const topicId = topics[0]?.topicId ?? '';
  const broker = (id: number) => {
    const found = image.brokers.get(id);
    if (found === undefined) throw new Error(`no broker ${id}`);
    return found;
  };
  return {
    ...cluster,
    topicId,
    partition: () => {
      const found = image.topics.byName.get('a')?.partitions[0];
      if (found === undefined) throw new Error('no partition');
      return found;
    },
    fence: (id) => cluster.replay(...fenceBroker(context, broker(id)).records),
    unfence: (id) => cluster.replay(...unfenceBroker(context, broker(id)).records),
  };
}
