/**
 * Control records of a raft log and its snapshots. Values are
 *
 *     version:int16 message
 *
 * and the version is also the message's first field. The keys, and the markers that end transactions, are in
 * records/control-record.ts.
 */
import { ProtocolError } from '../../model/errors.js';
import { decodeMessage, encodeMessage } from '../compile.js';
import { decodeControlKey, encodeControlKey } from '../records/control-record.js';
import type { DecodedMessage, EncodableMessage, Message } from '../schema.js';
import { kraftVersionRecord } from './kraft-version-record.js';
import { leaderChangeMessage } from './leader-change-message.js';
import { snapshotFooterRecord } from './snapshot-footer-record.js';
import { snapshotHeaderRecord } from './snapshot-header-record.js';
import { votersRecord } from './voters-record.js';

const values = {
  LEADER_CHANGE: leaderChangeMessage,
  SNAPSHOT_HEADER: snapshotHeaderRecord,
  SNAPSHOT_FOOTER: snapshotFooterRecord,
  KRAFT_VERSION: kraftVersionRecord,
  KRAFT_VOTERS: votersRecord,
} as const;
type Values = typeof values;
export type RaftControlRecordType = keyof Values;

/** Told apart by `type`. */
export type RaftControlRecord = {
  readonly [T in RaftControlRecordType]: { readonly type: T; readonly value: DecodedMessage<Values[T]> };
}[RaftControlRecordType];

/** Key and value of the record in its batch. `value.version` chooses the version. Throws as encodeMessage does. */
export function encodeControlRecord<T extends RaftControlRecordType>(
  type: T,
  value: EncodableMessage<Values[T]>,
): { readonly key: Uint8Array; readonly value: Uint8Array } {
  const { version } = value as { readonly version: number };
  return { key: encodeControlKey(type), value: Buffer.concat(encodeMessage(values[type] as Message, version, value)) };
}

/**
 * Null for a type that a later Kafka made, or that has no place in a raft log: it is to be passed over. Throws
 * ProtocolError, and UnsupportedVersionError where a later Kafka wrote the record.
 */
export function decodeControlRecord(key: Uint8Array | null, value: Uint8Array | null): RaftControlRecord | null {
  const type = decodeControlKey(key);
  if (type === null || type === 'ABORT' || type === 'COMMIT') return null;
  if (value === null || value.byteLength < 2) throw new ProtocolError(`the control record ${type} has no version`);
  const version = new DataView(value.buffer, value.byteOffset).getInt16(0);
  return { type, value: decodeMessage(values[type] as Message, version, value) } as RaftControlRecord;
}
