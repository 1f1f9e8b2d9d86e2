import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { partitionRecord } from '../../protocol/metadata-records/partition-record.js';
import { defaultDirectory, isActive } from './broker-state.js';
import type { MetadataImage } from './image.js';
import type { PlacementBroker } from './placement.js';

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
    directories: replicas.map((id) => defaultDirectory(image, id)),
  });
}

/** What each broker has by now; `add` counts what is placed before any image has it, so that one decision can place many topics. */
export interface ClusterLoads {
  readonly brokers: () => readonly PlacementBroker[];
  readonly add: (assignment: readonly (readonly number[])[]) => void;
}

/** Looks at every partition: once for a decision. */
export function clusterLoads({ brokers, topics }: MetadataImage): ClusterLoads {
  const counts = new Map([...brokers.keys()].map((id) => [id, { leaders: 0, replicas: 0 }]));
  const count = (replicas: readonly number[]): void => {
    for (let index = 0; index < replicas.length; index++) {
      const load = counts.get(replicas[index] as number);
      if (load === undefined) continue;
      load.replicas++;
      if (index === 0) load.leaders++;
    }
  };
  for (const { partitions } of topics.byId.values()) for (const { replicas } of partitions) count(replicas);
  return {
    brokers: () =>
      [...brokers.values()]
        .filter(({ isInControlledShutdown, isFenced }) => isFenced || !isInControlledShutdown)
        .map(({ id, rack, isFenced }) => ({ ...{ id, rack, isAlive: !isFenced }, ...(counts.get(id) ?? { leaders: 0, replicas: 0 }) })),
    add: (assignment) => assignment.forEach(count),
  };
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
