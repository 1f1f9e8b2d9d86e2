import { KafkaError } from '../../model/errors.js';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponseInput,
} from '../../protocol/messages/alter-partition-reassignments.js';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponseInput,
} from '../../protocol/messages/list-partition-reassignments.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { attempt, checkRecordCount, type Decision, type DecisionContext, noError } from './decision.js';
import { electionRules } from './election-rules.js';
import type { MetadataImage, PartitionImage, TopicImage } from './image.js';
import { validateAssignment } from './new-partition.js';
import { changePartition } from './partition-change.js';

/**
 * Moves replicas: those that come are added, and when all that stay are in sync the others go, which for a mere change of order is at
 * once. Null replicas take a move back. Source: ReplicationControlManager.alterPartitionReassignments.
 */
export function decideAlterPartitionReassignments(
  context: DecisionContext,
  { topics, allowReplicationFactorChange }: AlterPartitionReassignmentsRequest,
): Decision<AlterPartitionReassignmentsResponseInput> {
  const records: MetadataRecord[] = [];
  const responses = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const made = attempt(() => {
        const topic = topicNamed(context.image, name);
        const partition = topic.partitions[partitionIndex];
        if (partition === undefined) {
          throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${partitionIndex}.`);
        }
        if (replicas === null) return cancel(context, topic, partitionIndex, partition);
        return reassign(context, topic, partitionIndex, partition, replicas, allowReplicationFactorChange);
      });
      if ('value' in made && made.value !== null) records.push(made.value);
      return { partitionIndex, ...('error' in made ? made.error : noError) };
    }),
  }));
  checkRecordCount(records);
  return { records, response: { throttleTimeMs: 0, allowReplicationFactorChange, errorCode: 0, errorMessage: null, responses } };
}

function topicNamed({ topics }: MetadataImage, name: string): TopicImage {
  const topic = topics.byName.get(name);
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  return topic;
}

function reassign(
  context: DecisionContext,
  topic: TopicImage,
  partitionId: number,
  partition: PartitionImage,
  replicas: readonly number[],
  allowReplicationFactorChange: boolean,
): MetadataRecord | null {
  validateAssignment(context.image, replicas, null);
  const present = targetReplicas(partition).length;
  if (!allowReplicationFactorChange && replicas.length !== present) {
    throw new KafkaError('INVALID_REPLICATION_FACTOR', `The replication factor is changed from ${present} to ${replicas.length}`);
  }
  const removing = partition.replicas.filter((id) => !replicas.includes(id)).sort((a, b) => a - b);
  const adding = replicas.filter((id) => !partition.replicas.includes(id)).sort((a, b) => a - b);
  return changePartition(context.image, {
    ...{ topic, partitionId, rules: electionRules(context, topic), election: 'online' },
    replicas: [...replicas, ...removing],
    ...(removing.length > 0 && { removingReplicas: removing }),
    ...(adding.length > 0 && { addingReplicas: adding }),
  });
}

/** After the move that is under way. Source: ReplicationControlManager.validatePartitionReplicationFactorUnchanged. */
const targetReplicas = ({ replicas, removingReplicas }: PartitionImage): readonly number[] =>
  replicas.filter((id) => !removingReplicas.includes(id));

/** Before the move that is under way. */
const originalReplicas = ({ replicas, addingReplicas }: PartitionImage): readonly number[] =>
  replicas.filter((id) => !addingReplicas.includes(id));

/** Source: PartitionReassignmentRevert. */
function cancel(context: DecisionContext, topic: TopicImage, partitionId: number, partition: PartitionImage): MetadataRecord | null {
  if (!isReassigning(partition)) throw new KafkaError('NO_REASSIGNMENT_IN_PROGRESS');
  const replicas = originalReplicas(partition);
  const isr = partition.isr.filter((id) => !partition.addingReplicas.includes(id));
  const rules = electionRules(context, topic);
  if (isr.length === 0 && rules.election !== 'unclean') {
    throw new KafkaError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an unclean leader election.`,
    );
  }
  return changePartition(context.image, {
    ...{ topic, partitionId, rules, replicas, removingReplicas: [], addingReplicas: [] },
    isr: isr.length > 0 ? isr : replicas.slice(0, 1),
  });
}

const isReassigning = ({ removingReplicas, addingReplicas }: PartitionImage): boolean =>
  removingReplicas.length + addingReplicas.length > 0;

/** The moves that are under way, of the topics named or of all. Source: ReplicationControlManager.listPartitionReassignments. */
export function listPartitionReassignments(
  { topics }: MetadataImage,
  { topics: asked }: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponseInput {
  const wanted = asked ?? [...topics.byName.values()].map(({ name, partitions }) => ({ name, partitionIndexes: [...partitions.keys()] }));
  const rows = wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.flatMap((partitionIndex) => {
      const partition = topics.byName.get(name)?.partitions[partitionIndex];
      if (partition === undefined || !isReassigning(partition)) return [];
      const { replicas, addingReplicas, removingReplicas } = partition;
      return [{ partitionIndex, replicas, addingReplicas, removingReplicas }];
    }),
  }));
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: rows.filter(({ partitions }) => partitions.length > 0) };
}
