import type { Uuid } from '../../model/uuid.js';
import type { BrokerRegistrationChangeRecord } from '../../protocol/metadata-records/broker-registration-change-record.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import type { PartitionRecord } from '../../protocol/metadata-records/partition-record.js';
import type { RegisterBrokerRecord } from '../../protocol/metadata-records/register-broker-record.js';
import type { RegisterControllerRecord } from '../../protocol/metadata-records/register-controller-record.js';
import {
  type BrokerImage,
  ConfigResourceType,
  type ControllerImage,
  type MetadataDelta,
  type MetadataImage,
  type PartitionImage,
  type TopicImage,
} from './image.js';
import { applyPartitionChange, withoutElr } from './partition-change.js';
import { createPartitionIndex, type PartitionIndex } from './partition-index.js';
import { createSharedLists } from './shared-lists.js';

/** An image and the only way to change it. */
export interface ReplayedImage {
  readonly image: MetadataImage;
  /** Applies the record at `offset` of the log. Throws Error where it contradicts what went before: the log is broken then. */
  readonly replay: (record: MetadataRecord, offset: bigint) => void;
  /** Notes records that change nothing here, such as control records. */
  readonly skipTo: (offset: bigint, leaderEpoch: number) => void;
  /** What changed since the last call. */
  readonly takeDelta: () => MetadataDelta;
}

interface MutableTopic {
  readonly id: Uuid;
  readonly name: string;
  readonly partitions: PartitionImage[];
}
interface MutableDelta extends MetadataDelta {
  readonly changedPartitions: Map<Uuid, Set<number>>;
  readonly deletedTopics: TopicImage[];
  readonly changedBrokers: Set<number>;
  readonly changedConfigs: { readonly resourceType: number; readonly resourceName: string }[];
}
type BrokerList = 'replicas' | 'isr' | 'removingReplicas' | 'addingReplicas' | 'elr' | 'lastKnownElr';
const noSettings: ReadonlyMap<string, string> = new Map();

export function createReplayedImage(): ReplayedImage {
  let offset = -1n;
  let leaderEpoch = 0;
  let nextProducerId = 0n;
  const topicsById = new Map<Uuid, MutableTopic>();
  const topicsByName = new Map<string, MutableTopic>();
  const brokers = new Map<number, BrokerImage>();
  /** Made when it is first asked for: the controller asks alone. */
  let partitionIndex: PartitionIndex | null = null;
  const controllers = new Map<number, ControllerImage>();
  const features = new Map<string, number>();
  /** By type and name of the resource. */
  const configs = new Map<number, Map<string, Map<string, string>>>();
  let delta = emptyDelta();
  const sharedBrokers = createSharedLists<number>();
  const sharedDirectories = createSharedLists<Uuid>();

  const image: MetadataImage = {
    get offset() {
      return offset;
    },
    get leaderEpoch() {
      return leaderEpoch;
    },
    get nextProducerId() {
      return nextProducerId;
    },
    topics: { byId: topicsById, byName: topicsByName },
    brokers,
    get partitionsOf() {
      partitionIndex ??= indexOf(topicsById.values());
      return partitionIndex;
    },
    controllers,
    features,
    configs: {
      of: (resourceType, resourceName) => configs.get(resourceType)?.get(resourceName) ?? noSettings,
      all: () =>
        [...configs].flatMap(([resourceType, ofType]) =>
          [...ofType].map(([resourceName, settings]) => ({ resourceType, resourceName, settings })),
        ),
    },
  };

  const topic = (id: Uuid): MutableTopic => {
    const found = topicsById.get(id);
    if (found === undefined) throw new Error(`metadata log: topic ${id} is not known`);
    return found;
  };
  const broker = (id: number): BrokerImage => {
    const found = brokers.get(id);
    if (found === undefined) throw new Error(`metadata log: broker ${id} is not known`);
    return found;
  };
  const setBroker = (changed: BrokerImage): void => {
    brokers.set(changed.id, changed);
    delta.changedBrokers.add(changed.id);
  };
  const setPartition = ({ id, partitions }: MutableTopic, number: number, changed: PartitionImage): void => {
    const before = partitions[number] ?? null;
    const shared = withSharedLists(changed, before);
    partitionIndex?.update(id, number, before, shared);
    partitions[number] = shared;
    const numbers = delta.changedPartitions.get(id);
    if (numbers === undefined) delta.changedPartitions.set(id, new Set([number]));
    else numbers.add(number);
  };
  /** What stays as it was is shared already. */
  const withSharedLists = (partition: PartitionImage, before: PartitionImage | null): PartitionImage => {
    const brokersOf = (list: BrokerList): readonly number[] =>
      partition[list] === before?.[list] ? partition[list] : sharedBrokers(partition[list]);
    return {
      ...partition,
      replicas: brokersOf('replicas'),
      directories: partition.directories === before?.directories ? partition.directories : sharedDirectories(partition.directories),
      isr: brokersOf('isr'),
      removingReplicas: brokersOf('removingReplicas'),
      addingReplicas: brokersOf('addingReplicas'),
      elr: brokersOf('elr'),
      lastKnownElr: brokersOf('lastKnownElr'),
    };
  };
  const clearElr = (cleared: MutableTopic): void => {
    for (const [number, partition] of cleared.partitions.entries()) {
      if (partition.elr.length + partition.lastKnownElr.length > 0) setPartition(cleared, number, withoutElr(partition));
    }
  };
  const setConfig = (resourceType: number, resourceName: string, name: string, value: string | null): void => {
    const ofType = configs.get(resourceType) ?? new Map<string, Map<string, string>>();
    const settings = ofType.get(resourceName) ?? new Map<string, string>();
    if (value === null) settings.delete(name);
    else settings.set(name, value);
    if (settings.size === 0) ofType.delete(resourceName);
    else ofType.set(resourceName, settings);
    configs.set(resourceType, ofType);
    if (!delta.changedConfigs.some((changed) => changed.resourceType === resourceType && changed.resourceName === resourceName)) {
      delta.changedConfigs.push({ resourceType, resourceName });
    }
  };

  const replay = ({ type, value }: MetadataRecord, at: bigint): void => {
    switch (type) {
      case 'TopicRecord': {
        const created = { id: value.topicId, name: value.name, partitions: [] };
        topicsById.set(created.id, created);
        topicsByName.set(created.name, created);
        delta.changedPartitions.set(created.id, new Set());
        return;
      }
      case 'PartitionRecord':
        setPartition(topic(value.topicId), value.partitionId, newPartition(value));
        return;
      case 'PartitionChangeRecord': {
        const changed = topic(value.topicId);
        const partition = changed.partitions[value.partitionId];
        if (partition === undefined) throw new Error(`metadata log: partition ${changed.name}-${value.partitionId} is not known`);
        setPartition(changed, value.partitionId, applyPartitionChange(partition, value));
        return;
      }
      case 'RemoveTopicRecord': {
        const removed = topic(value.topicId);
        topicsById.delete(removed.id);
        topicsByName.delete(removed.name);
        configs.get(ConfigResourceType.topic)?.delete(removed.name);
        for (const [number, partition] of removed.partitions.entries()) partitionIndex?.update(removed.id, number, partition, null);
        delta.changedPartitions.delete(removed.id);
        delta.deletedTopics.push(removed);
        return;
      }
      case 'ClearElrRecord': {
        const cleared = value.topicName === '' ? [...topicsById.values()] : [topicsByName.get(value.topicName)];
        for (const one of cleared) if (one !== undefined) clearElr(one);
        return;
      }
      case 'ConfigRecord':
        setConfig(value.resourceType, value.resourceName, value.name, value.value);
        return;
      case 'RegisterBrokerRecord':
        setBroker(newBroker(value, at));
        return;
      case 'BrokerRegistrationChangeRecord':
        setBroker(changedBroker(broker(value.brokerId), value));
        return;
      case 'UnregisterBrokerRecord':
        brokers.delete(value.brokerId);
        delta.changedBrokers.add(value.brokerId);
        return;
      case 'RegisterControllerRecord':
        controllers.set(value.controllerId, newController(value));
        return;
      case 'FeatureLevelRecord':
        if (value.featureLevel === 0) features.delete(value.name);
        else features.set(value.name, value.featureLevel);
        return;
      case 'ProducerIdsRecord':
        nextProducerId = value.nextProducerId;
        return;
      case 'NoOpRecord':
        return;
      default:
        throw new Error(`metadata log: nothing here writes ${type}, and nothing knows what it changes`);
    }
  };

  return {
    image,
    replay: (record, at) => {
      replay(record, at);
      offset = at;
    },
    skipTo: (at, epoch) => {
      offset = at;
      leaderEpoch = epoch;
    },
    takeDelta: () => {
      const taken = delta;
      delta = emptyDelta();
      return taken;
    },
  };
}

function indexOf(topics: Iterable<TopicImage>): PartitionIndex {
  const index = createPartitionIndex();
  for (const { id, partitions } of topics) {
    for (const [number, partition] of partitions.entries()) index.update(id, number, null, partition);
  }
  return index;
}

const emptyDelta = (): MutableDelta => ({ changedPartitions: new Map(), deletedTopics: [], changedBrokers: new Set(), changedConfigs: [] });

const newPartition = (record: PartitionRecord): PartitionImage => ({
  replicas: record.replicas,
  directories: record.directories,
  isr: record.isr,
  removingReplicas: record.removingReplicas,
  addingReplicas: record.addingReplicas,
  elr: record.eligibleLeaderReplicas ?? [],
  lastKnownElr: record.lastKnownElr ?? [],
  leader: record.leader,
  leaderRecoveryState: record.leaderRecoveryState,
  leaderEpoch: record.leaderEpoch,
  partitionEpoch: record.partitionEpoch,
});

const newBroker = (record: RegisterBrokerRecord, offset: bigint): BrokerImage => ({
  id: record.brokerId,
  epoch: record.brokerEpoch,
  registrationOffset: offset,
  incarnationId: record.incarnationId,
  endPoints: record.endPoints,
  features: record.features,
  rack: record.rack,
  isFenced: record.fenced,
  isInControlledShutdown: record.inControlledShutdown,
  logDirectories: record.logDirs,
});

const newController = ({ controllerId, incarnationId, endPoints, features }: RegisterControllerRecord): ControllerImage => ({
  id: controllerId,
  incarnationId,
  endPoints,
  features,
});

const changedBroker = (broker: BrokerImage, record: BrokerRegistrationChangeRecord): BrokerImage => ({
  ...broker,
  isFenced: flag(record.fenced, 1, -1) ?? broker.isFenced,
  isInControlledShutdown: flag(record.inControlledShutdown, 1, -1) ?? broker.isInControlledShutdown,
  logDirectories: record.logDirs.length > 0 ? record.logDirs : broker.logDirectories,
});

/** A change in one byte: Kafka's BrokerRegistrationFencingChange is 1 for fenced and -1 for unfenced. */
const flag = (change: number, whenTrue: number, whenFalse: number): boolean | null =>
  change === whenTrue ? true : change === whenFalse ? false : null;
