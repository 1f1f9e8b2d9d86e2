import type { OngoingReassignment } from '../../../admin/reassignments.js';
import { groupBy } from '../../../model/group-by.js';
import type { KafkaFailure } from '../../../model/outcome.js';
import { topicPartitionName } from '../../../model/topic-partition.js';
import type { BrokerState } from '../../brokers/read-brokers.js';
import type { LedPartition } from '../../read-leaders.js';
import { shellWord } from '../../shell-word.js';
import type { CheckReport, Finding } from './finding.js';
import { brokersText, count, partitionsText } from './wording.js';

export interface PartitionFacts {
  readonly brokers: readonly BrokerState[];
  readonly partitions: readonly LedPartition[];
  /** By topic, min.insync.replicas. */
  readonly minIsr: ReadonlyMap<string, number>;
  /** Why that of others is not known. */
  readonly minIsrFailures: readonly { readonly subject: string; readonly error: KafkaFailure }[];
  /** Empty where they could not be learned, which another check tells. */
  readonly reassignments: readonly OngoingReassignment[];
}

const keyOf = ({ topic, partition }: LedPartition) => ({ topic, partition });
const isLed = ({ leader }: LedPartition) => leader !== -1;
const describeCommand = (topic: string) => `kafka-ts topics describe ${shellWord(topic)}`;

/** Partitions without a leader: nothing can be written or read there. */
export function checkOffline({ brokers, partitions }: PartitionFacts): CheckReport {
  const down = new Set(brokers.filter(({ alive }) => !alive).map(({ broker }) => broker));
  const byTopic = groupBy(
    partitions.filter((partition) => !isLed(partition)),
    ({ topic }) => topic,
  );
  const findings = [...byTopic].map(([topic, members]): Finding => {
    const replicas = [...new Set(members.flatMap((member) => member.replicas))].sort((a, b) => a - b);
    const gone = replicas.filter((broker) => down.has(broker));
    const [it, is] = [members.length === 1 ? 'it' : 'them', gone.length === 1 ? 'is' : 'are'];
    const where = gone.length > 0 ? `; replicas of ${it} are on ${brokersText(gone)}, which ${is} down` : '';
    return {
      severity: 'critical',
      subject: topic,
      value: members.length,
      message: `${partitionsText(members)} ${members.length === 1 ? 'has' : 'have'} no leader${where}`,
      next: describeCommand(topic),
      partitions: members.map(keyOf),
    };
  });
  const summary = `${count(partitions.length, 'partition')}, each with a leader`;
  return { check: 'offline-partitions', findings, failures: [], worst: 0, threshold: 0, summary };
}

/**
 * Partitions with fewer in-sync replicas than acks=all wants: such writes are refused. A topic that was made with fewer replicas than
 * that is refused them before Kafka 3.7 alone (KAFKA-15583, Partition.effectiveMinIsr), and so is a warning.
 */
export function checkUnderMinIsr(facts: PartitionFacts): CheckReport {
  const say = (members: readonly LedPartition[], what: string) =>
    `${partitionsText(members)} ${members.length === 1 ? 'has' : 'have'} ${what}`;
  const lost = minIsrFindings(facts, {
    severity: 'critical',
    isFound: ({ isr, replicas }, minIsr) => isr.length < Math.min(minIsr, replicas.length),
    says: (members, minIsr) => say(members, `fewer in-sync replicas than min.insync.replicas=${minIsr}: acks=all is refused`),
  });
  const neverHad = minIsrFindings(facts, {
    severity: 'warning',
    isFound: ({ isr, replicas }, minIsr) => replicas.length < minIsr && isr.length === replicas.length,
    says: (members, minIsr) => say(members, `fewer replicas than min.insync.replicas=${minIsr}: Kafka before 3.7 refuses acks=all`),
  });
  const summary = 'all partitions have the in-sync replicas that acks=all wants';
  return { check: 'under-min-isr', findings: [...lost, ...neverHad], failures: facts.minIsrFailures, worst: 0, threshold: 0, summary };
}

/**
 * Partitions that lost replicas and can lose no other. Those that have no more replicas than they must have are as they were made, and
 * nothing to wake up for.
 */
export function checkAtMinIsr(facts: PartitionFacts): CheckReport {
  const missingOf = missingReplicas(facts);
  const findings = minIsrFindings(facts, {
    severity: 'warning',
    isFound: (partition, minIsr) => partition.isr.length === minIsr && missingOf(partition).length > 0,
    says: (members, minIsr) =>
      `${partitionsText(members)} can lose no other replica: with the next min.insync.replicas=${minIsr} refuses acks=all`,
  });
  const summary = 'no partition has lost all the replicas that it can spare';
  return { check: 'at-min-isr', findings, failures: [], worst: 0, threshold: 0, summary };
}

interface MinIsrRule extends Pick<Finding, 'severity'> {
  readonly isFound: (partition: LedPartition, minIsr: number) => boolean;
  readonly says: (members: readonly LedPartition[], minIsr: number) => string;
}

/** One for each topic. */
function minIsrFindings({ partitions, minIsr }: PartitionFacts, { severity, isFound, says }: MinIsrRule): readonly Finding[] {
  const found = partitions.filter((partition) => isLed(partition) && isFound(partition, minIsr.get(partition.topic) ?? 0));
  return [...groupBy(found, ({ topic }) => topic)].map(([topic, members]) => ({
    severity,
    subject: topic,
    value: members.length,
    message: says(members, minIsr.get(topic) ?? 0),
    next: describeCommand(topic),
    partitions: members.map(keyOf),
  }));
}

/** Brokers whose replica is out of sync. Replicas that a reassignment adds are on their way, and no loss. */
function missingReplicas({ reassignments }: PartitionFacts): (partition: LedPartition) => readonly number[] {
  const adding = new Map(reassignments.map((each) => [topicPartitionName(each), new Set(each.addingReplicas)]));
  return (partition) => {
    const coming = adding.get(topicPartitionName(partition));
    return partition.replicas.filter((broker) => !partition.isr.includes(broker) && !coming?.has(broker));
  };
}

/** Replicas out of sync, by the broker that has them. */
export function checkUnderReplicated(facts: PartitionFacts): CheckReport {
  const { brokers, partitions } = facts;
  const missingOf = missingReplicas(facts);
  const alive = new Set(brokers.filter((broker) => broker.alive).map(({ broker }) => broker));
  const lacking = partitions.filter(isLed).flatMap((partition) => missingOf(partition).map((broker) => ({ broker, partition })));
  const findings = [...groupBy(lacking, ({ broker }) => broker)]
    .sort(([a], [b]) => a - b)
    .map(([broker, members]): Finding => {
      const topics = new Set(members.map(({ partition }) => partition.topic)).size;
      const why = alive.has(broker) ? 'it is alive and behind' : 'it is down';
      return {
        severity: 'warning',
        subject: `broker ${broker}`,
        value: members.length,
        message: `${count(members.length, 'replica')} of ${count(topics, 'topic')} ${members.length === 1 ? 'is' : 'are'} out of sync: ${why}`,
        next: alive.has(broker) ? `kafka-ts brokers log-dirs ${broker}` : `kafka-ts brokers describe ${broker}`,
        partitions: members.map(({ partition }) => keyOf(partition)),
      };
    });
  const summary = 'all replicas are in sync';
  return { check: 'under-replicated', findings, failures: [], worst: 0, threshold: 0, summary };
}
