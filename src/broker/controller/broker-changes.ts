import { brokerRegistrationChangeRecord } from '../../protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { unregisterBrokerRecord } from '../../protocol/metadata-records/unregister-broker-record.js';
import type { DecisionContext } from './decision.js';
import { type BrokerImage, NO_LEADER } from './image.js';
import { leaderAndIsrUpdates } from './leader-and-isr-updates.js';

/** Kafka's BrokerRegistrationFencingChange and BrokerRegistrationInControlledShutdownChange. */
const FENCE = 1;
const UNFENCE = -1;
const IN_CONTROLLED_SHUTDOWN = 1;

/** The broker goes out of every ISR, and others lead what it led. Source: ReplicationControlManager.handleBrokerFenced. */
export const fenceBroker = (context: DecisionContext, { id, epoch, isFenced }: BrokerImage): readonly MetadataRecord[] => [
  ...leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id)),
  ...(isFenced ? [] : [metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: FENCE })]),
];

/** In one step of `stepToFence`. */
const MAX_STEP_RECORDS = 1_000;

/**
 * As much of `fenceBroker` as should be decided at once: the broker is fenced with the last step (`isLast`), and is out of some more ISRs
 * after each before.
 */
export function stepToFence(
  context: DecisionContext,
  broker: BrokerImage,
): { readonly records: readonly MetadataRecord[]; readonly isLast: boolean } {
  const { id } = broker;
  const records = leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id), MAX_STEP_RECORDS);
  return records.length < MAX_STEP_RECORDS ? { records: fenceBroker(context, broker), isLast: true } : { records, isLast: false };
}

/** The broker may lead, and leads what nobody led and it may. Source: handleBrokerUnfenced. */
export const unfenceBroker = (context: DecisionContext, { id, epoch }: BrokerImage): readonly MetadataRecord[] => [
  metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: UNFENCE }),
  ...leaderAndIsrUpdates(context, { comes: id }, context.image.partitionsOf.ledBy(NO_LEADER)),
];

/** The broker stays, but hands on what it leads. Source: handleBrokerInControlledShutdown. */
export const beginControlledShutdown = (
  context: DecisionContext,
  { id, epoch, isInControlledShutdown }: BrokerImage,
): readonly MetadataRecord[] => [
  ...(isInControlledShutdown
    ? []
    : [metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, inControlledShutdown: IN_CONTROLLED_SHUTDOWN })]),
  ...leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id)),
];

/**
 * A broker begins another life than the one that is known of. Where that one did not end in order, what it had written may be lost:
 * it is neither in sync nor an eligible leader any more (KIP-966). Source: handleBrokerShutdown.
 *
 * Where it ended in order and the broker is in the ISR still, it has all that is committed, and stays there for a session timeout: then a
 * cluster that stopped as a whole has its ISRs again. Kafka takes it out, and leaves whichever broker comes back last.
 */
export function endPreviousLife(context: DecisionContext, id: number, isCleanShutdown: boolean): readonly MetadataRecord[] {
  const { withIsrMember, withElrMember } = context.image.partitionsOf;
  if (isCleanShutdown) return leaderAndIsrUpdates(context, { returns: id }, withIsrMember(id));
  return [
    ...leaderAndIsrUpdates(context, { lostData: id }, withIsrMember(id)),
    ...leaderAndIsrUpdates(context, { lostData: id }, withElrMember(id)),
  ];
}

/** The broker is forgotten. Source: handleBrokerUnregistered. */
export const unregisterBroker = (context: DecisionContext, { id, epoch }: BrokerImage): readonly MetadataRecord[] => [
  ...leaderAndIsrUpdates(context, { leaves: id }, context.image.partitionsOf.withIsrMember(id)),
  metadataRecord(unregisterBrokerRecord, { brokerId: id, brokerEpoch: epoch }),
];
