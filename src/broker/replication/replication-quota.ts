import type { Clock } from '../../environment/environment.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { Partition } from './partition.js';
import { SampledRate } from './sampled-rate.js';

/** Which half of replication is limited: what leaders send, or what followers take. */
export type ReplicationSide = 'leader' | 'follower';

export interface ReplicationQuotaOptions {
  readonly side: ReplicationSide;
  readonly nodeId: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly config: BrokerConfig;
}

/**
 * How much a second this node may replicate of the partitions that are throttled here (KIP-73). What is throttled are replicas, by topic;
 * the limit is the broker's, over all of them together. What is in sync counts but is never held back, so that no throttle shrinks an
 * ISR. Source: ReplicationQuotaManager.
 */
export class ReplicationQuota {
  readonly #options: ReplicationQuotaOptions;
  readonly #rate: SampledRate;
  /** By the topic's list, which is another one whenever it changes. */
  readonly #throttled = new WeakMap<readonly string[], ReadonlySet<number> | 'all'>();

  constructor(options: ReplicationQuotaOptions) {
    this.#options = options;
    this.#rate = new SampledRate({
      windows: options.config.value('replication.quota.window.num'),
      windowMs: options.config.value('replication.quota.window.size.seconds') * 1000,
    });
  }

  /** Whether the topic lists this node's replica of the partition. */
  isThrottled({ log: { config }, topicPartition }: Pick<Partition, 'log' | 'topicPartition'>): boolean {
    const { side, nodeId } = this.#options;
    const replicas = side === 'leader' ? config.leaderReplicationThrottledReplicas : config.followerReplicationThrottledReplicas;
    if (replicas.length === 0) return false;
    let partitions = this.#throttled.get(replicas);
    if (partitions === undefined) {
      partitions = throttledPartitions(replicas, nodeId);
      this.#throttled.set(replicas, partitions);
    }
    return partitions === 'all' || partitions.has(topicPartition.partition);
  }

  get isExceeded(): boolean {
    const limit = this.#bytesPerSecond;
    return limit < Number.POSITIVE_INFINITY && this.#rate.perSecond(this.#options.clock.monotonicMs()) > limit;
  }
  /** When it may not be exceeded any more, in monotonic milliseconds. */
  get freeAtMs(): number {
    return this.#rate.fallsTo(this.#bytesPerSecond, this.#options.clock.monotonicMs());
  }

  /** Whether nothing is to be replicated of the partition for now. */
  holdsBack(partition: Partition, isReplicaInSync: boolean): boolean {
    return !isReplicaInSync && this.isThrottled(partition) && this.isExceeded;
  }

  /** So many bytes of throttled partitions were replicated. */
  record(bytes: number): void {
    if (bytes > 0) this.#rate.record(bytes, this.#options.clock.monotonicMs());
  }

  get #bytesPerSecond(): number {
    const { side, config } = this.#options;
    const name = `${side}.replication.throttled.rate` as const;
    return config.textOf(name) === null ? Number.POSITIVE_INFINITY : config.value(name);
  }
}

/** The partitions of a topic whose replica on this node is listed, as `partition:broker`, or `*` for all. Source: TopicConfigHandler. */
function throttledPartitions(replicas: readonly string[], nodeId: number): ReadonlySet<number> | 'all' {
  if (replicas.includes('*')) return 'all';
  const partitions = new Set<number>();
  for (const replica of replicas) {
    const [partition, broker] = replica.split(':');
    if (broker !== undefined && Number(broker) === nodeId) partitions.add(Number(partition));
  }
  return partitions;
}
