import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError, messageOf } from '../../model/errors.js';
import { ZERO_UUID } from '../../model/uuid.js';
import { createTopics } from '../../protocol/messages/create-topics.js';
import { type MetadataRequest, type MetadataResponseInput, metadata } from '../../protocol/messages/metadata.js';
import type { MetadataImage, PartitionImage, TopicImage } from '../controller/image.js';
import { topicNameProblem } from '../controller/topic-name.js';
import { OFFSETS_TOPIC, offsetsTopic } from '../coordinator/offsets-topic.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { allClusterOperations, allTopicOperations, OPERATIONS_NOT_ASKED } from './authorized-operations.js';
import { isInternalTopic } from './internal-topics.js';
import { aliveBrokers, anyAliveBroker, offlineReplicas, reachableLeader } from './partition-metadata.js';

type TopicResponse = MetadataResponseInput['topics'][number];

/**
 * Metadata: the cluster as clients go by it. A topic that isn't there may be created on the way: the answer says
 * UNKNOWN_TOPIC_OR_PARTITION all the same, and the client asks again.
 *
 * - 0: no topics means all, and partitions with replicas away are in error; 1: null means all, controller, racks; 4: the client may
 *   forbid creation; 5: offline replicas; 7: leader epochs; 8: authorized operations; 10: topic ids; 12: topics by id.
 */
export const metadataHandler = handler<BrokerContext>()({
  api: metadata,
  handle: (context, request, { apiVersion }) => {
    const image = context.metadata;
    const topics = topicsAsked(context, request, apiVersion);
    const topicOperations = request.includeTopicAuthorizedOperations ? allTopicOperations : OPERATIONS_NOT_ASKED;
    return {
      throttleTimeMs: 0,
      brokers: aliveBrokers(image).map(({ id, ...address }) => ({ nodeId: id, ...address })),
      clusterId: context.clusterId,
      controllerId: anyAliveBroker(image, context.environment.random.uniform),
      topics: apiVersion >= 8 ? topics.map((topic) => ({ ...topic, topicAuthorizedOperations: topicOperations })) : topics,
      ...(request.includeClusterAuthorizedOperations && { clusterAuthorizedOperations: allClusterOperations }),
      errorCode: 0,
    };
  },
});

function topicsAsked(
  context: BrokerContext,
  { topics, allowAutoTopicCreation }: MetadataRequest,
  apiVersion: number,
): readonly TopicResponse[] {
  const image = context.metadata;
  if (topics === null || (apiVersion === 0 && topics.length === 0)) {
    return [...image.topics.byName.values()].map((topic) => describe(image, topic, apiVersion));
  }
  if (apiVersion < 12 && topics.some(({ name, topicId }) => name === null || topicId !== ZERO_UUID)) {
    throw new KafkaError('INVALID_REQUEST', `Topic IDs are not supported in requests for version ${apiVersion}`);
  }
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_UUID));
  if (ids.size > 0) {
    return [...ids].map((id) => {
      const topic = image.topics.byId.get(id);
      return topic === undefined ? failure('UNKNOWN_TOPIC_ID', null, id) : describe(image, topic, apiVersion);
    });
  }
  const names = [...new Set(topics.map(({ name }) => name ?? ''))];
  const missing = names.filter((name) => !image.topics.byName.has(name) && topicNameProblem(name) === null);
  if (allowAutoTopicCreation && context.config.value('auto.create.topics.enable') && missing.length > 0) createMissing(context, missing);
  return names.map((name) => {
    const topic = image.topics.byName.get(name);
    if (topic !== undefined) return describe(image, topic, apiVersion);
    return failure(topicNameProblem(name) === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION', name, ZERO_UUID);
  });
}

const failure = (error: ErrorName, name: string | null, topicId: string): TopicResponse => ({
  errorCode: errorCode(error),
  name,
  topicId,
  isInternal: name !== null && isInternalTopic(name),
  partitions: [],
});

function describe(image: MetadataImage, { id, name, partitions }: TopicImage, apiVersion: number): TopicResponse {
  return {
    errorCode: 0,
    name,
    topicId: id,
    isInternal: isInternalTopic(name),
    partitions: partitions.map((partition, partitionIndex) => describePartition(image, partition, partitionIndex, apiVersion)),
  };
}

function describePartition(image: MetadataImage, partition: PartitionImage, partitionIndex: number, apiVersion: number) {
  const { leaderEpoch, replicas, isr } = partition;
  const leaderId = reachableLeader(image, partition);
  const offline = offlineReplicas(image, partition);
  // Clients of version 0 don't know offline replicas: they aren't told of them, but that some are missing.
  const isAlive = (brokerId: number): boolean => apiVersion > 0 || !offline.includes(brokerId);
  const replicaNodes = replicas.filter(isAlive);
  const isrNodes = isr.filter(isAlive);
  const isIncomplete = replicaNodes.length < replicas.length || isrNodes.length < isr.length;
  const code = leaderId < 0 ? errorCode('LEADER_NOT_AVAILABLE') : isIncomplete ? errorCode('REPLICA_NOT_AVAILABLE') : 0;
  return { errorCode: code, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas: offline };
}

/** Nobody waits for it. What goes wrong is the log's: the client asks again, and that tries again. Source: AutoTopicCreationManager. */
function createMissing({ controller, environment, config }: BrokerContext, names: readonly string[]): void {
  const numPartitions = config.value('num.partitions');
  const replicationFactor = config.value('default.replication.factor');
  const topics = names.map((name) =>
    name === OFFSETS_TOPIC ? offsetsTopic(config) : { name, numPartitions, replicationFactor, assignments: [], configs: [] },
  );
  controller
    .request(createTopics, { topics, timeoutMs: config.value('controller.socket.timeout.ms'), validateOnly: false })
    .then(({ topics: results }) => {
      for (const { name, errorCode: code, errorMessage } of results) {
        if (code !== 0 && code !== errorCode('TOPIC_ALREADY_EXISTS')) {
          environment.log('warn', `Topic ${name} could not be created on demand: ${errorMessage}`);
        }
      }
    })
    .catch((error: unknown) => environment.log('warn', `Topics could not be created on demand: ${messageOf(error)}`));
}
