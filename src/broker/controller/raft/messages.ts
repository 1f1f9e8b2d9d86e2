import { type Uuid, ZERO_UUID } from '../../../model/uuid.js';
import type { BeginQuorumEpochRequestInput } from '../../../protocol/messages/begin-quorum-epoch.js';
import type { EndQuorumEpochRequestInput } from '../../../protocol/messages/end-quorum-epoch.js';
import type { FetchRequestInput } from '../../../protocol/messages/fetch.js';
import type { FetchSnapshotRequestInput } from '../../../protocol/messages/fetch-snapshot.js';
import type { VoteRequestInput } from '../../../protocol/messages/vote.js';
import { METADATA_TOPIC_ID, metadataPartition } from '../metadata-log.js';
import type { LogEnd } from './log-end.js';

/**
 * Bodies of what voters and observers ask each other. All are of the one partition, and of replicas without directory ids, as where the
 * voters are fixed at format. Source: org.apache.kafka.raft.RaftUtil.
 */
const ofMetadata = <Partition>(partition: Partition) => [
  { topicName: metadataPartition.topic, partitions: [{ partitionIndex: metadataPartition.partition, ...partition }] },
];

export const voteRequest = (
  clusterId: Uuid,
  voterId: number,
  asked: { readonly candidateId: number; readonly epoch: number; readonly isPreVote: boolean; readonly logEnd: LogEnd },
): VoteRequestInput => ({
  clusterId,
  voterId,
  topics: ofMetadata({
    replicaId: asked.candidateId,
    replicaEpoch: asked.epoch,
    lastOffsetEpoch: asked.logEnd.epoch,
    lastOffset: asked.logEnd.offset,
    preVote: asked.isPreVote,
  }),
});

export const beginQuorumEpochRequest = (
  clusterId: Uuid,
  voterId: number,
  leader: { readonly leaderId: number; readonly leaderEpoch: number },
): BeginQuorumEpochRequestInput => ({ clusterId, voterId, topics: ofMetadata(leader) });

export const endQuorumEpochRequest = (
  clusterId: Uuid,
  leader: { readonly leaderId: number; readonly leaderEpoch: number; readonly successors: readonly number[] },
): EndQuorumEpochRequestInput => ({
  clusterId,
  topics: ofMetadata({
    leaderId: leader.leaderId,
    leaderEpoch: leader.leaderEpoch,
    preferredSuccessors: leader.successors,
    preferredCandidates: leader.successors.map((candidateId) => ({ candidateId, candidateDirectoryId: ZERO_UUID })),
  }),
});

/** Source: KafkaRaftClient.MAX_FETCH_WAIT_MS, MAX_FETCH_SIZE_BYTES. */
const MAX_FETCH_WAIT_MS = 500;
const MAX_FETCH_BYTES = 8 * 1024 * 1024;

export const fetchRequest = (
  clusterId: Uuid,
  replica: { readonly replicaId: number; readonly epoch: number; readonly logEnd: LogEnd; readonly highWatermark: bigint },
): FetchRequestInput => ({
  clusterId,
  replicaState: { replicaId: replica.replicaId },
  maxWaitMs: MAX_FETCH_WAIT_MS,
  minBytes: 0,
  maxBytes: MAX_FETCH_BYTES,
  sessionId: 0,
  topics: [
    {
      topicId: METADATA_TOPIC_ID,
      partitions: [
        {
          partition: metadataPartition.partition,
          currentLeaderEpoch: replica.epoch,
          fetchOffset: replica.logEnd.offset,
          lastFetchedEpoch: replica.logEnd.epoch,
          partitionMaxBytes: 0,
          highWatermark: replica.highWatermark,
        },
      ],
    },
  ],
  forgottenTopicsData: [],
});

/** Source: KafkaRaftClient.MAX_FETCH_SIZE_BYTES is larger; a megabyte at a time leaves the loop to others. */
const MAX_SNAPSHOT_FETCH_BYTES = 1024 * 1024;

export const fetchSnapshotRequest = (
  clusterId: Uuid,
  replica: { readonly replicaId: number; readonly epoch: number; readonly id: LogEnd; readonly position: number },
): FetchSnapshotRequestInput => ({
  clusterId,
  replicaId: replica.replicaId,
  maxBytes: MAX_SNAPSHOT_FETCH_BYTES,
  topics: [
    {
      name: metadataPartition.topic,
      partitions: [
        {
          partition: metadataPartition.partition,
          currentLeaderEpoch: replica.epoch,
          snapshotId: { endOffset: replica.id.offset, epoch: replica.id.epoch },
          position: replica.position,
        },
      ],
    },
  ],
});

/** The one partition of an answer; null where there is none, or the whole request failed. */
export const partitionOf = <Partition>(response: {
  readonly errorCode: number;
  readonly topics: readonly { readonly partitions: readonly Partition[] }[];
}): Partition | null => (response.errorCode === 0 ? (response.topics[0]?.partitions[0] ?? null) : null);
