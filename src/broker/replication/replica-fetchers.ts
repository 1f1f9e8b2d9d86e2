import type { Environment } from '../../environment/environment.js';
import type { BrokerConfig } from '../config/broker-config.js';
import type { MetadataImage } from '../controller/image.js';
import { createLeaderConnection } from './leader-connection.js';
import type { Partition } from './partition.js';
import { ReplicaFetcher, type ReplicaFetcherOptions } from './replica-fetcher.js';

export interface ReplicaFetchersOptions
  extends Pick<ReplicaFetcherOptions, 'nodeId' | 'brokerEpoch' | 'partitionOf' | 'onTruncated' | 'errorOf' | 'quota'> {
  readonly environment: Environment;
  readonly config: BrokerConfig;
  /** The broker half's live image. */
  readonly metadata: MetadataImage;
}

/**
 * The fetchers of a node, one for each broker that leads something it follows. Source: ReplicaFetcherManager, with num.replica.fetchers=1.
 */
export class ReplicaFetchers {
  readonly #options: ReplicaFetchersOptions;
  readonly #byLeader = new Map<number, ReplicaFetcher>();
  readonly #leaderOf = new Map<Partition, number>();

  constructor(options: ReplicaFetchersOptions) {
    this.#options = options;
  }

  /** Follows the partition's leader of now from the log's end on; a negative leader is nobody. */
  follow(partition: Partition): void {
    this.unfollow(partition);
    const { leaderId } = partition;
    if (leaderId < 0) return;
    let fetcher = this.#byLeader.get(leaderId);
    if (fetcher === undefined) {
      fetcher = this.#create(leaderId);
      this.#byLeader.set(leaderId, fetcher);
    }
    this.#leaderOf.set(partition, leaderId);
    fetcher.add(partition);
  }

  unfollow(partition: Partition): void {
    const leaderId = this.#leaderOf.get(partition);
    if (leaderId === undefined) return;
    this.#leaderOf.delete(partition);
    this.#byLeader.get(leaderId)?.remove(partition);
  }

  /** What is throttled, or the limit, may be another. */
  onQuotaChange(): void {
    for (const fetcher of this.#byLeader.values()) fetcher.onQuotaChange();
  }

  /** Ends the connections that nothing is fetched over. To be called after a change of metadata, not within one. */
  closeIdle(): void {
    for (const [leaderId, fetcher] of this.#byLeader) {
      if (fetcher.size > 0) continue;
      fetcher.close();
      this.#byLeader.delete(leaderId);
    }
  }

  close(): void {
    for (const fetcher of this.#byLeader.values()) fetcher.close();
    this.#byLeader.clear();
    this.#leaderOf.clear();
  }

  #create(leaderId: number): ReplicaFetcher {
    const { environment, config, metadata, nodeId, brokerEpoch, partitionOf, onTruncated, errorOf, quota } = this.#options;
    const connection = createLeaderConnection({
      environment,
      clientId: `broker-${nodeId}-fetcher-0`,
      address: () => metadata.brokers.get(leaderId)?.endPoints[0] ?? null,
      timeoutMs: () => config.value('replica.socket.timeout.ms'),
    });
    const limits = {
      backoffMs: () => config.value('replica.fetch.backoff.ms'),
      maxBytes: () => config.value('replica.fetch.max.bytes'),
      minBytes: () => config.value('replica.fetch.min.bytes'),
      responseMaxBytes: () => config.value('replica.fetch.response.max.bytes'),
      waitMaxMs: () => config.value('replica.fetch.wait.max.ms'),
    };
    return new ReplicaFetcher({ environment, connection, nodeId, brokerEpoch, partitionOf, onTruncated, errorOf, quota, limits });
  }
}
