import type { AdminClient } from '../../admin/admin-client.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import { partitionName } from '../partition-name.js';
import type { ClusterLeaders } from '../read-leaders.js';

/** What an operator should know before leaders are moved. */
export interface ClusterConditions {
  /** Kafka elects preferred leaders by itself; null where no broker tells. */
  readonly autoLeaderRebalance: boolean | null;
  /** Topics of Cruise Control, which may move leaders too. */
  readonly cruiseControlTopics: readonly string[];
  /** Brokers that hold replicas and do not live, by rising id. */
  readonly downBrokers: readonly number[];
  readonly underReplicatedCount: number;
  /** Partitions that nobody leads. */
  readonly offlineCount: number;
  /** Partitions that are left as they are. */
  readonly reassigning: readonly TopicPartition[];
}

const AUTO_REBALANCE = 'auto.leader.rebalance.enable';

export async function readConditions(
  admin: AdminClient,
  { brokers, partitions }: ClusterLeaders,
  { signal }: Pick<Run, 'signal'>,
): Promise<ClusterConditions> {
  const live = brokers.find(({ alive }) => alive);
  const [topics, configs, reassignments] = await Promise.all([
    admin.listTopics({ signal }),
    live === undefined ? [] : admin.describeConfigs([{ type: 'broker', name: String(live.id) }], { names: [AUTO_REBALANCE], signal }),
    admin.listPartitionReassignments(null, { signal }),
  ]);
  const rebalance = configs[0]?.configs?.find(({ name }) => name === AUTO_REBALANCE)?.value;
  const members = new Set(partitions.map(topicPartitionName));
  return {
    autoLeaderRebalance: rebalance === undefined || rebalance === null ? null : rebalance === 'true',
    cruiseControlTopics: topics.map(({ topic }) => topic).filter((topic) => /^__(Kafka)?CruiseControl/.test(topic)),
    downBrokers: brokers.filter(({ alive }) => !alive).map(({ id }) => id),
    underReplicatedCount: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    offlineCount: partitions.filter(({ leader }) => leader === -1).length,
    reassigning: reassignments
      .filter((each) => members.has(topicPartitionName(each)))
      .map(({ topic, partition }) => ({ topic, partition })),
  };
}

/** The conditions in words, for those that there is something to say about. `isFromFile`: of a plan that was made before. */
export function conditionNotes(conditions: ClusterConditions, isFromFile = false): readonly string[] {
  const { autoLeaderRebalance, cruiseControlTopics, downBrokers, underReplicatedCount, offlineCount, reassigning } = conditions;
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return [
    ...(autoLeaderRebalance === true
      ? [`${AUTO_REBALANCE} is on: Kafka itself elects preferred leaders from time to time; the new orders make that keep to the plan`]
      : []),
    ...(cruiseControlTopics.length > 0
      ? [`Cruise Control's topics are here (${cruiseControlTopics.join(', ')}): if it runs, it may move leaders too`]
      : []),
    ...(downBrokers.length > 0
      ? [
          isFromFile
            ? `down: ${downBrokers.join(', ')}; what the plan has them lead cannot be done; carry it out again when all are back`
            : `down: ${downBrokers.join(', ')}; the others are balanced as if they alone were there; balance again when all are back`,
        ]
      : []),
    ...(underReplicatedCount > 0 ? [`${count(underReplicatedCount, 'partition')} under-replicated: what is not in sync cannot lead`] : []),
    ...(offlineCount > 0 ? [`${count(offlineCount, 'partition')} without a leader`] : []),
    ...(reassigning.length > 0
      ? [`${count(reassigning.length, 'partition')} being reassigned, left as they are: ${nameSome(reassigning.map(partitionName))}`]
      : []),
  ];
}

const NAMED = 10;
const nameSome = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
