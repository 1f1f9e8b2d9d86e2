import { type ErrorName, errorCode } from '../../model/error-code.js';
import type { Uuid } from '../../model/uuid.js';
import { metadataPartition } from '../controller/metadata-log.js';
import type { QuorumAnswer } from '../controller/raft/answers.js';
import type { ControllerContext } from '../server/controller-context.js';

/**
 * The one partition that a request among voters may name: that of the metadata log of this cluster. Otherwise the error of the whole
 * request, as in Kafka. Source: KafkaRaftClient.hasValidClusterId, RaftUtil.hasValidTopicPartition.
 */
export function metadataLogPartition<Partition extends { readonly partitionIndex: number }>(
  { clusterId: ownClusterId }: Pick<ControllerContext, 'clusterId'>,
  {
    clusterId,
    topics,
  }: {
    readonly clusterId: Uuid | null;
    readonly topics: readonly { readonly topicName: string; readonly partitions: readonly Partition[] }[];
  },
): { readonly partition: Partition } | { readonly error: ErrorName } {
  if (clusterId !== null && clusterId !== ownClusterId) return { error: 'INCONSISTENT_CLUSTER_ID' };
  const [topic] = topics;
  const partition = topic?.partitions[0];
  const isOnly = topics.length === 1 && topic?.topicName === metadataPartition.topic && topic.partitions.length === 1;
  if (!isOnly || partition?.partitionIndex !== metadataPartition.partition) return { error: 'INVALID_REQUEST' };
  return { partition };
}

/** The answer of that partition, in the form that Vote, BeginQuorumEpoch and EndQuorumEpoch share. */
export const metadataLogAnswer = <More extends object>({ error, leaderId, leaderEpoch }: QuorumAnswer, more: More) => ({
  errorCode: 0,
  topics: [
    {
      topicName: metadataPartition.topic,
      partitions: [
        { partitionIndex: metadataPartition.partition, errorCode: error === null ? 0 : errorCode(error), leaderId, leaderEpoch, ...more },
      ],
    },
  ],
});
/** Where the leader of the answer listens, for versions that tell it. */
export const leaderEndpoints = ({ quorum }: ControllerContext, { leaderId }: QuorumAnswer) =>
  quorum.voters.filter(({ id }) => id === leaderId).map(({ id, host, port }) => ({ nodeId: id, host, port }));
