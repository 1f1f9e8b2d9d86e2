import { type ErrorName, errorCode } from '../../model/error-code.js';
import type { AlterPartitionRequest, AlterPartitionResponseInput } from '../../protocol/messages/alter-partition.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { checkBrokerEpoch } from './broker-epoch.js';
import { isActive } from './broker-state.js';
import type { Decision, DecisionContext } from './decision.js';
import { electionRules } from './election-rules.js';
import { LeaderRecoveryState, type MetadataImage, type PartitionImage } from './image.js';
import { applyPartitionChange, changePartition } from './partition-change.js';

type PartitionData = AlterPartitionRequest['topics'][number]['partitions'][number];
type PartitionResult = AlterPartitionResponseInput['topics'][number]['partitions'][number];
interface Member {
  readonly brokerId: number;
  /** -1 where the leader doesn't say. */
  readonly brokerEpoch: number;
}

/**
 * A leader changes the ISRs of its partitions (KIP-497). Throws KafkaError STALE_BROKER_EPOCH for the whole.
 * Source: ReplicationControlManager.alterPartition.
 */
export function decideAlterPartition(context: DecisionContext, request: AlterPartitionRequest): Decision<AlterPartitionResponseInput> {
  const { brokerId, brokerEpoch } = request;
  checkBrokerEpoch(context.image, brokerId, brokerEpoch);
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => {
    const topic = context.image.topics.byId.get(topicId);
    if (topic === undefined) {
      return { topicId, partitions: partitions.map(({ partitionIndex }) => refusal(partitionIndex, 'UNKNOWN_TOPIC_ID')) };
    }
    const rules = electionRules(context, topic);
    return {
      topicId,
      partitions: partitions.map((data): PartitionResult => {
        const { partitionIndex, leaderRecoveryState } = data;
        const partition = topic.partitions[partitionIndex];
        if (partition === undefined) return refusal(partitionIndex, 'UNKNOWN_TOPIC_OR_PARTITION');
        const members = membersOf(data);
        const problem = problemOf(context.image, brokerId, partition, data, members);
        if (problem !== null) return refusal(partitionIndex, problem);
        const isr = members.map((member) => member.brokerId);
        const change = changePartition(context.image, { topic, partitionId: partitionIndex, rules, isr, leaderRecoveryState });
        if (change === null) return accepted(partitionIndex, partition);
        records.push(change);
        const changed = applyPartitionChange(partition, change.value);
        // A reassignment that this completes may take the partition away from its leader.
        return changed.leaderEpoch > partition.leaderEpoch && changed.leader !== brokerId
          ? refusal(partitionIndex, 'NEW_LEADER_ELECTED')
          : accepted(partitionIndex, changed);
      }),
    };
  });
  return { records, response: { throttleTimeMs: 0, errorCode: 0, topics } };
}

/** Version 2 has ids alone (KIP-903). */
const membersOf = ({ newIsr, newIsrWithEpochs }: PartitionData): readonly Member[] =>
  newIsrWithEpochs.length > 0 ? newIsrWithEpochs : newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));

/** In Kafka's order: what is checked first is answered. Source: ReplicationControlManager.validateAlterPartitionData. */
function problemOf(
  image: MetadataImage,
  brokerId: number,
  partition: PartitionImage,
  { leaderEpoch, partitionEpoch, leaderRecoveryState }: PartitionData,
  members: readonly Member[],
): ErrorName | null {
  // The leader knows more than this controller, so there must be another one.
  if (leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch) return 'NOT_CONTROLLER';
  if (leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (brokerId !== partition.leader) return 'INVALID_REQUEST';
  if (partitionEpoch < partition.partitionEpoch) return 'INVALID_UPDATE_VERSION';
  const isr = members.map((member) => member.brokerId);
  const isPossible = isr.every((id) => partition.replicas.includes(id)) && new Set(isr).size === isr.length && isr.includes(brokerId);
  if (!isPossible) return 'INVALID_REQUEST';
  const { recovered, recovering } = LeaderRecoveryState;
  const isRecovering = leaderRecoveryState === recovering;
  if (!isRecovering && leaderRecoveryState !== recovered) return 'INVALID_REQUEST';
  if (isRecovering && (isr.length > 1 || partition.leaderRecoveryState === recovered)) return 'INVALID_REQUEST';
  return members.every((member) => isEligible(image, member)) ? null : 'INELIGIBLE_REPLICA';
}

/** A broker that is fenced, going, or not the one that the leader saw must catch up first. */
const isEligible = (image: MetadataImage, { brokerId, brokerEpoch }: Member): boolean =>
  isActive(image, brokerId) && (brokerEpoch === -1 || brokerEpoch === image.brokers.get(brokerId)?.epoch);

const refusal = (partitionIndex: number, error: ErrorName): PartitionResult => ({
  ...{ partitionIndex, errorCode: errorCode(error) },
  ...{ leaderId: 0, leaderEpoch: 0, isr: [], partitionEpoch: 0 },
});

const accepted = (partitionIndex: number, partition: PartitionImage): PartitionResult => ({
  partitionIndex,
  errorCode: 0,
  leaderId: partition.leader,
  leaderEpoch: partition.leaderEpoch,
  isr: partition.isr,
  leaderRecoveryState: partition.leaderRecoveryState,
  partitionEpoch: partition.partitionEpoch,
});
