import type { Environment } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { BrokerConfig } from '../config/broker-config.js';
import { ConfigResourceType, type MetadataDelta, type MetadataImage, type TopicImage } from '../controller/image.js';
import { Log, type LogOptions } from '../log/log.js';
import type { LogConfig } from '../log/log-config.js';
import { writeLogSummaries } from '../log/log-summary.js';
import type { ControllerChannel } from '../server/controller-channel.js';
import { CheckpointWriter, remembersOthers } from './checkpoints.js';
import { writeCleanShutdownFile } from './clean-shutdown-file.js';
import { errorOfWork } from './error-of-work.js';
import type { FetchSource } from './fetch-parameters.js';
import type { FetchTarget } from './fetch-session.js';
import { FetchSessionCache } from './fetch-session-cache.js';
import { HostedPartitions } from './hosted-partitions.js';
import { breathe, forEachInSlices } from './in-slices.js';
import { IsrChanges } from './isr-changes.js';
import { startIsrExpiration } from './isr-expiration.js';
import type { ClusterView } from './leader-state.js';
import { LogSummaries } from './log-summaries.js';
import { startLogTasks } from './log-tasks.js';
import { Partition, type PartitionSurroundings } from './partition.js';
import { createRecentRecordsBudget } from './recent-records.js';
import { ReplicaFetchers } from './replica-fetchers.js';
import { ReplicationQuota } from './replication-quota.js';
import { closeLogs, openLogs } from './stored-logs.js';

export interface ReplicaManagerOptions {
  readonly nodeId: number;
  readonly environment: Environment;
  /** Holds a directory per partition, and the checkpoint files. */
  readonly dataDirectory: string;
  /** The broker half's live image. */
  readonly metadata: MetadataImage;
  readonly config: BrokerConfig;
  readonly logConfigOf: (topic: string) => LogConfig;
  /** Of this life of the node; negative before it has registered: until then it fetches nothing and changes no ISR. */
  readonly brokerEpoch: () => number;
  /** The way to the active controller, for changes of the ISR. */
  readonly controller: Pick<ControllerChannel, 'request'>;
}

/**
 * The partitions of this node. It follows committed metadata: what is placed here gets a log, what no longer is loses it.
 * Source: Kafka's ReplicaManager and LogManager.
 */
export class ReplicaManager {
  readonly fetchSessions: FetchSessionCache;
  readonly #options: ReplicaManagerOptions;
  readonly #partitions = new HostedPartitions();
  readonly #checkpoints: CheckpointWriter;
  readonly #summaries: LogSummaries;
  readonly #fetchers: ReplicaFetchers;
  readonly #leaderQuota: ReplicationQuota;
  readonly #isrChanges: IsrChanges;
  readonly #cluster: ClusterView;
  readonly #surroundings: PartitionSurroundings;
  #isStarted = false;
  /** The checkpoint files may tell of a partition that was removed. */
  #isRemembered = false;
  #stopTasks: () => Promise<void> = () => Promise.resolve();
  #stopIsrExpiration: () => void = () => {};

  constructor(options: ReplicaManagerOptions) {
    this.#options = options;
    const { nodeId, environment, config, metadata, brokerEpoch, controller } = options;
    const { clock, disk, random, log } = environment;
    this.#checkpoints = new CheckpointWriter(disk, options.dataDirectory);
    this.#summaries = new LogSummaries(environment, options.dataDirectory);
    this.fetchSessions = new FetchSessionCache({
      maxSessions: config.value('max.incremental.fetch.session.cache.slots'),
      monotonicMs: clock.monotonicMs,
      uniform: random.uniform,
    });
    this.#cluster = {
      nodeId,
      brokerEpoch,
      monotonicMs: clock.monotonicMs,
      replicaLagTimeMaxMs: () => config.value('replica.lag.time.max.ms'),
      brokerOf: (brokerId) => metadata.brokers.get(brokerId),
    };
    this.#isrChanges = new IsrChanges({ nodeId, clock, brokerEpoch, controller, log });
    this.#surroundings = {
      cluster: this.#cluster,
      recentRecordsBudget: createRecentRecordsBudget(),
      changeIsr: ({ topicId, topicPartition: { partition } }, proposal, settle) =>
        this.#isrChanges.submit({ topicId, partition, proposal, settle }),
    };
    this.#leaderQuota = new ReplicationQuota({ side: 'leader', nodeId, clock, config });
    this.#fetchers = new ReplicaFetchers({
      quota: new ReplicationQuota({ side: 'follower', nodeId, clock, config }),
      ...{ nodeId, environment, config, metadata, brokerEpoch },
      partitionOf: (topicId, index) => this.partition(topicId, index),
      // As LogManager.truncateTo.
      onTruncated: () => this.#orLog('the checkpoint of recovery points', () => this.#checkpoints.writeRecoveryPoints(this.partitions)),
      errorOf: (error, partition) => this.errorOf(error, partition),
    });
  }

  /** The partition that this node hosts, or null. */
  partition(topicId: Uuid, partition: number): Partition | null {
    return this.#partitions.get(topicId, partition);
  }

  /** All of them, in no order that means something. */
  get partitions(): readonly Partition[] {
    return this.#partitions.all;
  }

  /**
   * Opens the logs on disk that metadata knows, sets the others aside, takes on what metadata says by then, and begins the tasks on
   * logs. Rejects with the disk's error.
   */
  async start(): Promise<void> {
    const { environment, dataDirectory } = this.#options;
    const checkpoints = await openLogs(environment, dataDirectory, {
      isPlacedHere: (topicId, topicPartition) => this.#isPlacedHere(topicId, topicPartition),
      optionsOf: (topicId, topicPartition) => this.#logOptions(topicId, topicPartition),
      onOpened: (log, topicId, highWatermark) => this.#partitions.add(new Partition({ log, topicId, highWatermark }, this.#surroundings)),
    });
    // Before new logs come: what the cleaner remembers is of those on disk.
    this.#stopTasks = startLogTasks({
      ...this.#options,
      checkpoints: this.#checkpoints,
      summaries: this.#summaries,
      partitions: () => this.partitions,
    });
    this.#isStarted = true;
    this.#isRemembered = remembersOthers(checkpoints, this.partitions);
    await this.#catchUp();
    this.#forgetRemoved();
    this.#stopIsrExpiration = startIsrExpiration({
      clock: environment.clock,
      lagTimeMaxMs: this.#cluster.replicaLagTimeMaxMs,
      partitions: () => this.partitions,
    });
  }

  /** Takes on a change of committed metadata, after the image holds it. */
  onMetadata(delta: MetadataDelta): void {
    if (!this.#isStarted) return;
    const { metadata, nodeId } = this.#options;
    for (const { id } of delta.deletedTopics) for (const index of this.#partitions.of(id).keys()) this.#remove(id, index);
    this.#forgetRemoved();
    for (const [topicId, indexes] of delta.changedPartitions) {
      const topic = metadata.topics.byId.get(topicId);
      if (topic !== undefined) for (const index of indexes) this.#update(topic, index);
    }
    this.#forgetRemoved();
    this.#fetchers.closeIdle();
    for (const { resourceType, resourceName } of delta.changedConfigs) {
      if (resourceType === ConfigResourceType.topic) this.#updateConfigs(metadata.topics.byName.get(resourceName)?.id);
      if (resourceType === ConfigResourceType.broker && ['', String(nodeId)].includes(resourceName)) {
        for (const topicId of this.#partitions.topicIds) this.#updateConfigs(topicId);
      }
    }
    if (delta.changedConfigs.length > 0) this.#fetchers.onQuotaChange();
    if (delta.changedBrokers.size > 0) for (const partition of this.partitions) partition.reviewHighWatermark();
  }

  /**
   * Ends the waits and the tasks, syncs and closes the logs, writes the checkpoints and, last, that this was an orderly stop. Call it when no
   * request comes any more. Rejects with the disk's error; the next start then recovers the logs.
   */
  async close(brokerEpoch: number): Promise<void> {
    const { environment, dataDirectory } = this.#options;
    this.#fetchers.close();
    this.#isrChanges.close();
    this.#stopIsrExpiration();
    const { partitions } = this;
    for (const { waiters } of partitions) waiters.end();
    await this.#stopTasks();
    if (!this.#isStarted) return;
    this.#isStarted = false;
    const summaries = await closeLogs(
      environment.clock,
      partitions.map(({ log }) => log),
    );
    await this.#checkpoints.writeAllInSlices(environment.clock, partitions);
    await breathe(environment.clock);
    writeLogSummaries(environment.disk, dataDirectory, summaries, { sync: true });
    writeCleanShutdownFile(environment.disk, dataDirectory, brokerEpoch);
  }

  /** What a fetch reads from. */
  get fetchSource(): FetchSource {
    return {
      clock: this.#options.environment.clock,
      partitionOf: (target) => this.#partitionOf(target),
      errorOf: (error, { topic, partition }) => this.errorOf(error, `${topic}-${partition}`),
      quota: this.#leaderQuota,
    };
  }

  /** What to answer for an error that work on a partition threw: see `errorOfWork`. */
  errorOf(error: unknown, partition: string): ErrorName {
    return errorOfWork(error, partition, this.#options.environment.log);
  }

  #partitionOf({ topic, topicId, partition }: FetchTarget): Partition | ErrorName {
    const image = topic === null ? undefined : this.#options.metadata.topics.byName.get(topic);
    if (image?.partitions[partition] === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    if (topicId !== ZERO_UUID && topicId !== image.id) return 'INCONSISTENT_TOPIC_ID';
    return this.partition(image.id, partition) ?? 'NOT_LEADER_OR_FOLLOWER';
  }

  #isPlacedHere(topicId: Uuid, { topic, partition }: TopicPartition): boolean {
    const image = this.#options.metadata.topics.byId.get(topicId);
    return image?.name === topic && image.partitions[partition]?.replicas.includes(this.#options.nodeId) === true;
  }

  /** Brings every partition to what the image says, which may change on the way. */
  async #catchUp(): Promise<void> {
    const { clock } = this.#options.environment;
    const { byId } = this.#options.metadata.topics;
    await forEachInSlices(clock, this.#partitions.topicIds, (topicId) => {
      if (!byId.has(topicId)) for (const index of this.#partitions.of(topicId).keys()) this.#remove(topicId, index);
    });
    await forEachInSlices(clock, byId.values(), (topic) => {
      for (const index of topic.partitions.keys()) this.#update(topic, index);
    });
  }

  #update(topic: TopicImage, index: number): void {
    const image = topic.partitions[index];
    if (image === undefined) return;
    if (image.replicas.includes(this.#options.nodeId)) {
      const partition = this.partition(topic.id, index) ?? this.#create(topic.id, { topic: topic.name, partition: index });
      const isNewEpoch = partition.updateMetadata(image);
      if (partition.isLeader) this.#fetchers.unfollow(partition);
      else if (isNewEpoch) this.#fetchers.follow(partition);
    } else this.#remove(topic.id, index);
  }

  #create(topicId: Uuid, topicPartition: TopicPartition): Partition {
    const log = Log.create(this.#options.environment, this.#logOptions(topicId, topicPartition));
    return this.#partitions.add(new Partition({ log, topicId, highWatermark: 0n }, this.#surroundings));
  }

  #logOptions(topicId: Uuid, { topic, partition }: TopicPartition): LogOptions & { readonly topicId: Uuid } {
    const { dataDirectory, config, logConfigOf, metadata } = this.#options;
    const { id, name } = metadata.topics.byId.get(topicId) ?? { id: topicId, name: topic };
    return {
      dataDirectory,
      topicPartition: { topic: name, partition },
      topicId: id,
      config: logConfigOf(name),
      producerIdExpirationMs: config.value('producer.id.expiration.ms'),
      onRewrite: this.#summaries.forget,
    };
  }

  #remove(topicId: Uuid, index: number): void {
    const partition = this.partition(topicId, index);
    if (partition === null) return;
    this.#fetchers.unfollow(partition);
    this.#partitions.remove(partition);
    this.#isRemembered ||= partition.log.recoveryPoint > 0n || partition.log.startOffset > 0n;
    // Committed metadata holds whatever the disk says; the next start sets aside what was left.
    this.#orLog(String(partition), () => partition.delete());
  }

  /** The checkpoints of a removed partition must not be taken for those of the next one with its name. */
  #forgetRemoved(): void {
    if (!this.#isRemembered) return;
    this.#isRemembered = false;
    this.#orLog('the checkpoint files', () => this.#checkpoints.writeAll(this.partitions));
  }

  #orLog(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.errorOf(error, what);
    }
  }

  #updateConfigs(topicId: Uuid | undefined): void {
    if (topicId === undefined) return;
    for (const partition of this.#partitions.of(topicId).values()) {
      partition.log.updateConfig(this.#options.logConfigOf(partition.topicPartition.topic));
      partition.reviewHighWatermark();
      // What waits may be throttled no more.
      partition.waiters.wake();
    }
  }
}
