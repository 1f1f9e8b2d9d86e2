import { KafkaError } from '../../model/errors.js';
import { createUuid, type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { CreateTopicsRequest, CreateTopicsResponseInput } from '../../protocol/messages/create-topics.js';
import type { DeleteTopicsRequest, DeleteTopicsResponseInput } from '../../protocol/messages/delete-topics.js';
import { configRecord } from '../../protocol/metadata-records/config-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { removeTopicRecord } from '../../protocol/metadata-records/remove-topic-record.js';
import { topicRecord } from '../../protocol/metadata-records/topic-record.js';
import { describeTopicConfigs } from '../config/describe-config.js';
import { validateTopicSettings } from '../config/topic-config.js';
import { isActive } from './broker-state.js';
import { attempt, checkRecordCount, type Decision, type DecisionContext, noError } from './decision.js';
import { ConfigResourceType, type MetadataImage, type TopicImage } from './image.js';
import { type ClusterLoads, clusterLoads, newPartitionRecord, validateAssignment } from './new-partition.js';
import { placeReplicas } from './placement.js';
import { collisionKey, hasCollisionCharacter, topicNameProblem } from './topic-name.js';

export type CreatableTopic = CreateTopicsRequest['topics'][number];
type CreatedTopic = CreateTopicsResponseInput['topics'][number];
type DeletedTopic = DeleteTopicsResponseInput['responses'][number];

const METADATA_TOPIC = '__cluster_metadata';

/** Where the request asks for too much at once, each topic has the error. Source: ControllerApis.createTopics. */
export function decideCreateTopics(context: DecisionContext, request: CreateTopicsRequest): Decision<CreateTopicsResponseInput> {
  const made = attempt(() => createTopics(context, request));
  if ('value' in made) return made.value;
  const names = new Set(request.topics.map(({ name }) => name));
  return { records: [], response: { throttleTimeMs: 0, topics: [...names].map((name) => ({ name, ...made.error })) } };
}

/** Source: ReplicationControlManager.createTopics. */
function createTopics(context: DecisionContext, { topics, validateOnly }: CreateTopicsRequest): Decision<CreateTopicsResponseInput> {
  checkPartitionCount(topics.reduce((count, topic) => count + partitionCountOf(context, topic), 0));
  const duplicates = duplicatesIn(topics.map(({ name }) => name));
  const records: MetadataRecord[] = [];
  const loads = clusterLoads(context.image);
  const configsOf = topicConfigs(context.config);
  const created = new Map<string, CreatedTopic>();
  const collisions = topics.some(({ name }) => hasCollisionCharacter(name)) ? collisionsOf(context.image) : new Map<string, string>();
  for (const topic of topics) {
    const { name } = topic;
    if (created.has(name)) continue;
    const made = attempt((): NewTopic => {
      if (duplicates.has(name)) throw new KafkaError('INVALID_REQUEST', 'Duplicate topic name.');
      checkName(context.image, collisions, name);
      return newTopic(context, topic, loads, configsOf);
    });
    if ('error' in made) {
      created.set(name, { name, ...made.error });
      continue;
    }
    created.set(name, made.value.response);
    records.push(...made.value.records);
    loads.add(made.value.assignment);
    checkRecordCount(records);
  }
  return { records: validateOnly ? [] : records, response: { throttleTimeMs: 0, topics: [...created.values()] } };
}

export function partitionCountOf({ config }: DecisionContext, { assignments, numPartitions }: CreatableTopic): number {
  if (assignments.length > 0) return assignments.length;
  return numPartitions === -1 ? config.value('num.partitions') : Math.max(0, numPartitions);
}

interface NewTopic {
  readonly records: readonly MetadataRecord[];
  readonly assignment: readonly (readonly number[])[];
  readonly response: CreatedTopic;
}

function checkName(image: MetadataImage, collisions: ReadonlyMap<string, string>, name: string): void {
  if (name === METADATA_TOPIC) throw new KafkaError('INVALID_REQUEST', `Creation of internal topic ${METADATA_TOPIC} is prohibited.`);
  if (image.topics.byName.has(name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const problem = topicNameProblem(name);
  if (problem !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
  const other = hasCollisionCharacter(name) ? collisions.get(collisionKey(name)) : undefined;
  if (other !== undefined) throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${other}`);
}

function collisionsOf({ topics }: MetadataImage): ReadonlyMap<string, string> {
  const collisions = new Map<string, string>();
  for (const name of topics.byName.keys()) if (hasCollisionCharacter(name)) collisions.set(collisionKey(name), name);
  return collisions;
}

type TopicSettings = ReadonlyMap<string, string>;
type DescribedTopicConfigs = NonNullable<CreatedTopic['configs']>;

/**
 * What is answered of the configs of a topic with these settings. Looked up once for all topics of a request that have the same: most do,
 * and nothing else about a topic takes as long. Throws KafkaError INVALID_CONFIG.
 */
function topicConfigs(config: DecisionContext['config']): (settings: TopicSettings) => DescribedTopicConfigs {
  const known = new Map<string, DescribedTopicConfigs>();
  return (settings) => {
    const key = JSON.stringify([...settings]);
    const found = known.get(key);
    if (found !== undefined) return found;
    validateTopicSettings(settings, config);
    const configs = describeTopicConfigs(settings, config).map(({ name, value, isReadOnly, source, isSensitive }) => ({
      ...{ name, value, isSensitive },
      readOnly: isReadOnly,
      configSource: source,
    }));
    known.set(key, configs);
    return configs;
  };
}

function newTopic(
  context: DecisionContext,
  topic: CreatableTopic,
  loads: ClusterLoads,
  configsOf: (settings: TopicSettings) => DescribedTopicConfigs,
): NewTopic {
  const { image, random } = context;
  const { name } = topic;
  const settings = settingsOf(topic);
  const configs = configsOf(settings);
  const assignment = topic.assignments.length > 0 ? manualAssignment(image, topic) : automaticAssignment(context, topic, loads);
  const topicId = createUuid(random.bytes);
  const records = [
    metadataRecord(topicRecord, { name, topicId }),
    ...[...settings].map(([key, value]) =>
      metadataRecord(configRecord, { resourceType: ConfigResourceType.topic, resourceName: name, name: key, value }),
    ),
    ...assignment.map((replicas, partitionId) => {
      const record = newPartitionRecord(image, topicId, partitionId, replicas);
      if (record === null) throw noLivingBroker(replicas.length);
      return record;
    }),
  ];
  const replicationFactor = assignment[0]?.length ?? 0;
  const response = { name, topicId, ...noError, numPartitions: assignment.length, replicationFactor, configs };
  return { records, assignment, response };
}

function settingsOf({ configs }: CreatableTopic): TopicSettings {
  const absent = configs.filter(({ value }) => value === null).map(({ name }) => name);
  if (absent.length > 0) throw new KafkaError('INVALID_CONFIG', `Null value not supported for topic configs: ${absent.join(',')}`);
  return new Map(configs.map(({ name, value }) => [name, value ?? '']));
}

function manualAssignment(image: MetadataImage, topic: CreatableTopic): readonly (readonly number[])[] {
  const given = (what: string) =>
    new KafkaError('INVALID_REQUEST', `A manual partition assignment was specified, but ${what} was not set to -1.`);
  if (topic.replicationFactor !== -1) throw given('replication factor');
  if (topic.numPartitions !== -1) throw given('numPartitions');
  const refuse = (what: string) => new KafkaError('INVALID_REPLICA_ASSIGNMENT', what);
  const byPartition = new Map<number, readonly number[]>();
  let replicationFactor: number | null = null;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byPartition.has(partitionIndex)) throw refuse(`Found multiple manual partition assignments for partition ${partitionIndex}`);
    validateAssignment(image, brokerIds, replicationFactor);
    replicationFactor = brokerIds.length;
    if (!brokerIds.some((id) => isActive(image, id))) {
      throw refuse(
        `All brokers specified in the manual partition assignment for partition ${partitionIndex} are fenced or in controlled shutdown.`,
      );
    }
    byPartition.set(partitionIndex, brokerIds);
  }
  return Array.from({ length: byPartition.size }, (_, partition) => {
    const replicas = byPartition.get(partition);
    if (replicas === undefined) throw refuse('partitions should be a consecutive 0-based integer sequence');
    return replicas;
  });
}

function automaticAssignment(
  { config, random }: DecisionContext,
  { numPartitions, replicationFactor }: CreatableTopic,
  loads: ClusterLoads,
): readonly (readonly number[])[] {
  if (replicationFactor < -1 || replicationFactor === 0) {
    throw new KafkaError('INVALID_REPLICATION_FACTOR', 'Replication factor must be larger than 0, or -1 to use the default value.');
  }
  if (numPartitions < -1 || numPartitions === 0) {
    throw new KafkaError('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  const count = numPartitions === -1 ? config.value('num.partitions') : numPartitions;
  const factor = replicationFactor === -1 ? config.value('default.replication.factor') : replicationFactor;
  return placeReplicas(loads.brokers(), count, factor, random.uniform);
}

/** Before a list of that length is made. */
export function checkPartitionCount(count: number): void {
  if (count > 10_000) throw new KafkaError('POLICY_VIOLATION', 'Excessively large number of partitions per request.');
}

export const noLivingBroker = (replicationFactor: number): KafkaError =>
  new KafkaError(
    'INVALID_REPLICATION_FACTOR',
    `Unable to replicate the partition ${replicationFactor} time(s): All brokers are currently fenced or in controlled shutdown.`,
  );

/** Topics by name and, from version 6, by id. Source: ControllerApis.deleteTopics. */
export function decideDeleteTopics(
  { image, config }: DecisionContext,
  request: DeleteTopicsRequest,
  apiVersion: number,
): Decision<DeleteTopicsResponseInput> {
  if (!config.value('delete.topic.enable')) {
    throw apiVersion < 3 ? new KafkaError('INVALID_REQUEST', 'Topic deletion is disabled.') : new KafkaError('TOPIC_DELETION_DISABLED');
  }
  const asked = [...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })), ...request.topics];
  const duplicateNames = duplicatesIn(asked.filter(({ topicId }) => topicId === ZERO_UUID).map(({ name }) => name));
  const duplicateIds = duplicatesIn(asked.filter(({ name }) => name === null).map(({ topicId }) => topicId));
  const deleted = new Set<Uuid>();
  const records: MetadataRecord[] = [];
  const responses: DeletedTopic[] = [];
  const answered = new Set<string>();
  for (const { name, topicId } of asked) {
    const key = `${name ?? ''}/${topicId}`;
    if (answered.has(key)) continue;
    answered.add(key);
    const found = attempt((): TopicImage => {
      const invalid = (message: string) => new KafkaError('INVALID_REQUEST', message);
      if (name === null && topicId === ZERO_UUID) throw invalid('Neither topic name nor id were specified.');
      if (name !== null && topicId !== ZERO_UUID) throw invalid('You may not specify both topic name and topic id.');
      if (name !== null && duplicateNames.has(name)) throw invalid('Duplicate topic name.');
      if (name === null && duplicateIds.has(topicId)) throw invalid('Duplicate topic id.');
      const topic = name === null ? image.topics.byId.get(topicId) : image.topics.byName.get(name);
      if (topic === undefined) throw new KafkaError(name === null ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
      if (deleted.has(topic.id)) throw invalid('The provided topic name maps to an ID that was already supplied.');
      return topic;
    });
    if ('error' in found) {
      responses.push({ name, topicId, ...found.error });
      continue;
    }
    deleted.add(found.value.id);
    records.push(metadataRecord(removeTopicRecord, { topicId: found.value.id }));
    responses.push({ name: found.value.name, topicId: found.value.id, ...noError });
  }
  return { records, response: { throttleTimeMs: 0, responses } };
}

/** Items that are there more than once. */
export function duplicatesIn<Item>(items: readonly Item[]): ReadonlySet<Item> {
  const seen = new Set<Item>();
  return new Set(items.filter((item) => seen.size === seen.add(item).size));
}
