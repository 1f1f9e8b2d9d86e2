/**
 * Records of __cluster_metadata, as values of ordinary record batches (MetadataRecordSerde):
 *
 *     frameVersion:varint(1) key:varint version:varint message
 */
import { ProtocolError } from '../../model/errors.js';
import { readMessageToEnd, writeMessage } from '../compile.js';
import { completed } from '../defaults.js';
import { Misfit } from '../misfit.js';
import { Reader } from '../reader.js';
import type { Encodable, Fields } from '../schema.js';
import { versionRange } from '../versions.js';
import { Writer } from '../writer.js';
import { abortTransactionRecord } from './abort-transaction-record.js';
import { accessControlEntryRecord } from './access-control-entry-record.js';
import { beginTransactionRecord } from './begin-transaction-record.js';
import { brokerRegistrationChangeRecord } from './broker-registration-change-record.js';
import { clearElrRecord } from './clear-elr-record.js';
import { clientQuotaRecord } from './client-quota-record.js';
import { configRecord } from './config-record.js';
import { delegationTokenRecord } from './delegation-token-record.js';
import { endTransactionRecord } from './end-transaction-record.js';
import { featureLevelRecord } from './feature-level-record.js';
import { fenceBrokerRecord } from './fence-broker-record.js';
import type { MetadataRecordType, RecordOf } from './metadata-record-type.js';
import { noOpRecord } from './no-op-record.js';
import { partitionChangeRecord } from './partition-change-record.js';
import { partitionRecord } from './partition-record.js';
import { producerIdsRecord } from './producer-ids-record.js';
import { registerBrokerRecord } from './register-broker-record.js';
import { registerControllerRecord } from './register-controller-record.js';
import { removeAccessControlEntryRecord } from './remove-access-control-entry-record.js';
import { removeDelegationTokenRecord } from './remove-delegation-token-record.js';
import { removeTopicRecord } from './remove-topic-record.js';
import { removeUserScramCredentialRecord } from './remove-user-scram-credential-record.js';
import { topicRecord } from './topic-record.js';
import { unfenceBrokerRecord } from './unfence-broker-record.js';
import { unregisterBrokerRecord } from './unregister-broker-record.js';
import { userScramCredentialRecord } from './user-scram-credential-record.js';
import { zkMigrationStateRecord } from './zk-migration-state-record.js';

const frameVersion = 1;

/** Every type of record in the metadata log of Kafka 4.3, by rising key. */
export const metadataRecordTypes = [
  registerBrokerRecord,
  unregisterBrokerRecord,
  topicRecord,
  partitionRecord,
  configRecord,
  partitionChangeRecord,
  fenceBrokerRecord,
  unfenceBrokerRecord,
  removeTopicRecord,
  delegationTokenRecord,
  userScramCredentialRecord,
  featureLevelRecord,
  clientQuotaRecord,
  producerIdsRecord,
  brokerRegistrationChangeRecord,
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  noOpRecord,
  zkMigrationStateRecord,
  removeUserScramCredentialRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
  removeDelegationTokenRecord,
  registerControllerRecord,
  clearElrRecord,
] as const;

const typeByKey: ReadonlyMap<number, MetadataRecordType> = new Map(metadataRecordTypes.map((type) => [type.key, type]));
const typeByName: ReadonlyMap<string, MetadataRecordType> = new Map(metadataRecordTypes.map((type) => [type.name, type]));

/** Any record of the metadata log; `switch` on its `type`. */
export type MetadataRecord = RecordOf<(typeof metadataRecordTypes)[number]>;

/** A record with everything that `value` leaves out at its default; in the newest version unless told otherwise. */
export function metadataRecord<Name extends string, F extends Fields>(
  type: MetadataRecordType<Name, F>,
  value: Encodable<F>,
  version: number = versionRange(type.message.versions).last,
): RecordOf<MetadataRecordType<Name, F>> {
  return { type: type.name, version, value: completed(type.message.fields, value) } as RecordOf<MetadataRecordType<Name, F>>;
}

/**
 * The value of the record in its batch. A writer for many, one after the other, spares one for each; it holds nothing else. Throws as
 * encodeMessage does; the writer is then of no more use.
 */
export function encodeMetadataRecord({ type, version, value }: MetadataRecord, writer = new Writer()): Uint8Array {
  const { key, message } = typeByName.get(type) as MetadataRecordType;
  writer.unsignedVarint(frameVersion);
  writer.unsignedVarint(key);
  writer.unsignedVarint(version);
  writeMessage(writer, message, version, value);
  const chunks = writer.finish();
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

/** Throws ProtocolError, and UnsupportedVersionError where a later Kafka wrote the record. */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes);
  const [frame, key, version] = readFrame(reader);
  if (frame !== frameVersion) throw new ProtocolError(`metadata record, byte 0: frame version ${frame} is not ${frameVersion}`);
  const type = typeByKey.get(key);
  if (type === undefined) throw new ProtocolError(`metadata record, byte 1: no type has the key ${key}`);
  const value = readMessageToEnd(reader, type.message, version);
  return { type: type.name, version, value } as MetadataRecord;
}

function readFrame(reader: Reader): readonly [number, number, number] {
  try {
    return [reader.unsignedVarint(), reader.unsignedVarint(), reader.unsignedVarint()];
  } catch (error) {
    if (error instanceof Misfit) throw new ProtocolError(`metadata record, byte ${reader.offset}: ${error.detail}`);
    throw error;
  }
}
