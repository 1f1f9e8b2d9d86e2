import { KafkaError } from '../../model/errors.js';
import type { CreatePartitionsRequest, CreatePartitionsResponseInput } from '../../protocol/messages/create-partitions.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { isActive } from './broker-state.js';
import { attempt, type Decision, type DecisionContext, noError } from './decision.js';
import { type ClusterLoads, clusterLoads, newPartitionRecord, validateAssignment } from './new-partition.js';
import { placeReplicas } from './placement.js';
import { checkPartitionCount, duplicatesIn, noLivingBroker } from './topics.js';

type PartitionsOfTopic = CreatePartitionsRequest['topics'][number];

/** Source: ControllerApis.createPartitions, ReplicationControlManager.createPartitions. */
export function decideCreatePartitions(
  context: DecisionContext,
  { topics, validateOnly }: CreatePartitionsRequest,
): Decision<CreatePartitionsResponseInput> {
  const duplicates = duplicatesIn(topics.map(({ name }) => name));
  const loads = clusterLoads(context.image);
  const records: MetadataRecord[] = [];
  const results = new Map<string, CreatePartitionsResponseInput['results'][number]>();
  for (const topic of topics) {
    const { name } = topic;
    if (results.has(name)) continue;
    const made = attempt(() => {
      if (duplicates.has(name)) throw new KafkaError('INVALID_REQUEST', 'Duplicate topic name.');
      const added = newPartitions(context, topic, loads);
      checkPartitionCount(records.length + added.length);
      return added;
    });
    results.set(name, { name, ...('error' in made ? made.error : noError) });
    if ('value' in made) records.push(...made.value);
  }
  return { records: validateOnly ? [] : records, response: { throttleTimeMs: 0, results: [...results.values()] } };
}

function newPartitions(
  { image, random }: DecisionContext,
  { name, count, assignments }: PartitionsOfTopic,
  loads: ClusterLoads,
): readonly MetadataRecord[] {
  const topic = image.topics.byName.get(name);
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION');
  const present = topic.partitions.length;
  if (count === present) throw new KafkaError('INVALID_PARTITIONS', `Topic already has ${present} partition(s).`);
  if (count < present) {
    throw new KafkaError(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`,
    );
  }
  const additional = count - present;
  const replicationFactor = topic.partitions[0]?.replicas.length ?? 0;
  if (assignments !== null && assignments.length !== additional) {
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  }
  checkPartitionCount(additional);
  const replicasOf =
    assignments === null
      ? placeReplicas(loads.brokers(), additional, replicationFactor, random.uniform)
      : assignments.map(({ brokerIds }, index) => {
          validateAssignment(image, brokerIds, replicationFactor);
          if (brokerIds.some((id) => isActive(image, id))) return brokerIds;
          throw new KafkaError(
            'INVALID_REPLICA_ASSIGNMENT',
            `All brokers specified in the manual partition assignment for partition ${present + index} are fenced or in controlled shutdown.`,
          );
        });
  loads.add(replicasOf);
  return replicasOf.map((replicas, index) => {
    const record = newPartitionRecord(image, topic.id, present + index, replicas);
    if (record === null) throw noLivingBroker(replicationFactor);
    return record;
  });
}
