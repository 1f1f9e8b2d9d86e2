import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../../protocol/messages/broker-heartbeat.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import type { UnregisterBrokerResponseInput } from '../../protocol/messages/unregister-broker.js';
import { brokerRegistrationChangeRecord } from '../../protocol/metadata-records/broker-registration-change-record.js';
import { type MetadataRecord, metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { registerBrokerRecord } from '../../protocol/metadata-records/register-broker-record.js';
import { unregisterBrokerRecord } from '../../protocol/metadata-records/unregister-broker-record.js';
import type { Decision, DecisionContext } from './decision.js';
import type { BrokerImage } from './image.js';
import { isActive } from './new-partition.js';
import { changePartition } from './partition-change.js';
import { isUncleanElectionAllowed } from './unclean-election.js';

/** Kafka's BrokerRegistrationFencingChange and BrokerRegistrationInControlledShutdownChange. */
const FENCE = 1;
const UNFENCE = -1;
const IN_CONTROLLED_SHUTDOWN = 1;

export interface RegistrationContext extends DecisionContext {
  readonly clusterId: Uuid;
  /** Whether a process with this broker's id was heard of within its session. */
  readonly isAlive: (brokerId: number) => boolean;
  /** The offset that the first record of this decision will have: it becomes the broker's epoch. */
  readonly nextOffset: bigint;
}

/** A broker begins a life, or says again what it said. It is fenced until it has caught up. Source: ClusterControlManager.registerBroker. */
export function decideBrokerRegistration(
  { image, clusterId, isAlive, nextOffset }: RegistrationContext,
  request: BrokerRegistrationRequest,
): Decision<BrokerRegistrationResponseInput> {
  const { brokerId, incarnationId } = request;
  if (request.clusterId !== clusterId) {
    throw new KafkaError('INCONSISTENT_CLUSTER_ID', `Expected cluster ID ${clusterId}, but got cluster ID ${request.clusterId}`);
  }
  const existing = image.brokers.get(brokerId);
  const isSameLife = existing?.incarnationId === incarnationId;
  if (!isSameLife && isAlive(brokerId)) {
    throw new KafkaError('DUPLICATE_BROKER_REGISTRATION', 'Another broker is registered with that broker id.');
  }
  checkDirectories(image.brokers, request);
  for (const [name, level] of image.features) {
    const supported = request.features.find((feature) => feature.name === name);
    if (supported !== undefined && supported.minSupportedVersion <= level && level <= supported.maxSupportedVersion) continue;
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      `Unable to register because the broker does not support finalized version ${level} of ${name}.`,
    );
  }
  const brokerEpoch = isSameLife && existing !== undefined ? existing.epoch : Number(nextOffset);
  const record = metadataRecord(registerBrokerRecord, {
    brokerId,
    incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    fenced: isSameLife ? (existing?.isFenced ?? true) : true,
    inControlledShutdown: isSameLife ? (existing?.isInControlledShutdown ?? false) : false,
    logDirs: request.logDirs,
  });
  return { records: [record], response: { throttleTimeMs: 0, errorCode: 0, brokerEpoch } };
}

function checkDirectories(brokers: ReadonlyMap<number, BrokerImage>, { brokerId, logDirs }: BrokerRegistrationRequest): void {
  const refuse = (what: string): never => {
    throw new KafkaError('INVALID_REGISTRATION', what);
  };
  if (logDirs.length === 0) refuse('No directories specified in request');
  if (new Set(logDirs).size !== logDirs.length) refuse('Duplicate directory ID in request');
  for (const broker of brokers.values()) {
    const shared = broker.id === brokerId ? undefined : logDirs.find((id) => broker.logDirectories.includes(id));
    if (shared !== undefined) refuse(`Broker ${broker.id} is already registered with directory ${shared}`);
  }
}

/** What becomes of a broker that says it is alive. Source: ReplicationControlManager.processBrokerHeartbeat, BrokerHeartbeatManager. */
export function decideBrokerHeartbeat(context: DecisionContext, request: BrokerHeartbeatRequest): Decision<BrokerHeartbeatResponseInput> {
  const { brokerId, wantFence, wantShutDown, currentMetadataOffset } = request;
  const broker = registered(context, brokerId);
  if (broker.epoch !== request.brokerEpoch) {
    throw new KafkaError('STALE_BROKER_EPOCH', `Expected broker epoch ${broker.epoch}, but got broker epoch ${request.brokerEpoch}`);
  }
  const isCaughtUp = currentMetadataOffset >= BigInt(broker.epoch);
  const answer = (records: readonly MetadataRecord[], isFenced: boolean, shouldShutDown: boolean) => ({
    records,
    response: { throttleTimeMs: 0, errorCode: 0, isCaughtUp, isFenced, shouldShutDown },
  });
  if (broker.isFenced) {
    if (wantShutDown) return answer([], true, true);
    return wantFence || !isCaughtUp ? answer([], true, false) : answer(unfence(context, broker), false, false);
  }
  if (!wantFence && !wantShutDown) return answer([], false, false);
  if (wantShutDown && !wantFence && leadsAny(context, brokerId)) return answer(beginShutdown(context, broker), false, false);
  return answer(fenceBroker(context, broker), true, wantShutDown);
}

function registered({ image }: DecisionContext, brokerId: number): BrokerImage {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) throw new KafkaError('BROKER_ID_NOT_REGISTERED', `Broker ID ${brokerId} is not currently registered`);
  return broker;
}

const leadsAny = ({ image }: DecisionContext, brokerId: number): boolean =>
  [...image.topics.byId.values()].some(({ partitions }) => partitions.some(({ leader }) => leader === brokerId));

/** The broker goes out of every ISR that has another member, and others lead what it led. */
export function fenceBroker(context: DecisionContext, { id, epoch }: BrokerImage): readonly MetadataRecord[] {
  return [
    ...partitionChanges(context, { without: id }),
    metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: FENCE }),
  ];
}

const unfence = (context: DecisionContext, { id, epoch }: BrokerImage): readonly MetadataRecord[] => [
  metadataRecord(brokerRegistrationChangeRecord, { brokerId: id, brokerEpoch: epoch, fenced: UNFENCE }),
  ...partitionChanges(context, { with: id }),
];

function beginShutdown(context: DecisionContext, { id, epoch, isInControlledShutdown }: BrokerImage): readonly MetadataRecord[] {
  const leaves = metadataRecord(brokerRegistrationChangeRecord, {
    brokerId: id,
    brokerEpoch: epoch,
    inControlledShutdown: IN_CONTROLLED_SHUTDOWN,
  });
  return [...(isInControlledShutdown ? [] : [leaves]), ...partitionChanges(context, { without: id })];
}

/**
 * New leaders and ISRs where a broker goes (all partitions that have it in the ISR) or comes (those that nobody leads).
 * Source: ReplicationControlManager.generateLeaderAndIsrUpdates.
 */
function partitionChanges(
  context: DecisionContext,
  change: { readonly with: number; readonly without?: never } | { readonly without: number; readonly with?: never },
): readonly MetadataRecord[] {
  const { image } = context;
  const isAcceptableLeader = (id: number): boolean => id !== change.without && (id === change.with || isActive(image, id));
  const records: MetadataRecord[] = [];
  for (const { id: topicId, name, partitions } of image.topics.byId.values()) {
    const election = isUncleanElectionAllowed(context, name) ? 'unclean' : 'online';
    partitions.forEach((partition, partitionId) => {
      const isConcerned = change.without === undefined ? partition.leader < 0 : partition.isr.includes(change.without);
      if (!isConcerned) return;
      const isr = partition.isr.filter((id) => id !== change.without);
      const record = changePartition({ topicId, partitionId, partition, isAcceptableLeader, election, isr });
      if (record !== null) records.push(record);
    });
  }
  return records;
}

/** An operator says that a broker won't come back. Source: ReplicationControlManager.unregisterBroker. */
export function decideUnregisterBroker(context: DecisionContext, brokerId: number): Decision<UnregisterBrokerResponseInput> {
  const { id, epoch } = registered(context, brokerId);
  const record = metadataRecord(unregisterBrokerRecord, { brokerId: id, brokerEpoch: epoch });
  return {
    records: [...partitionChanges(context, { without: id }), record],
    response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null },
  };
}
