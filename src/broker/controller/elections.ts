import { KafkaError } from '../../model/errors.js';
import type { ElectLeadersRequest, ElectLeadersResponseInput } from '../../protocol/messages/elect-leaders.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { attempt, type Decision, type DecisionContext, noError } from './decision.js';
import { electionRules } from './election-rules.js';
import { NO_LEADER } from './image.js';
import { changePartition } from './partition-change.js';

const electionTypes = ['preferred', 'unclean'] as const;
type ElectionType = (typeof electionTypes)[number];

/** Of the partitions named, or of all. Source: ReplicationControlManager.electLeaders. */
export function decideElectLeaders(
  context: DecisionContext,
  { electionType, topicPartitions }: ElectLeadersRequest,
): Decision<ElectLeadersResponseInput> {
  const type = electionTypes[electionType];
  if (type === undefined) throw new KafkaError('INVALID_REQUEST', `Unknown election type ${electionType}`);
  const { topics } = context.image;
  const asked =
    topicPartitions ?? [...topics.byName.values()].map(({ name, partitions }) => ({ topic: name, partitions: [...partitions.keys()] }));
  const records: MetadataRecord[] = [];
  const replicaElectionResults = asked.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.flatMap((partitionId) => {
      const made = attempt(() => elect(context, topic, partitionId, type));
      if ('value' in made) records.push(made.value);
      // Where all are meant, those that have the right leader are not spoken of.
      if (topicPartitions === null && 'error' in made && made.error.errorCode === ELECTION_NOT_NEEDED) return [];
      return [{ partitionId, ...('error' in made ? made.error : noError) }];
    }),
  }));
  return { records, response: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults } };
}
const ELECTION_NOT_NEEDED = new KafkaError('ELECTION_NOT_NEEDED').errorCode;

function elect(context: DecisionContext, name: string, partitionId: number, type: ElectionType): MetadataRecord {
  const topic = context.image.topics.byName.get(name);
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);
  const partition = topic.partitions[partitionId];
  if (partition === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${name}-${partitionId}`);
  const { leader, replicas } = partition;
  if (type === 'preferred' ? leader === replicas[0] : leader !== NO_LEADER) throw new KafkaError('ELECTION_NOT_NEEDED');
  const record = changePartition(context.image, { topic, partitionId, rules: electionRules(context, topic), election: type });
  if (record !== null) return record;
  throw new KafkaError(type === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE');
}
