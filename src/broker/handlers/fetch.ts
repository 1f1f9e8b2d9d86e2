import { type ErrorName, errorCode } from '../../model/error-code.js';
import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import { type FetchRequest, type FetchResponseInput, fetch } from '../../protocol/messages/fetch.js';
import type { TargetRead } from '../replication/fetch-parameters.js';
import { fetchRecords } from '../replication/fetch-records.js';
import type { FetchAnswer, FetchResult, FetchTarget } from '../replication/fetch-session.js';
import type { Partition } from '../replication/partition.js';
import { preferredReadReplica, RACK_AWARE_SELECTOR } from '../replication/preferred-read-replica.js';
import type { Isolation } from '../replication/read-log.js';
import { isForPieces, respondInPieces } from '../replication/respond-in-pieces.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';
import { CurrentLeaders } from './current-leaders.js';

type TopicResponse = FetchResponseInput['responses'][number];
type PartitionResponse = TopicResponse['partitions'][number];
/** A partition of the response; `records` is here for the session as for the wire. */
type PartitionAnswer = PartitionResponse & FetchAnswer;

const readCommitted = 1;

/**
 * Fetch: records from an offset on, per partition, as whole batches. Waits up to maxWaitMs for minBytes; an append ends the wait.
 *
 * - 4: isolation level; 5: log start; 7: incremental sessions (KIP-227); 9: leader epochs (KIP-320); 10: zstd;
 *   11: rack, where any replica may answer (KIP-392); 12: last fetched and diverging epoch; 13: topic ids;
 *   15: replica epoch (KIP-903); 16: the current leader's address (KIP-951); 17 and 18: for the quorum alone.
 * - A follower's fetch tells the leader how far it has come: the ISR and the high watermark follow from it.
 */
export const fetchHandler = handler<BrokerContext>()({
  api: fetch,
  handle: async (context, request, { apiVersion, isGone }) => {
    const { replicas, metadata } = context;
    const follower = followerOf(request, apiVersion);
    const isFromFollower = follower !== null;
    const usesTopicIds = apiVersion >= 13;
    const topicName = (topicId: Uuid): string | null => metadata.topics.byId.get(topicId)?.name ?? null;

    const isolation: Isolation = isFromFollower
      ? 'log-end'
      : request.isolationLevel === readCommitted
        ? 'read-committed'
        : 'read-uncommitted';
    const fetching = replicas.fetchSessions.open(
      {
        followerId: follower?.replicaId ?? null,
        usesTopicIds,
        isolation,
        sessionId: request.sessionId,
        sessionEpoch: request.sessionEpoch,
        targets: targetsOf(request, usesTopicIds, topicName),
        forgotten: forgottenOf(request, usesTopicIds, topicName),
      },
      topicName,
    );
    const isKnown = (target: FetchTarget): boolean => missing(context, target) === null;
    const knownTargets = () => {
      const asked = fetching.targets();
      return asked.every(isKnown) ? asked : asked.filter(isKnown);
    };
    const asked = fetching.targets();
    const isHopeless = asked.length > 0 && !asked.some(isKnown);
    const maxBytes = Math.min(request.maxBytes, context.config.value('fetch.max.bytes'));
    const reads = await fetchRecords(
      replicas.fetchSource,
      // Where it asks for nothing but what is not there, nothing is to be waited for.
      { targets: knownTargets, session: isHopeless ? null : fetching.session },
      {
        isolation,
        follower,
        maxBytes,
        onlyLeader: isFromFollower || apiVersion < 11,
        maxWaitMs: request.maxWaitMs,
        minBytes: Math.min(request.minBytes, maxBytes),
        preferredReplica: preferredReplicaOf(context, isFromFollower ? '' : request.rackId),
        isAbandoned: isGone,
      },
    );

    const leaders = new CurrentLeaders(metadata);
    const answer = (read: TargetRead) => ({ target: read.target, answer: answerOf(context, read, apiVersion, isolation, leaders) });
    const unknown = (): FetchResult<PartitionAnswer>[] =>
      fetching.targets().flatMap((target) => {
        const error = missing(context, target);
        // Kafka tells these apart from errors of reading by an empty list.
        return error === null ? [] : [{ target, answer: { ...errorAnswer(target, error), abortedTransactions: [] } }];
      });
    const { error, sessionId, results } = isForPieces(fetching, reads)
      ? await respondInPieces<PartitionAnswer>(context.environment.clock, fetching, reads, answer, unknown)
      : fetching.respond<PartitionAnswer>([...reads.map(answer), ...unknown()]);
    return {
      throttleTimeMs: 0,
      errorCode: error === null ? 0 : errorCode(error),
      sessionId,
      responses: byTopic(results),
      nodeEndpoints: leaders.nodeEndpoints,
    };
  },
});

/** What the leader tells a consumer of the replica in its rack. */
function preferredReplicaOf(
  { config, metadata }: BrokerContext,
  rackId: string,
): (partition: Partition, target: FetchTarget) => number | null {
  if (rackId === '' || config.textOf('replica.selector.class') !== RACK_AWARE_SELECTOR) return () => null;
  return (partition, { fetchOffset }) => preferredReadReplica(partition, rackId, fetchOffset, metadata.brokers);
}

/** Null for a consumer. */
function followerOf({ replicaId, replicaState }: FetchRequest, apiVersion: number) {
  const follower =
    apiVersion >= 15 ? { replicaId: replicaState.replicaId, brokerEpoch: replicaState.replicaEpoch } : { replicaId, brokerEpoch: -1 };
  return follower.replicaId < 0 ? null : follower;
}

function targetsOf({ topics }: FetchRequest, usesTopicIds: boolean, topicName: (id: Uuid) => string | null): readonly FetchTarget[] {
  return topics.flatMap(({ topic, topicId, partitions }) => {
    const name = usesTopicIds ? topicName(topicId) : topic;
    return partitions.map(({ partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, logStartOffset, partitionMaxBytes }) => ({
      topic: name,
      topicId,
      partition,
      currentLeaderEpoch,
      fetchOffset,
      lastFetchedEpoch,
      logStartOffset,
      maxBytes: partitionMaxBytes,
    }));
  });
}

function forgottenOf({ forgottenTopicsData }: FetchRequest, usesTopicIds: boolean, topicName: (id: Uuid) => string | null) {
  return forgottenTopicsData.flatMap(({ topic, topicId, partitions }) => {
    const name = usesTopicIds ? topicName(topicId) : topic;
    return partitions.map((partition) => ({ topic: name, topicId, partition }));
  });
}

/** What is wrong with a target that committed metadata does not know. */
function missing({ metadata }: BrokerContext, { topic, partition }: FetchTarget): 'UNKNOWN_TOPIC_ID' | 'UNKNOWN_TOPIC_OR_PARTITION' | null {
  if (topic === null) return 'UNKNOWN_TOPIC_ID';
  return metadata.topics.byName.get(topic)?.partitions[partition] === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : null;
}

const errorAnswer = ({ partition }: FetchTarget, error: ErrorName): PartitionAnswer => ({
  partitionIndex: partition,
  errorCode: errorCode(error),
  highWatermark: -1n,
  lastStableOffset: -1n,
  logStartOffset: -1n,
  abortedTransactions: null,
  records: noBytes,
});
const noBytes = new Uint8Array(0);

function answerOf(
  { metadata }: BrokerContext,
  { target, outcome }: TargetRead,
  apiVersion: number,
  isolation: Isolation,
  leaders: CurrentLeaders,
): PartitionAnswer {
  const { topic, partition } = target;
  if ('error' in outcome) {
    // Before version 6 clients do not know KAFKA_STORAGE_ERROR, and would not ask for new metadata.
    const error = outcome.error === 'KAFKA_STORAGE_ERROR' && apiVersion <= 5 ? 'NOT_LEADER_OR_FOLLOWER' : outcome.error;
    const answer = errorAnswer(target, error);
    const isElsewhere = error === 'NOT_LEADER_OR_FOLLOWER' || error === 'FENCED_LEADER_EPOCH';
    if (apiVersion < 16 || !isElsewhere || topic === null) return answer;
    return { ...answer, currentLeader: leaders.leaderOf(metadata.topics.byName.get(topic), partition) };
  }
  // Without transactions none was aborted; who reads uncommitted is told nothing of them.
  const abortedTransactions = isolation === 'read-committed' ? [] : null;
  const { highWatermark, lastStableOffset, logStartOffset, records, divergingEpoch, preferredReadReplica } = outcome;
  const answer = { partitionIndex: partition, errorCode: 0, highWatermark, lastStableOffset, logStartOffset, abortedTransactions, records };
  if (divergingEpoch === undefined && preferredReadReplica === undefined) return answer;
  return { ...answer, ...(divergingEpoch && { divergingEpoch }), ...(preferredReadReplica !== undefined && { preferredReadReplica }) };
}

/** Neighbours of one topic share its entry; the order is the session's. */
function byTopic(results: readonly FetchResult<PartitionAnswer>[]): TopicResponse[] {
  const responses: { topic: string; topicId: Uuid; partitions: PartitionResponse[] }[] = [];
  for (const { target, answer } of results) {
    const last = responses.at(-1);
    const isSame = last !== undefined && (target.topicId === ZERO_UUID ? last.topic === target.topic : last.topicId === target.topicId);
    if (isSame) last.partitions.push(answer);
    else responses.push({ topic: target.topic ?? '', topicId: target.topicId, partitions: [answer] });
  }
  return responses;
}
