import { errorCode } from '../../model/error-code.js';
import { type FetchRequest, fetch } from '../../protocol/messages/fetch.js';
import { METADATA_TOPIC_ID, metadataPartition } from '../controller/metadata-log.js';
import type { QuorumAnswer } from '../controller/raft/answers.js';
import type { ReplicaFetched } from '../controller/raft/leadership.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { leaderEndpoints } from './metadata-log-partition.js';

/**
 * Fetch on the controller listener: voters and observers copy the metadata log from the leader of the quorum (KIP-595). Waits up to
 * maxWaitMs for a record or for more that is committed.
 *
 * - 12: epochs, so from there on; 13: topic ids; 15: the replica's id in replicaState; 16: the leader's address; 17: directory id, which no
 *   replica of fixed voters has; 18: the high watermark that the replica knows (KIP-1166).
 */
export const fetchMetadataLogHandler = handler<ControllerContext>()({
  api: fetch,
  versions: '12-18',
  handle: async (context, request, { apiVersion }) => {
    if (request.clusterId !== null && request.clusterId !== context.clusterId) return refused(errorCode('INCONSISTENT_CLUSTER_ID'));
    const partition = metadataLogPartitionOf(request, apiVersion);
    if (partition === null) return refused(errorCode('INVALID_REQUEST'));
    const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch, highWatermark } = partition;
    const { quorum } = context;
    const isInvalid = fetchOffset < 0n || lastFetchedEpoch < 0 || currentLeaderEpoch < 0;
    const answer = isInvalid
      ? { error: 'INVALID_REQUEST' as const, leaderId: quorum.leaderId, leaderEpoch: quorum.leaderEpoch, fetched: null }
      : await quorum.fetch({
          replicaId: apiVersion >= 15 ? request.replicaState.replicaId : request.replicaId,
          leaderEpoch: currentLeaderEpoch,
          logEnd: { epoch: lastFetchedEpoch, offset: fetchOffset },
          highWatermark,
          maxWaitMs: request.maxWaitMs,
        });
    const partitions = [partitionAnswer(answer)];
    const topic = apiVersion >= 13 ? { topicId: METADATA_TOPIC_ID, partitions } : { topic: metadataPartition.topic, partitions };
    const nodeEndpoints = apiVersion >= 16 ? leaderEndpoints(context, answer) : [];
    return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses: [topic], nodeEndpoints };
  },
});

const refused = (code: number) => ({ throttleTimeMs: 0, errorCode: code, sessionId: 0, responses: [] });

function metadataLogPartitionOf({ topics }: FetchRequest, apiVersion: number) {
  const [topic] = topics;
  if (topics.length !== 1 || topic?.partitions.length !== 1) return null;
  const isMetadataLog = apiVersion >= 13 ? topic.topicId === METADATA_TOPIC_ID : topic.topic === metadataPartition.topic;
  const partition = topic.partitions[0];
  return isMetadataLog && partition?.partition === metadataPartition.partition ? partition : null;
}

const none = { epoch: -1, offset: -1n };
const noBytes = new Uint8Array(0);

function partitionAnswer({ error, leaderId, leaderEpoch, fetched }: QuorumAnswer & { readonly fetched: ReplicaFetched | null }) {
  const { epoch: divergingEpoch, offset: divergingOffset } = fetched?.diverging ?? none;
  const { epoch: snapshotEpoch, offset: snapshotOffset } = fetched?.snapshot ?? none;
  return {
    partitionIndex: metadataPartition.partition,
    errorCode: error === null ? 0 : errorCode(error),
    highWatermark: fetched?.highWatermark ?? -1n,
    logStartOffset: fetched?.logStartOffset ?? -1n,
    divergingEpoch: { epoch: divergingEpoch, endOffset: divergingOffset },
    currentLeader: { leaderId, leaderEpoch },
    snapshotId: { epoch: snapshotEpoch, endOffset: snapshotOffset },
    abortedTransactions: null,
    records: fetched?.records ?? noBytes,
  };
}
