import { type ErrorName, errorCode } from '../../model/error-code.js';
import { type FetchSnapshotRequest, fetchSnapshot } from '../../protocol/messages/fetch-snapshot.js';
import { metadataPartition } from '../controller/metadata-log.js';
import type { QuorumAnswer, SnapshotPiece } from '../controller/raft/answers.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { leaderEndpoints } from './metadata-log-partition.js';

/** The most that is read from the disk at once. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * FetchSnapshot: a voter or observer copies a snapshot of the metadata log from the leader of the quorum, piece by piece (KIP-630).
 *
 * - 1: directory ids, the leader's address (KIP-853).
 */
export const fetchSnapshotHandler = handler<ControllerContext>()({
  api: fetchSnapshot,
  handle: (context, request, { apiVersion }) => {
    const refused = (error: ErrorName) => ({ throttleTimeMs: 0, errorCode: errorCode(error), topics: [] });
    if (request.clusterId !== null && request.clusterId !== context.clusterId) return refused('INCONSISTENT_CLUSTER_ID');
    const [topic] = request.topics;
    const [partition] = topic?.partitions ?? [];
    if (request.topics.length !== 1 || topic?.partitions.length !== 1 || partition === undefined) return refused('INVALID_REQUEST');
    const { quorum } = context;
    const isMetadataLog = topic.name === metadataPartition.topic && partition.partition === metadataPartition.partition;
    const answer = isMetadataLog
      ? quorum.fetchSnapshot({
          replicaId: request.replicaId,
          leaderEpoch: partition.currentLeaderEpoch,
          id: { offset: partition.snapshotId.endOffset, epoch: partition.snapshotId.epoch },
          position: partition.position,
          maxBytes: Math.min(request.maxBytes, MAX_BYTES),
        })
      : {
          error: 'UNKNOWN_TOPIC_OR_PARTITION' as const,
          leaderId: quorum.leaderId,
          leaderEpoch: quorum.leaderEpoch,
          piece: null,
        };
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      topics: [{ name: topic.name, partitions: [partitionAnswer(partition, answer)] }],
      ...(apiVersion >= 1 && { nodeEndpoints: leaderEndpoints(context, answer) }),
    };
  },
});

function partitionAnswer(
  { partition, snapshotId, position }: FetchSnapshotRequest['topics'][number]['partitions'][number],
  { error, leaderId, leaderEpoch, piece }: QuorumAnswer & { readonly piece: SnapshotPiece | null },
) {
  return {
    index: partition,
    errorCode: error === null ? 0 : errorCode(error),
    snapshotId: piece === null ? { endOffset: 0n, epoch: 0 } : snapshotId,
    currentLeader: { leaderId, leaderEpoch },
    size: piece?.sizeBytes ?? 0,
    position: piece === null ? 0 : position,
    unalignedRecords: piece?.bytes ?? new Uint8Array(0),
  };
}
