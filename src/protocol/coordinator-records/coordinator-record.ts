/**
 * Records of __consumer_offsets and __transaction_state (CoordinatorRecordSerde). Key and value are
 *
 *     type:int16 message        version:int16 message
 */
import { ProtocolError } from '../../model/errors.js';
import { readMessageToEnd, writeMessage } from '../compile.js';
import { Reader } from '../reader.js';
import type { Encodable, Fields } from '../schema.js';
import { Writer } from '../writer.js';
import { consumerGroupCurrentMemberAssignment } from './consumer-group-current-member-assignment.js';
import { consumerGroupMemberMetadata } from './consumer-group-member-metadata.js';
import { consumerGroupMetadata } from './consumer-group-metadata.js';
import { consumerGroupRegularExpression } from './consumer-group-regular-expression.js';
import { consumerGroupTargetAssignmentMember } from './consumer-group-target-assignment-member.js';
import { consumerGroupTargetAssignmentMetadata } from './consumer-group-target-assignment-metadata.js';
import type { CoordinatorRecordOf, CoordinatorRecordType } from './coordinator-record-type.js';
import { groupMetadata } from './group-metadata.js';
import { offsetCommit } from './offset-commit.js';
import { transactionLog } from './transaction-log.js';

/** What __consumer_offsets holds of classic and consumer groups, by rising number. */
export const groupRecordTypes = [
  offsetCommit,
  groupMetadata,
  consumerGroupMetadata,
  consumerGroupMemberMetadata,
  consumerGroupTargetAssignmentMetadata,
  consumerGroupTargetAssignmentMember,
  consumerGroupCurrentMemberAssignment,
  consumerGroupRegularExpression,
] as const;
export type GroupRecord = CoordinatorRecordOf<(typeof groupRecordTypes)[number]>;

/** What __transaction_state holds. */
export const transactionRecordTypes = [transactionLog] as const;
export type TransactionRecord = CoordinatorRecordOf<(typeof transactionRecordTypes)[number]>;

/** Key and value of the record in its batch; a null value makes a tombstone. Throws as encodeMessage does. */
export function encodeCoordinatorRecord<K extends Fields, V extends Fields>(
  type: CoordinatorRecordType<string, K, V>,
  version: number,
  key: Encodable<K>,
  value: Encodable<V> | null,
): { readonly key: Uint8Array; readonly value: Uint8Array | null } {
  const keyWriter = new Writer();
  keyWriter.int16(type.number);
  writeMessage(keyWriter, type.key, 0, key);
  const keyBytes = Buffer.concat(keyWriter.finish());
  if (value === null) return { key: keyBytes, value: null };
  const valueWriter = new Writer();
  valueWriter.int16(version);
  writeMessage(valueWriter, type.value, version, value);
  return { key: keyBytes, value: Buffer.concat(valueWriter.finish()) };
}

/**
 * Null for a type that is not among `types`: an older or a later Kafka made it, and it is to be passed over. Throws
 * ProtocolError, and UnsupportedVersionError where a later Kafka wrote the value.
 */
export function decodeCoordinatorRecord<T extends CoordinatorRecordType>(
  types: readonly T[],
  key: Uint8Array,
  value: Uint8Array | null,
): CoordinatorRecordOf<T> | null {
  const keyReader = new Reader(key);
  const number = leadingInt16(keyReader, 'key');
  const type = types.find((candidate) => candidate.number === number);
  if (type === undefined) return null;
  const decodedKey = readMessageToEnd(keyReader, type.key, 0);
  if (value === null) return { type: type.name, key: decodedKey, value: null } as CoordinatorRecordOf<T>;
  const valueReader = new Reader(value);
  const version = leadingInt16(valueReader, 'value');
  return { type: type.name, key: decodedKey, value: readMessageToEnd(valueReader, type.value, version) } as CoordinatorRecordOf<T>;
}

function leadingInt16(reader: Reader, what: string): number {
  if (reader.remaining < 2) throw new ProtocolError(`coordinator record ${what}, byte 0: needs 2 bytes but ${reader.remaining} remain`);
  return reader.int16();
}
