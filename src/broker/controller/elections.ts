import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { ElectLeadersRequest, ElectLeadersResponseInput } from '../../protocol/messages/elect-leaders.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { checkRecordCount, type Decision, type DecisionContext, type ItemError, itemError, noError } from './decision.js';
import { type ElectionRules, electionRules } from './election-rules.js';
import { type MetadataImage, NO_LEADER, type TopicImage } from './image.js';
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
  const replicaElectionResults = asked.map(({ topic: name, partitions }) => {
    const topic = topics.byName.get(name);
    const rules = topic === undefined ? null : electionRules(context, topic);
    const partitionResult = partitions.flatMap((partitionId) => {
      const made = topic === undefined || rules === null ? noSuchTopic(name) : elect(context.image, topic, partitionId, rules, type);
      if ('type' in made) records.push(made);
      // Where all are meant, those that have the right leader are not spoken of.
      if (topicPartitions === null && 'errorCode' in made && made.errorCode === ELECTION_NOT_NEEDED) return [];
      return [{ partitionId, ...('type' in made ? noError : made) }];
    });
    return { topic: name, partitionResult };
  });
  checkRecordCount(records);
  return { records, response: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults } };
}
const ELECTION_NOT_NEEDED = errorCode('ELECTION_NOT_NEEDED');
const noSuchTopic = (name: string): ItemError => itemError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);

/** Source: ReplicationControlManager.electLeader. */
function elect(
  image: MetadataImage,
  topic: TopicImage,
  partitionId: number,
  rules: ElectionRules,
  election: ElectionType,
): MetadataRecord | ItemError {
  const partition = topic.partitions[partitionId];
  if (partition === undefined) return itemError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${topic.name}-${partitionId}`);
  const { leader, replicas } = partition;
  if (election === 'preferred' ? leader === replicas[0] : leader !== NO_LEADER) return itemError('ELECTION_NOT_NEEDED');
  const record = changePartition(image, { topic, partitionId, rules, election });
  if (record !== null) return record;
  return itemError(election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE');
}
