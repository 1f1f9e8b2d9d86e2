import type { Environment } from '../../environment/environment.js';
import type { ErrorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import { initializeCompression } from '../../protocol/records/compression.js';
import type { BrokerConfig } from '../config/broker-config.js';
import { ConfigResourceType, type MetadataDelta, type MetadataImage, type TopicImage } from '../controller/image.js';
import { Log, type LogOptions } from '../log/log.js';
import type { LogConfig } from '../log/log-config.js';
import { CheckpointWriter, offsetsOf, readCheckpoints, remembersOthers } from './checkpoints.js';
import { readCleanShutdownFile, removeCleanShutdownFile, writeCleanShutdownFile } from './clean-shutdown-file.js';
import type { FetchSource } from './fetch-records.js';
import type { FetchTarget } from './fetch-session.js';
import { FetchSessionCache } from './fetch-session-cache.js';
import { findLogDirectories, type LogDirectory, removeDeleted, setAside } from './log-directories.js';
import { startLogTasks } from './log-tasks.js';
import { Partition } from './partition.js';

/** Syncing is slow and waits for the disk alone; more at once would only hold more descriptors. */
const closedAtOnce = 16;

export interface ReplicaManagerOptions {
  readonly nodeId: number;
  readonly environment: Environment;
  /** Holds a directory per partition, and the checkpoint files. */
  readonly dataDirectory: string;
  /** The broker half's live image. */
  readonly metadata: MetadataImage;
  readonly config: BrokerConfig;
  readonly logConfigOf: (topic: string) => LogConfig;
}

/**
 * The partitions of this node. It follows committed metadata: what is placed here gets a log, what no longer is loses it.
 * Source: Kafka's ReplicaManager and LogManager.
 */
export class ReplicaManager {
  readonly fetchSessions: FetchSessionCache;
  readonly #options: ReplicaManagerOptions;
  readonly #partitions = new Map<Uuid, Map<number, Partition>>();
  readonly #checkpoints: CheckpointWriter;
  #isStarted = false;
  /** The checkpoint files may tell of a partition that was removed. */
  #isRemembered = false;
  #stopTasks: () => Promise<void> = () => Promise.resolve();

  constructor(options: ReplicaManagerOptions) {
    this.#options = options;
    const { clock, disk, random } = options.environment;
    this.#checkpoints = new CheckpointWriter(disk, options.dataDirectory);
    this.fetchSessions = new FetchSessionCache({
      maxSessions: options.config.value('max.incremental.fetch.session.cache.slots'),
      monotonicMs: clock.monotonicMs,
      uniform: random.uniform,
    });
  }

  /** The partition that this node hosts, or null. */
  partition(topicId: Uuid, partition: number): Partition | null {
    return this.#partitions.get(topicId)?.get(partition) ?? null;
  }

  /** All of them, in no order that means something. */
  get partitions(): readonly Partition[] {
    return [...this.#partitions.values()].flatMap((partitions) => [...partitions.values()]);
  }

  /**
   * Opens the logs on disk that metadata knows, sets the others aside, takes on what metadata says by then, and begins the tasks on
   * logs. Rejects with the disk's error.
   */
  async start(): Promise<void> {
    const { environment, dataDirectory } = this.#options;
    const { disk } = environment;
    disk.makeDirectory(dataDirectory);
    removeDeleted(disk, dataDirectory);
    const isCleanShutdown = readCleanShutdownFile(disk, dataDirectory) !== null;
    removeCleanShutdownFile(disk, dataDirectory);
    const checkpoints = readCheckpoints(environment, dataDirectory);
    for (const directory of findLogDirectories(disk, dataDirectory)) {
      // Loading takes a while on a Node without a zstd of its own; a node without records does without until they come.
      await initializeCompression();
      const { topicId, topicPartition } = directory;
      if (topicId === null || !this.#isPlacedHere(topicId, topicPartition)) {
        this.#setAside(directory);
        continue;
      }
      const { recoveryPoint, highWatermark, logStart } = offsetsOf(checkpoints, topicPartition);
      const options = { ...this.#logOptions(topicId, topicPartition), recoveryPoint, startOffset: logStart, isCleanShutdown };
      this.#add(await Log.open(environment, options), topicId, highWatermark);
    }
    // Before new logs come: what the cleaner remembers is of those on disk.
    this.#stopTasks = startLogTasks({ ...this.#options, checkpoints: this.#checkpoints, partitions: () => this.partitions });
    this.#isStarted = true;
    this.#isRemembered = remembersOthers(checkpoints, this.partitions);
    this.#catchUp();
    this.#forgetRemoved();
  }

  /** Takes on a change of committed metadata, after the image holds it. */
  onMetadata(delta: MetadataDelta): void {
    if (!this.#isStarted) return;
    const { metadata, nodeId } = this.#options;
    for (const { id } of delta.deletedTopics) for (const index of [...(this.#partitions.get(id)?.keys() ?? [])]) this.#remove(id, index);
    this.#forgetRemoved();
    for (const [topicId, indexes] of delta.changedPartitions) {
      const topic = metadata.topics.byId.get(topicId);
      if (topic !== undefined) for (const index of indexes) this.#update(topic, index);
    }
    this.#forgetRemoved();
    for (const { resourceType, resourceName } of delta.changedConfigs) {
      if (resourceType === ConfigResourceType.topic) this.#updateConfigs(metadata.topics.byName.get(resourceName)?.id);
      if (resourceType === ConfigResourceType.broker && ['', String(nodeId)].includes(resourceName)) {
        for (const topicId of this.#partitions.keys()) this.#updateConfigs(topicId);
      }
    }
  }

  /**
   * Ends the waits and the tasks, syncs and closes the logs, writes the checkpoints and, last, that this was an orderly stop. Call it when no
   * request comes any more. Rejects with the disk's error; the next start then recovers the logs.
   */
  async close(brokerEpoch: number): Promise<void> {
    const { environment, dataDirectory } = this.#options;
    const { partitions } = this;
    for (const { waiters } of partitions) waiters.end();
    await this.#stopTasks();
    if (!this.#isStarted) return;
    this.#isStarted = false;
    const logs = partitions.map(({ log }) => log).values();
    const closeNext = async (): Promise<void> => {
      for (const log of logs) await log.close();
    };
    await Promise.all(Array.from({ length: closedAtOnce }, closeNext));
    this.#checkpoints.writeAll(partitions);
    writeCleanShutdownFile(environment.disk, dataDirectory, brokerEpoch);
  }

  /** What a fetch by this replica reads from; a negative id is a consumer's. */
  fetchSource(replicaId: number): FetchSource {
    return {
      clock: this.#options.environment.clock,
      partitionOf: (target) => this.#partitionOf(target, replicaId),
      errorOf: (error, { topic, partition }) => this.errorOf(error, `${topic}-${partition}`),
    };
  }

  /** What to answer for an error that work on a partition threw. One that is no KafkaError gets a line in the node's log. */
  errorOf(error: unknown, partition: string): ErrorName {
    if (error instanceof KafkaError) return error.code;
    const { log } = this.#options.environment;
    if (isSystemError(error)) {
      log('error', `The disk failed on ${partition}: ${error.message}`);
      return 'KAFKA_STORAGE_ERROR';
    }
    log('error', `Work on ${partition} failed: ${error instanceof Error ? error.stack : error}`);
    return 'UNKNOWN_SERVER_ERROR';
  }

  #partitionOf({ topic, topicId, partition, currentLeaderEpoch }: FetchTarget, replicaId: number): Partition | ErrorName {
    const image = topic === null ? undefined : this.#options.metadata.topics.byName.get(topic);
    if (image?.partitions[partition] === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    if (topicId !== ZERO_UUID && topicId !== image.id) return 'INCONSISTENT_TOPIC_ID';
    // No replica but the leader is assigned; a follower that says so knows of an assignment that we don't.
    if (replicaId >= 0) return currentLeaderEpoch >= 0 ? 'UNKNOWN_LEADER_EPOCH' : 'NOT_LEADER_OR_FOLLOWER';
    return this.partition(image.id, partition) ?? 'NOT_LEADER_OR_FOLLOWER';
  }

  #isPlacedHere(topicId: Uuid, { topic, partition }: TopicPartition): boolean {
    const image = this.#options.metadata.topics.byId.get(topicId);
    return image?.name === topic && image.partitions[partition]?.replicas.includes(this.#options.nodeId) === true;
  }

  /** Brings every partition to what the image says. */
  #catchUp(): void {
    const { byId } = this.#options.metadata.topics;
    for (const [topicId, partitions] of this.#partitions) {
      if (!byId.has(topicId)) for (const index of [...partitions.keys()]) this.#remove(topicId, index);
    }
    for (const topic of byId.values()) for (const index of topic.partitions.keys()) this.#update(topic, index);
  }

  #update(topic: TopicImage, index: number): void {
    const image = topic.partitions[index];
    if (image === undefined) return;
    if (image.replicas.includes(this.#options.nodeId)) {
      const partition = this.partition(topic.id, index) ?? this.#create(topic.id, { topic: topic.name, partition: index });
      partition.updateMetadata(image);
    } else this.#remove(topic.id, index);
  }

  #create(topicId: Uuid, topicPartition: TopicPartition): Partition {
    return this.#add(Log.create(this.#options.environment, this.#logOptions(topicId, topicPartition)), topicId, 0n);
  }

  #logOptions(topicId: Uuid, topicPartition: TopicPartition): LogOptions {
    const { dataDirectory, config, logConfigOf } = this.#options;
    return {
      dataDirectory,
      topicPartition,
      topicId,
      config: logConfigOf(topicPartition.topic),
      producerIdExpirationMs: config.value('producer.id.expiration.ms'),
    };
  }

  #add(log: Log, topicId: Uuid, highWatermark: bigint): Partition {
    const { monotonicMs } = this.#options.environment.clock;
    const partition = new Partition({ nodeId: this.#options.nodeId, topicId, log, highWatermark, monotonicMs });
    const partitions = this.#partitions.get(topicId) ?? new Map<number, Partition>();
    this.#partitions.set(topicId, partitions.set(log.topicPartition.partition, partition));
    return partition;
  }

  #remove(topicId: Uuid, index: number): void {
    const partitions = this.#partitions.get(topicId);
    const partition = partitions?.get(index);
    if (partitions === undefined || partition === undefined) return;
    partitions.delete(index);
    if (partitions.size === 0) this.#partitions.delete(topicId);
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
    const partitions = topicId === undefined ? undefined : this.#partitions.get(topicId);
    for (const { log } of partitions?.values() ?? []) log.updateConfig(this.#options.logConfigOf(log.topicPartition.topic));
  }

  #setAside(directory: LogDirectory): void {
    const { environment, dataDirectory } = this.#options;
    const path = setAside(environment, dataDirectory, directory);
    const why = directory.topicId === null ? 'has no readable partition.metadata' : 'is not of a topic that the cluster has placed here';
    environment.log('warn', `${directory.path} ${why}; it is now ${path}`);
  }
}

/** ENOSPC, EIO and the like; Node's own errors are ERR_ and something. */
const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
