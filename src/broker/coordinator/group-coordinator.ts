import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { createTopics } from '../../protocol/messages/create-topics.js';
import type { MetadataDelta, PartitionImage, TopicImage } from '../controller/image.js';
import type { ReplicaManager } from '../replication/replica-manager.js';
import type { ControllerChannel } from '../server/controller-channel.js';
import { answerSync, type ClassicGroup, failedJoin, failedSync } from './classic-group.js';
import { forgetTopic } from './group-offsets.js';
import { GroupShard, type ShardOptions } from './group-shard.js';
import { loadShard } from './load-shard.js';
import { OFFSETS_TOPIC, offsetsPartitionOf, offsetsTopic } from './offsets-topic.js';

export interface GroupCoordinatorOptions extends Omit<ShardOptions, 'partition' | 'errorOf'> {
  readonly replicas: Pick<ReplicaManager, 'partition' | 'errorOf'>;
  readonly controller: Pick<ControllerChannel, 'request'>;
}

interface LedPartition {
  readonly shard: GroupShard;
  /** `failed`: the log could not be read; this broker is no coordinator for these groups then. */
  state: 'loading' | 'active' | 'failed';
}

/**
 * The groups whose partitions of __consumer_offsets this broker leads. It follows committed metadata: what it comes to lead it loads, what
 * it leads no more it forgets. Source: GroupCoordinatorService, CoordinatorRuntime.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #led = new Map<number, LedPartition>();
  #isCreating = false;
  #isClosed = false;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
  }

  /** Takes on all that metadata says by now: once the logs are open. */
  start(): void {
    const topic = this.#topic;
    for (const index of topic?.partitions.keys() ?? []) this.#update(index);
  }

  /** Takes on a change of committed metadata, after the logs have. */
  onMetadata({ changedPartitions, deletedTopics }: MetadataDelta): void {
    const topic = this.#topic;
    for (const index of [...this.#led.keys()]) if (topic === undefined) this.#resign(index);
    if (topic !== undefined) for (const index of changedPartitions.get(topic.id) ?? []) this.#update(index);
    for (const deleted of deletedTopics) {
      for (const { shard, state } of this.#led.values()) if (state === 'active') this.#forgetTopic(shard, deleted);
    }
  }

  /**
   * Who may answer for the group here. Throws KafkaError NOT_COORDINATOR, and COORDINATOR_LOAD_IN_PROGRESS while its log is read;
   * INVALID_GROUP_ID for the empty name.
   */
  shardOf(groupId: string): GroupShard {
    const topic = this.#topic;
    const led = topic === undefined ? undefined : this.#led.get(offsetsPartitionOf(groupId, topic.partitions.length));
    if (led === undefined || led.state === 'failed') throw new KafkaError('NOT_COORDINATOR');
    if (led.state === 'loading') throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS');
    return led.shard;
  }

  /** All that this broker answers for. Throws KafkaError COORDINATOR_LOAD_IN_PROGRESS while a part of it is being read. */
  get shards(): readonly GroupShard[] {
    const led = [...this.#led.values()].filter(({ state }) => state !== 'failed');
    if (led.some(({ state }) => state === 'loading')) throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS');
    return led.map(({ shard }) => shard);
  }

  /** Where the group's state lies; null where there is no __consumer_offsets yet, which is made then. */
  partitionOf(groupId: string): PartitionImage | null {
    const topic = this.#topic;
    if (topic === undefined) {
      this.#create();
      return null;
    }
    return topic.partitions[offsetsPartitionOf(groupId, topic.partitions.length)] ?? null;
  }

  /** Nobody waits here any more: clients hear NOT_COORDINATOR. */
  close(): void {
    this.#isClosed = true;
    for (const index of [...this.#led.keys()]) this.#resign(index);
  }

  get #topic(): TopicImage | undefined {
    return this.#options.metadata.topics.byName.get(OFFSETS_TOPIC);
  }

  #update(index: number): void {
    const topic = this.#topic;
    const partition = topic === undefined ? null : this.#options.replicas.partition(topic.id, index);
    if (partition === null || !partition.isLeader || this.#isClosed) {
      this.#resign(index);
      return;
    }
    const known = this.#led.get(index);
    // It leads on: in a new epoch too nobody else can have written.
    if (known !== undefined && known.shard.partition === partition && known.state !== 'failed') return;
    this.#resign(index);
    const { replicas, ...options } = this.#options;
    const shard = new GroupShard({ ...options, partition, errorOf: (error, name) => replicas.errorOf(error, name) });
    const led: LedPartition = { shard, state: 'loading' };
    this.#led.set(index, led);
    loadShard(shard).then(
      () => {
        led.state = 'active';
      },
      (error: unknown) => {
        led.state = 'failed';
        replicas.errorOf(error, String(partition));
      },
    );
  }

  #resign(index: number): void {
    const led = this.#led.get(index);
    this.#led.delete(index);
    led?.shard.close(sendAway);
  }

  #forgetTopic(shard: GroupShard, topic: TopicImage): void {
    const { log } = this.#options.environment;
    const note = (error: unknown): void => log('warn', `Offsets of the deleted topic ${topic.name} are still there: ${error}`);
    forgetTopic(shard, topic).catch(note);
  }

  /** Nobody waits for it: the client asks again. Source: AutoTopicCreationManager. */
  #create(): void {
    if (this.#isCreating) return;
    this.#isCreating = true;
    const { controller, config, environment } = this.#options;
    const timeoutMs = config.value('controller.socket.timeout.ms');
    controller
      .request(createTopics, { topics: [offsetsTopic(config)], timeoutMs, validateOnly: false })
      .then(({ topics: [result] }) => {
        const code = result?.errorCode ?? 0;
        if (code === 0 || code === errorCode('TOPIC_ALREADY_EXISTS')) return;
        environment.log('warn', `${OFFSETS_TOPIC} could not be created: ${result?.errorMessage}`);
      })
      .catch((error: unknown) => environment.log('warn', `${OFFSETS_TOPIC} could not be created: ${error}`))
      .finally(() => {
        this.#isCreating = false;
      });
  }
}

function sendAway(group: ClassicGroup): void {
  const code = errorCode('NOT_COORDINATOR');
  for (const member of group.members.values()) {
    group.answerJoin(member, failedJoin(member.memberId, code));
    answerSync(member, failedSync(code));
  }
}
