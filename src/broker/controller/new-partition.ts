import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { partitionRecord } from '../../protocol/metadata-records/partition-record.js';
import type { DecisionContext } from './decision.js';
import type { MetadataImage } from './image.js';
import { UNASSIGNED_DIRECTORY } from './partition-change.js';
import { type PlacementBroker, placeReplicas } from './placement.js';

/** The record of a partition that begins: all its live replicas are in sync, the first of them leads. Null where none lives. */
export function newPartitionRecord(
  image: MetadataImage,
  topicId: Uuid,
  partitionId: number,
  replicas: readonly number[],
): MetadataRecord | null {
  const isr = replicas.filter((id) => isActive(image, id));
  const [leader] = isr;
  if (leader === undefined) return null;
  return metadataRecord(partitionRecord, {
    partitionId,
    topicId,
    replicas,
    isr,
    removingReplicas: [],
    addingReplicas: [],
    leader,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: replicas.map((id) => directoryOf(image, id)),
  });
}

/** Neither fenced nor on its way out. */
export function isActive({ brokers }: MetadataImage, brokerId: number): boolean {
  const broker = brokers.get(brokerId);
  return broker !== undefined && !broker.isFenced && !broker.isInControlledShutdown;
}

const directoryOf = ({ brokers }: MetadataImage, brokerId: number): Uuid => {
  const directories = brokers.get(brokerId)?.logDirectories ?? [];
  return directories.length === 1 ? (directories[0] ?? UNASSIGNED_DIRECTORY) : UNASSIGNED_DIRECTORY;
};

/**
 * Places partitions over the brokers there are. `pending` are partitions of the same request that no image has yet, so that they count.
 * Throws KafkaError INVALID_REPLICATION_FACTOR.
 */
export function placePartitions(
  { image, random }: DecisionContext,
  partitionCount: number,
  replicationFactor: number,
  pending: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  return placeReplicas(loadsOf(image, pending), partitionCount, replicationFactor, random.uniform);
}

function loadsOf(image: MetadataImage, pending: readonly (readonly number[])[]): readonly PlacementBroker[] {
  const loads = new Map<number, { leaders: number; replicas: number }>();
  for (const id of image.brokers.keys()) loads.set(id, { leaders: 0, replicas: 0 });
  const count = (replicas: readonly number[]): void => {
    for (const [index, id] of replicas.entries()) {
      const load = loads.get(id);
      if (load === undefined) continue;
      load.replicas++;
      if (index === 0) load.leaders++;
    }
  };
  for (const { partitions } of image.topics.byId.values()) for (const { replicas } of partitions) count(replicas);
  pending.forEach(count);
  return [...image.brokers.values()].map(({ id, rack, isFenced }) => ({
    id,
    rack,
    isAlive: !isFenced,
    ...(loads.get(id) ?? { leaders: 0, replicas: 0 }),
  }));
}

/** Throws KafkaError INVALID_REPLICA_ASSIGNMENT, with Kafka's words. `replicationFactor` is that of the topic's other partitions. */
export function validateAssignment({ brokers }: MetadataImage, replicas: readonly number[], replicationFactor: number | null): void {
  const refuse = (what: string): never => {
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', `The manual partition assignment includes ${what}`);
  };
  if (replicas.length === 0) refuse('an empty replica list.');
  let previous: number | null = null;
  for (const id of [...replicas].sort((a, b) => a - b)) {
    if (!brokers.has(id)) refuse(`broker ${id}, but no such broker is registered.`);
    if (id === previous) refuse(`the broker ${id} more than once.`);
    previous = id;
  }
  if (replicationFactor !== null && replicas.length !== replicationFactor) {
    refuse(
      `a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`,
    );
  }
}
