/**
 * Control records: those of a control batch, which belong to the log itself and reach no consumer. Key and value are
 *
 *     version:int16(0) type:int16        version:int16 message
 */
import { ProtocolError } from '../../model/errors.js';
import { decodeMessage, encodeMessage } from '../compile.js';
import { Reader } from '../reader.js';
import { type DecodedMessage, type EncodableMessage, int16, type Message, message } from '../schema.js';
import { endTxnMarker } from './end-txn-marker.js';
import { kraftVersionRecord } from './kraft-version-record.js';
import { leaderChangeMessage } from './leader-change-message.js';
import { snapshotFooterRecord } from './snapshot-footer-record.js';
import { snapshotHeaderRecord } from './snapshot-header-record.js';
import { votersRecord } from './voters-record.js';

/** Names and numbers are those of org.apache.kafka.common.record.ControlRecordType. */
const controlRecordTypes = {
  ABORT: { key: 0, value: endTxnMarker },
  COMMIT: { key: 1, value: endTxnMarker },
  LEADER_CHANGE: { key: 2, value: leaderChangeMessage },
  SNAPSHOT_HEADER: { key: 3, value: snapshotHeaderRecord },
  SNAPSHOT_FOOTER: { key: 4, value: snapshotFooterRecord },
  KRAFT_VERSION: { key: 5, value: kraftVersionRecord },
  KRAFT_VOTERS: { key: 6, value: votersRecord },
} as const;
type Types = typeof controlRecordTypes;
export type ControlRecordType = keyof Types;

const controlRecordKey = message('ControlRecordKey', '0', 'none', { version: int16(), type: int16() });

/** A control record; UNKNOWN stands for a type from a later Kafka, to be passed over. */
export type ControlRecord =
  | { readonly [T in ControlRecordType]: { readonly type: T; readonly value: DecodedMessage<Types[T]['value']> } }[ControlRecordType]
  | { readonly type: 'UNKNOWN' };

/** Key and value of the record in its batch. `value.version` chooses the version. Throws as encodeMessage does. */
export function encodeControlRecord<T extends ControlRecordType>(
  type: T,
  value: EncodableMessage<Types[T]['value']>,
): { readonly key: Uint8Array; readonly value: Uint8Array } {
  const { key, value: schema } = controlRecordTypes[type];
  const { version } = value as { readonly version: number };
  return {
    key: Buffer.concat(encodeMessage(controlRecordKey, 0, { version: 0, type: key })),
    value: Buffer.concat(encodeMessage(schema as Message, version, value)),
  };
}

/** Throws ProtocolError, and UnsupportedVersionError where a later Kafka wrote the record. */
export function decodeControlRecord(key: Uint8Array, value: Uint8Array): ControlRecord {
  const number = decodeMessage(controlRecordKey, 0, key).type;
  const type = typeNames.find((name) => controlRecordTypes[name].key === number);
  if (type === undefined) return { type: 'UNKNOWN' };
  if (value.byteLength < 2) throw new ProtocolError(`${type}, byte 0: needs 2 bytes but ${value.byteLength} remain`);
  const schema: Message = controlRecordTypes[type].value;
  return { type, value: decodeMessage(schema, new Reader(value).int16(), value) } as ControlRecord;
}

const typeNames = Object.keys(controlRecordTypes) as readonly ControlRecordType[];
