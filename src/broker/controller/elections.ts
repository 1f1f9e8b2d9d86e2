import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { ElectLeadersRequest, ElectLeadersResponseInput } from '../../protocol/messages/elect-leaders.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { checkRecordCount, type Decision, type DecisionContext, type ItemError, itemError, MAX_RECORDS, noError } from './decision.js';
import { type ElectionRules, electionRules } from './election-rules.js';
import { type MetadataImage, NO_LEADER, type PartitionImage, type TopicImage } from './image.js';
import { changePartition } from './partition-change.js';

const electionTypes = ['preferred', 'unclean'] as const;
type ElectionType = (typeof electionTypes)[number];

/** A part of what a request asks for, which is decided in one step. */
export interface ElectionPart {
  readonly electionType: number;
  readonly topicPartitions: NonNullable<ElectLeadersRequest['topicPartitions']>;
  /** Those that have the right leader are spoken of as well: they were named. */
  readonly tellsUnneeded: boolean;
}

/** Of partitions, in a part; a topic is not divided. */
const PART_PARTITIONS = 500;

/**
 * The partitions named, or all, in parts, never none: as each election stands for itself, others are served in between. What might be too
 * much for one request is one part, to be refused as a whole. (Kafka elects all in one step.)
 */
export function electionParts({ topics }: MetadataImage, { electionType, topicPartitions }: ElectLeadersRequest): readonly ElectionPart[] {
  const asked =
    topicPartitions ?? [...topics.byName.values()].map(({ name, partitions }) => ({ topic: name, partitions: [...partitions.keys()] }));
  const part = (some: ElectionPart['topicPartitions']): ElectionPart => ({
    ...{ electionType, topicPartitions: some, tellsUnneeded: topicPartitions !== null },
  });
  const parts: ElectionPart[] = [];
  let some: ElectionPart['topicPartitions'][number][] = [];
  let count = 0;
  for (const one of asked) {
    if (count > 0 && count + one.partitions.length > PART_PARTITIONS) {
      parts.push(part(some));
      some = [];
      count = 0;
    }
    some.push(one);
    count += one.partitions.length;
  }
  parts.push(part(some));
  return electablePartitions(topics, parts) > MAX_RECORDS ? [part(asked)] : parts;
}

/** How many elections there may be at most. */
function electablePartitions({ byName }: MetadataImage['topics'], parts: readonly ElectionPart[]): number {
  let count = 0;
  for (const { electionType, topicPartitions } of parts) {
    for (const { topic, partitions } of topicPartitions) {
      const images = byName.get(topic)?.partitions ?? [];
      for (const id of partitions) if (isElectable(images[id], electionTypes[electionType])) count++;
    }
  }
  return count;
}
const isElectable = (partition: PartitionImage | undefined, election: ElectionType | undefined): boolean =>
  partition !== undefined && (election === 'preferred' ? partition.leader !== partition.replicas[0] : partition.leader === NO_LEADER);

/** Source: ReplicationControlManager.electLeaders. */
export function decideElectLeaders(
  context: DecisionContext,
  { electionType, topicPartitions, tellsUnneeded }: ElectionPart,
): Decision<ElectLeadersResponseInput> {
  const type = electionTypes[electionType];
  if (type === undefined) throw new KafkaError('INVALID_REQUEST', `Unknown election type ${electionType}`);
  const { topics } = context.image;
  const records: MetadataRecord[] = [];
  const replicaElectionResults = topicPartitions.map(({ topic: name, partitions }) => {
    const topic = topics.byName.get(name);
    const rules = topic === undefined ? null : electionRules(context, topic);
    const partitionResult = partitions.flatMap((partitionId) => {
      const made = topic === undefined || rules === null ? noSuchTopic(name) : elect(context.image, topic, partitionId, rules, type);
      if ('type' in made) records.push(made);
      if (!tellsUnneeded && 'errorCode' in made && made.errorCode === ELECTION_NOT_NEEDED) return [];
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
