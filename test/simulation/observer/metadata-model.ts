import { ConfigResourceType, type MetadataImage } from '../../../src/broker/controller/image.js';
import type { TopicPartition } from '../../../src/model/topic-partition.js';
import type { Uuid } from '../../../src/model/uuid.js';
import type { MetadataRecord } from '../../../src/protocol/metadata-records/metadata-record.js';
import type { PartitionChangeRecord } from '../../../src/protocol/metadata-records/partition-change-record.js';
import { InvariantError } from '../invariants.js';
import { PartitionHistory, type PartitionState, type Watching } from './partition-history.js';

interface TopicModel {
  readonly name: string;
  readonly partitions: PartitionHistory[];
}
const NO_LEADER_CHANGE = -2;
const topicKey = (name: string): string => `${ConfigResourceType.topic}/${name}`;

/**
 * What the committed records of the metadata log say, worked out without the source's own replay, and the partitions that they tell of.
 */
export class MetadataModel {
  readonly topics = new Map<Uuid, TopicModel>();
  /** Of deleted topics too. */
  readonly histories: PartitionHistory[] = [];
  readonly #configs = new Map<string, Map<string, string>>();
  readonly #brokers = new Map<number, { readonly epoch: number; readonly fenced: boolean }>();
  readonly #watching: Watching;
  /** Topics of which an unclean election was asked for. */
  readonly #uncleanAsked = new Set<string>();

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  partition(topicId: Uuid, index: number): PartitionHistory | undefined {
    return this.topics.get(topicId)?.partitions[index];
  }
  /** What nobody leads now. */
  leaderless(): readonly TopicPartition[] {
    return [...this.topics.values()].flatMap(({ name, partitions }) =>
      partitions.flatMap(({ state }, partition) => (state.leader < 0 ? [{ topic: name, partition }] : [])),
    );
  }
  allowUnclean(topic: string): void {
    this.#uncleanAsked.add(topic);
  }

  /** Throws InvariantError where what the record says must not be. */
  apply({ type, value }: MetadataRecord): void {
    switch (type) {
      case 'TopicRecord':
        this.topics.set(value.topicId, { name: value.name, partitions: [] });
        break;
      case 'PartitionRecord': {
        const topic = this.#topic(value.topicId);
        const { replicas, isr, leader, leaderEpoch, eligibleLeaderReplicas, lastKnownElr } = value;
        const state = { replicas, isr, elr: eligibleLeaderReplicas ?? [], lastKnownElr: lastKnownElr ?? [], leader, leaderEpoch };
        const name = `${topic.name}-${value.partitionId}`;
        const history = new PartitionHistory(name, value.topicId, state, this.#watching);
        this.#configure(history, topic.name);
        topic.partitions[value.partitionId] = history;
        this.histories.push(history);
        break;
      }
      case 'PartitionChangeRecord': {
        const { name } = this.#topic(value.topicId);
        const history = this.partition(value.topicId, value.partitionId);
        if (history === undefined) throw lost(`a change of ${name}-${value.partitionId}, which was never made`);
        history.change(changed(history.state, value), this.#uncleanAsked.has(name) || this.#isUncleanEnabled(name));
        break;
      }
      case 'ClearElrRecord':
        for (const { name, partitions } of this.topics.values()) {
          if (value.topicName !== '' && value.topicName !== name) continue;
          for (const history of partitions) history.state = { ...history.state, elr: [], lastKnownElr: [] };
        }
        break;
      case 'RemoveTopicRecord': {
        const { name, partitions } = this.#topic(value.topicId);
        for (const history of partitions) history.isDeleted = true;
        this.topics.delete(value.topicId);
        this.#configs.delete(topicKey(name));
        break;
      }
      case 'ConfigRecord': {
        const key = `${value.resourceType}/${value.resourceName}`;
        const configs = this.#configs.get(key) ?? new Map<string, string>();
        this.#configs.set(key, configs);
        if (value.value === null) configs.delete(value.name);
        else configs.set(value.name, value.value);
        for (const { name, partitions } of this.topics.values()) {
          if (key === topicKey(name)) for (const history of partitions) this.#configure(history, name);
        }
        break;
      }
      case 'RegisterBrokerRecord':
        this.#brokers.set(value.brokerId, { epoch: Number(value.brokerEpoch), fenced: value.fenced });
        break;
      case 'UnregisterBrokerRecord':
        this.#brokers.delete(value.brokerId);
        break;
      case 'FenceBrokerRecord':
      case 'UnfenceBrokerRecord':
        this.#brokers.set(value.id, { epoch: Number(value.epoch), fenced: type === 'FenceBrokerRecord' });
        break;
      case 'BrokerRegistrationChangeRecord':
        if (value.fenced !== 0) this.#brokers.set(value.brokerId, { epoch: Number(value.brokerEpoch), fenced: value.fenced > 0 });
        break;
    }
  }

  /** A node that has all committed records must say the same. Throws InvariantError. */
  compare(nodeId: number, image: MetadataImage): void {
    const differs = (what: string): never => {
      throw lost(`node ${nodeId} says another thing of ${what}`);
    };
    if (image.topics.byId.size !== this.topics.size) differs('how many topics there are');
    for (const [topicId, { name, partitions }] of this.topics) {
      const topic = image.topics.byId.get(topicId);
      if (topic?.name !== name || topic.partitions.length !== partitions.length) differs(name);
      for (const [index, { state }] of partitions.entries()) {
        const { replicas, isr, elr, lastKnownElr, leader, leaderEpoch } = topic!.partitions[index]!;
        const said: PartitionState = { replicas, isr, elr, lastKnownElr, leader, leaderEpoch };
        if (JSON.stringify(said) !== JSON.stringify(state))
          differs(`${name}-${index}: ${JSON.stringify(said)}, not ${JSON.stringify(state)}`);
      }
    }
    for (const [key, configs] of this.#configs) {
      const [type, name] = key.split('/') as [string, string];
      const said = image.configs.of(Number(type), name);
      if (said.size !== configs.size || [...configs].some(([config, value]) => said.get(config) !== value))
        differs(`the configs of ${key}`);
    }
    for (const [id, { epoch, fenced }] of this.#brokers) {
      const broker = image.brokers.get(id);
      if (broker?.epoch !== epoch || broker.isFenced !== fenced) differs(`broker ${id}`);
    }
  }

  #topic(topicId: Uuid): TopicModel {
    const topic = this.topics.get(topicId);
    if (topic === undefined) throw lost(`the topic ${topicId} was never made`);
    return topic;
  }
  /** What a topic is made with: these configs are never changed. */
  #configure(history: PartitionHistory, topic: string): void {
    const configs = this.#configs.get(topicKey(topic));
    const retentionMs = configs?.get('retention.ms');
    if (retentionMs !== undefined) history.retentionMs = Number(retentionMs);
    if (configs?.get('cleanup.policy') === 'compact') history.compact();
  }
  #isUncleanEnabled(topic: string): boolean {
    return this.#configs.get(topicKey(topic))?.get('unclean.leader.election.enable') === 'true';
  }
}

const lost = (detail: string): InvariantError => new InvariantError('9 committed metadata lost', detail);

/** KIP-631: the leader epoch rises whenever the record names a leader. */
function changed(state: PartitionState, record: PartitionChangeRecord): PartitionState {
  const hasLeader = record.leader !== NO_LEADER_CHANGE;
  return {
    replicas: record.replicas ?? state.replicas,
    isr: record.isr ?? state.isr,
    elr: record.eligibleLeaderReplicas ?? state.elr,
    lastKnownElr: record.lastKnownElr ?? state.lastKnownElr,
    leader: hasLeader ? record.leader : state.leader,
    leaderEpoch: state.leaderEpoch + (hasLeader ? 1 : 0),
  };
}
