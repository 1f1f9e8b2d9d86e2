import type { Uuid } from '../../model/uuid.js';
import type { BrokerImage, ConfigSettings, MetadataDelta, MetadataImage } from './image.js';

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
