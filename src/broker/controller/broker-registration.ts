import { KafkaError } from '../../model/errors.js';
import { type Uuid, ZERO_UUID } from '../../model/uuid.js';
import type { BrokerRegistrationRequest, BrokerRegistrationResponseInput } from '../../protocol/messages/broker-registration.js';
import type { UnregisterBrokerResponseInput } from '../../protocol/messages/unregister-broker.js';
import { metadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { registerBrokerRecord } from '../../protocol/metadata-records/register-broker-record.js';
import { endPreviousLife, unregisterBroker } from './broker-changes.js';
import { checkRecordCount, type Decision, type DecisionContext, type DecisionStep } from './decision.js';
import type { MetadataImage } from './image.js';

export interface RegistrationContext extends DecisionContext {
  readonly clusterId: Uuid;
  /** Whether a process with this broker's id was heard of within its session. */
  readonly isAlive: (brokerId: number) => boolean;
  /** The offset that the first record of this decision will have: that of the last step becomes the broker's epoch. */
  readonly nextOffset: bigint;
  /** From version 3 on a broker tells whether its previous life ended in order; of older ones it is believed that it did not. */
  readonly apiVersion: number;
}

/**
 * A broker begins a life, or says again what it said. It is fenced until it has caught up, and registered with the last step: those before
 * end its previous life. Source: ClusterControlManager.registerBroker.
 */
export function decideBrokerRegistration(
  context: RegistrationContext,
  request: BrokerRegistrationRequest,
): DecisionStep<BrokerRegistrationResponseInput> {
  const { image, clusterId, isAlive, nextOffset, apiVersion } = context;
  const { brokerId, incarnationId } = request;
  if (request.clusterId !== clusterId) {
    throw new KafkaError('INCONSISTENT_CLUSTER_ID', `Expected cluster ID ${clusterId}, but got cluster ID ${request.clusterId}`);
  }
  const existing = image.brokers.get(brokerId);
  const sameLife = existing?.incarnationId === incarnationId ? existing : null;
  if (sameLife === null && isAlive(brokerId)) {
    throw new KafkaError(
      'DUPLICATE_BROKER_REGISTRATION',
      "Another broker is registered with that broker id. If the broker was recently restarted this should self-resolve once the heartbeat manager expires the broker's session.",
    );
  }
  if (request.isMigratingZkBroker) {
    throw new KafkaError('BROKER_ID_NOT_REGISTERED', 'Controller does not support registering ZK brokers.');
  }
  checkDirectories(image, request);
  checkFeatures(image, request);
  const brokerEpoch = sameLife?.epoch ?? Number(nextOffset);
  const isCleanShutdown = apiVersion >= 3 && existing !== undefined && existing.epoch === request.previousBrokerEpoch;
  const record = metadataRecord(registerBrokerRecord, {
    brokerId,
    incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    fenced: sameLife?.isFenced ?? true,
    inControlledShutdown: sameLife?.isInControlledShutdown ?? false,
    logDirs: request.logDirs,
  });
  const response = { throttleTimeMs: 0, errorCode: 0, brokerEpoch };
  if (sameLife !== null) return { records: [record], isLast: true, response };
  const { records, isLast } = endPreviousLife(context, brokerId, isCleanShutdown);
  return { records: isLast ? [...records, record] : records, isLast, response };
}

function checkDirectories({ brokers }: MetadataImage, { brokerId, logDirs }: BrokerRegistrationRequest): void {
  const refuse = (what: string): never => {
    throw new KafkaError('INVALID_REGISTRATION', what);
  };
  if (logDirs.length === 0) refuse('No directories specified in request');
  if (logDirs.some(isReserved)) refuse('Reserved directory ID in request');
  if (new Set(logDirs).size !== logDirs.length) refuse('Duplicate directory ID in request');
  for (const broker of brokers.values()) {
    const shared = broker.id === brokerId ? undefined : logDirs.find((id) => broker.logDirectories.includes(id));
    if (shared !== undefined) refuse(`Broker ${broker.id} is already registered with directory ${shared}`);
  }
}

/** The first hundred ids mean something else, such as a directory that was lost. Source: DirectoryId.reserved. */
function isReserved(directory: Uuid): boolean {
  const bytes = Buffer.from(directory, 'base64url');
  return bytes.subarray(0, 15).equals(Buffer.from(ZERO_UUID, 'base64url').subarray(0, 15)) && (bytes[15] ?? 0) < 100;
}

/** A broker must be able to run at every level that the cluster is at; what it doesn't name it has at level 0 alone. */
function checkFeatures({ features: finalized }: MetadataImage, { features }: BrokerRegistrationRequest): void {
  if (!features.some(({ name }) => name === 'metadata.version')) {
    throw new KafkaError('INVALID_REGISTRATION', "Request features do not contain 'metadata.version'");
  }
  const named = new Set(features.map(({ name }) => name));
  const unnamed = [...finalized.keys()].filter((name) => !named.has(name));
  for (const feature of [...features, ...unnamed.map((name) => ({ name, minSupportedVersion: 0, maxSupportedVersion: 0 }))]) {
    const { name, minSupportedVersion, maxSupportedVersion } = feature;
    const level = finalized.get(name) ?? 0;
    if (minSupportedVersion <= level && level <= maxSupportedVersion) continue;
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      `Unable to register because the broker does not support finalized version ${level} of ${name}. The broker wants a version between ${minSupportedVersion} and ${maxSupportedVersion}, inclusive.`,
    );
  }
}

/** An operator says that a broker won't come back. Source: ReplicationControlManager.unregisterBroker. */
export function decideUnregisterBroker(context: DecisionContext, brokerId: number): Decision<UnregisterBrokerResponseInput> {
  const broker = context.image.brokers.get(brokerId);
  if (broker === undefined) throw new KafkaError('BROKER_ID_NOT_REGISTERED', `Broker ID ${brokerId} is not currently registered`);
  const records = unregisterBroker(context, broker);
  checkRecordCount(records);
  return { records, response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null } };
}
