import { type ErrorName, errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { describeQuorum } from '../../protocol/messages/describe-quorum.js';
import { metadataPartition } from '../controller/metadata-log.js';
import type { Replica } from '../controller/raft/replicas.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { CONTROLLER_LISTENER } from '../server/listener-names.js';

/**
 * DescribeQuorum: who leads the metadata log, and how far each voter and each observer is (KIP-595). The leader alone knows: whoever asks
 * another controller is told so in the partition, and what a broker hands on comes back to be handed to the leader.
 *
 * - 1: times of the last fetch and of having caught up (KIP-836); 2: the controllers' addresses, error messages (KIP-853).
 */
export const describeQuorumHandler = handler<ControllerContext>()({
  api: describeQuorum,
  handle: ({ quorum }, { topics }, { apiVersion, connectionId }) => {
    const replicas = quorum.replicas();
    const isForwarded = connectionId < 0;
    if (replicas === null && isForwarded) throw new KafkaError('NOT_CONTROLLER');
    return {
      errorCode: 0,
      errorMessage: '',
      topics: topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) => {
          if (topicName !== metadataPartition.topic || partitionIndex !== metadataPartition.partition) {
            return refused(partitionIndex, 'UNKNOWN_TOPIC_OR_PARTITION');
          }
          if (replicas === null) return refused(partitionIndex, 'NOT_LEADER_OR_FOLLOWER');
          return {
            partitionIndex,
            errorCode: 0,
            errorMessage: '',
            leaderId: quorum.leaderId,
            leaderEpoch: quorum.leaderEpoch,
            highWatermark: quorum.highWatermark,
            currentVoters: replicas.voters.map(replicaState),
            observers: replicas.observers.map(replicaState),
          };
        }),
      })),
      ...(apiVersion >= 2 && {
        nodes: quorum.voters.map(({ id, host, port }) => ({ nodeId: id, listeners: [{ name: CONTROLLER_LISTENER, host, port }] })),
      }),
    };
  },
});

const replicaState = ({ id, endOffset, lastFetchMs, lastCaughtUpMs }: Replica) => ({
  replicaId: id,
  logEndOffset: endOffset,
  lastFetchTimestamp: lastFetchMs,
  lastCaughtUpTimestamp: lastCaughtUpMs,
});

const refused = (partitionIndex: number, error: ErrorName) => ({
  partitionIndex,
  errorCode: errorCode(error),
  errorMessage: new KafkaError(error).message,
  leaderId: 0,
  leaderEpoch: 0,
  highWatermark: 0n,
  currentVoters: [],
  observers: [],
});
