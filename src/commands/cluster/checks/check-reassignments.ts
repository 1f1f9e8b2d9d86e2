import type { OngoingReassignment } from '../../../admin/reassignments.js';
import { groupBy } from '../../../model/group-by.js';
import type { KafkaFailure } from '../../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../../model/topic-partition.js';
import { durationText } from '../../../render/duration-text.js';
import type { LedPartition } from '../../read-leaders.js';
import type { CheckReport, Finding } from './finding.js';
import { count } from './wording.js';

/** A replica on its way to a broker that does not have all of it yet. */
export interface Arrival extends TopicPartition {
  readonly broker: number;
}
export interface ReassignmentFacts {
  readonly ongoing: readonly OngoingReassignment[];
  /** Why the above is not known. */
  readonly error: KafkaFailure | null;
  /** Brokers where, while they were watched, no replica that is to come brought in anything, and none arrived. */
  readonly idle: ReadonlySet<number>;
  readonly watchedMs: number;
}

/** What reassignments still have to bring, by the in-sync replicas that Metadata told. */
export function arrivalsOf(ongoing: readonly OngoingReassignment[], partitions: readonly LedPartition[]): readonly Arrival[] {
  const isrOf = new Map(partitions.map((partition) => [topicPartitionName(partition), partition.isr]));
  return ongoing.flatMap(({ topic, partition, addingReplicas }) => {
    const isr = isrOf.get(topicPartitionName({ topic, partition })) ?? [];
    return addingReplicas.filter((broker) => !isr.includes(broker)).map((broker) => ({ broker, topic, partition }));
  });
}

/** Reassignments that go nowhere: Kafka itself never ends them. */
export function checkReassignments(
  { ongoing, error, idle, watchedMs }: ReassignmentFacts,
  partitions: readonly LedPartition[],
  down: ReadonlySet<number>,
): CheckReport {
  const findings = [...groupBy(arrivalsOf(ongoing, partitions), ({ broker }) => broker)]
    .filter(([broker]) => down.has(broker) || idle.has(broker))
    .sort(([a], [b]) => a - b)
    .map(([broker, members]): Finding => {
      const those = `${count(members.length, 'replica')} ${members.length === 1 ? 'is' : 'are'} to move there`;
      return {
        severity: 'warning',
        subject: `broker ${broker}`,
        value: members.length,
        message: down.has(broker) ? `${those}, and it is down` : `${those}, and nothing came within ${durationText(watchedMs)}`,
        next: 'kafka-ts partitions reassignments',
        partitions: members.map(({ topic, partition }) => ({ topic, partition })),
      };
    });
  const summary = ongoing.length === 0 ? 'nothing is being reassigned' : `${count(ongoing.length, 'partition')} on the way`;
  const failures = error === null ? [] : [{ subject: 'the controllers', error }];
  return { check: 'reassignments', findings, failures, worst: 0, threshold: 0, summary };
}
