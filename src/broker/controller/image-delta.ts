import type { Uuid } from '../../model/uuid.js';
import type { BrokerImage, ConfigSettings, MetadataDelta, MetadataImage, TopicImage } from './image.js';

/** What differs where one image takes the place of another, as if the records between had been replayed. */
export function deltaBetween(before: MetadataImage, after: MetadataImage): MetadataDelta {
  const changedPartitions = new Map<Uuid, Set<number>>();
  for (const { id, partitions } of after.topics.byId.values()) {
    const known = before.topics.byId.get(id);
    const changed = new Set<number>();
    for (const [number, { partitionEpoch }] of partitions.entries()) {
      if (known?.partitions[number]?.partitionEpoch !== partitionEpoch) changed.add(number);
    }
    if (known === undefined || changed.size > 0) changedPartitions.set(id, changed);
  }
  const brokerIds = new Set([...before.brokers.keys(), ...after.brokers.keys()]);
  return {
    changedPartitions,
    deletedTopics: [...before.topics.byId.values()].filter(({ id }) => !after.topics.byId.has(id)),
    changedBrokers: new Set([...brokerIds].filter((id) => !isSameBroker(before.brokers.get(id), after.brokers.get(id)))),
    changedConfigs: [...before.configs.all(), ...after.configs.all()]
      .filter((config) => hasChanged(config, before) || hasChanged(config, after))
      .map(({ resourceType, resourceName }) => ({ resourceType, resourceName })),
  };
}

/** Of partitions, in one piece: what listeners make of so many takes some milliseconds. */
const PIECE_PARTITIONS = 200;

/** The same change in pieces that follow one another, never none; the last one holds all that concerns no partition. */
export function* piecesOf(delta: MetadataDelta): Generator<MetadataDelta> {
  const { changedBrokers, changedConfigs } = delta;
  let changedPartitions = new Map<Uuid, ReadonlySet<number>>();
  let deletedTopics: TopicImage[] = [];
  let count = 0;
  const isFull = (partitions: number): boolean => count > 0 && count + partitions > PIECE_PARTITIONS;
  const take = (): MetadataDelta => {
    const piece = { changedPartitions, deletedTopics, changedBrokers: nobody, changedConfigs: [] };
    changedPartitions = new Map();
    deletedTopics = [];
    count = 0;
    return piece;
  };
  for (const topic of delta.deletedTopics) {
    if (isFull(topic.partitions.length)) yield take();
    deletedTopics.push(topic);
    count += topic.partitions.length;
  }
  for (const [topicId, partitions] of delta.changedPartitions) {
    if (isFull(partitions.size)) yield take();
    changedPartitions.set(topicId, partitions);
    count += partitions.size;
  }
  yield { changedPartitions, deletedTopics, changedBrokers, changedConfigs };
}
const nobody: ReadonlySet<number> = new Set();

/** All else stays the same within a broker's epoch. */
const isSameBroker = (a: BrokerImage | undefined, b: BrokerImage | undefined): boolean =>
  a?.epoch === b?.epoch &&
  a?.isFenced === b?.isFenced &&
  a?.isInControlledShutdown === b?.isInControlledShutdown &&
  a?.logDirectories.join() === b?.logDirectories.join();

function hasChanged({ resourceType, resourceName, settings }: ConfigSettings, image: MetadataImage): boolean {
  const other = image.configs.of(resourceType, resourceName);
  return settings.size !== other.size || [...settings].some(([name, value]) => other.get(name) !== value);
}
