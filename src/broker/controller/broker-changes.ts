import { brokerRegistrationChangeRecord } from '../../protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { unregisterBrokerRecord } from '../../protocol/metadata-records/unregister-broker-record.js';
import type { DecisionContext, Step } from './decision.js';
import { type BrokerImage, NO_LEADER } from './image.js';
import { leaderAndIsrUpdates } from './leader-and-isr-updates.js';

/** Kafka's BrokerRegistrationFencingChange and BrokerRegistrationInControlledShutdownChange. */
const FENCE = 1;
const UNFENCE = -1;
const IN_CONTROLLED_SHUTDOWN = 1;

/** Of partitions, in one step. */
const MAX_STEP_RECORDS = 500;

/**
 * The broker goes out of every ISR, and others lead what it led; with the last step it is fenced. Source:
 * ReplicationControlManager.handleBrokerFenced.
 */
export function fenceBroker(context: DecisionContext, { id, epoch, isFenced }: BrokerImage): Step {
  const { records, isLast } = leaveIsrs(context, id);
  if (!isLast || isFenced) return { records, isLast };
  const fence = metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: FENCE });
  return { records: [...records, fence], isLast };
}

/** The broker may lead, and leads what nobody led and it may. Source: handleBrokerUnfenced. */
export function unfenceBroker(context: DecisionContext, { id, epoch, isFenced }: BrokerImage): Step {
  const leaderless = context.image.partitionsOf.ledBy(NO_LEADER);
  const { records, isLast } = stepOf(leaderAndIsrUpdates(context, { comes: id }, leaderless, MAX_STEP_RECORDS));
  if (!isFenced) return { records, isLast };
  const unfence = metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: UNFENCE });
  return { records: [unfence, ...records], isLast };
}

/** The broker stays, but hands on what it leads. Source: handleBrokerInControlledShutdown. */
export function beginControlledShutdown(context: DecisionContext, { id, epoch, isInControlledShutdown }: BrokerImage): Step {
  const { records, isLast } = leaveIsrs(context, id);
  if (isInControlledShutdown) return { records, isLast };
  const change = { brokerId: id, brokerEpoch: epoch, inControlledShutdown: IN_CONTROLLED_SHUTDOWN };
  return { records: [metadataRecord(brokerRegistrationChangeRecord, change), ...records], isLast };
}

/**
 * A broker begins another life than the one that is known of. Where that one did not end in order, what it had written may be lost:
 * it is neither in sync nor an eligible leader any more (KIP-966). Source: handleBrokerShutdown.
 *
 * Where it ended in order and the broker is in the ISR still, it has all that is committed, and stays there as long as it is heard of: then
 * a cluster that stopped as a whole has its ISRs and leaders again. Kafka takes it out, and leaves whichever broker comes back last.
 */
export function endPreviousLife(
  context: DecisionContext & { readonly isAlive: (brokerId: number) => boolean },
  id: number,
  isCleanShutdown: boolean,
): Step {
  const { ledBy, withIsrMember, withElrMember } = context.image.partitionsOf;
  if (isCleanShutdown) {
    return stepOf(leaderAndIsrUpdates(context, { returns: id, isAlive: context.isAlive }, ledBy(id), MAX_STEP_RECORDS));
  }
  const outOfIsr = leaderAndIsrUpdates(context, { lostData: id }, withIsrMember(id), MAX_STEP_RECORDS);
  const outOfElr = leaderAndIsrUpdates(context, { lostData: id }, withElrMember(id), MAX_STEP_RECORDS - outOfIsr.length);
  return stepOf([...outOfIsr, ...outOfElr]);
}

const leaveIsrs = (context: DecisionContext, id: number): Step =>
  stepOf(leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id), MAX_STEP_RECORDS));

/** As many as were asked for: there may be more. */
const stepOf = (records: readonly MetadataRecord[]): Step => ({ records, isLast: records.length < MAX_STEP_RECORDS });

/** The broker is forgotten. Source: handleBrokerUnregistered. */
export const unregisterBroker = (context: DecisionContext, { id, epoch }: BrokerImage): readonly MetadataRecord[] => [
  ...leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id)),
  metadataRecord(unregisterBrokerRecord, { brokerId: id, brokerEpoch: epoch }),
];
