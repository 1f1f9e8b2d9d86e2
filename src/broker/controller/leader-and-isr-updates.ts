import type { Uuid } from '../../model/uuid.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { isActive } from './broker-state.js';
import type { DecisionContext } from './decision.js';
import { electionRules } from './election-rules.js';
import { changePartition } from './partition-change.js';

/**
 * What happened to a broker: it goes, or comes, or begins another life. Where the one before did not end in order, its data may be lost;
 * where it did, the broker has all that was committed while it was in the ISR, and leads on unless another can that `isAlive` tells of.
 */
export type BrokerEvent =
  | { readonly leaves: number }
  | { readonly comes: number }
  | { readonly lostData: number }
  | { readonly returns: number; readonly isAlive: (brokerId: number) => boolean };

/**
 * New leaders and ISRs of the partitions that this concerns, `maxRecords` of them at most. Source: ReplicationControlManager.generateLeaderAndIsrUpdates.
 */
export function leaderAndIsrUpdates(
  context: DecisionContext,
  event: BrokerEvent,
  partitions: ReadonlyMap<Uuid, ReadonlySet<number>>,
  maxRecords = Number.POSITIVE_INFINITY,
): readonly MetadataRecord[] {
  const { image } = context;
  const gone = goneOf(event);
  const uncleanShutdownReplica = 'lostData' in event ? event.lostData : null;
  const coming = 'comes' in event ? event.comes : null;
  const returning = 'returns' in event ? event : null;
  const isAcceptableLeader = (id: number): boolean =>
    id !== gone && (id === coming || isActive(image, id)) && returning?.isAlive(id) !== false;
  const records: MetadataRecord[] = [];
  for (const [topicId, numbers] of partitions) {
    const topic = image.topics.byId.get(topicId);
    if (topic === undefined) throw new Error(`there is no topic ${topicId}`);
    const rules = electionRules(context, topic);
    for (const partitionId of numbers) {
      if (records.length >= maxRecords) return records;
      const { isr: present = [] } = topic.partitions[partitionId] ?? {};
      if (returning !== null && !present.some(isAcceptableLeader)) continue;
      const isr = returning !== null ? present : present.filter((id) => id !== gone);
      const record = changePartition(image, { topic, partitionId, rules, isAcceptableLeader, isr, uncleanShutdownReplica });
      if (record !== null) records.push(record);
    }
  }
  return records;
}

function goneOf(event: BrokerEvent): number | null {
  if ('leaves' in event) return event.leaves;
  if ('lostData' in event) return event.lostData;
  return 'returns' in event ? event.returns : null;
}
