import { ProtocolError } from '../../model/errors.js';

/**
 * The key of a record in a control batch: version int16 | type int16.
 * Source: org.apache.kafka.common.record.ControlRecordType.
 */
export const controlRecordTypes = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;
export type ControlRecordType = keyof typeof controlRecordTypes;

export function encodeControlKey(type: ControlRecordType): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeInt16BE(controlRecordTypes[type], 2);
  return key;
}

/** Null for a type that a newer Kafka made. Throws ProtocolError where it is no control key. */
export function decodeControlKey(key: Uint8Array | null): ControlRecordType | null {
  if (key === null || key.length < 4) throw new ProtocolError('A control record has no proper key');
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  if (view.getInt16(0) < 0) throw new ProtocolError(`A control record has version ${view.getInt16(0)}`);
  const id = view.getInt16(2);
  return (Object.keys(controlRecordTypes) as ControlRecordType[]).find((type) => controlRecordTypes[type] === id) ?? null;
}

/** The value of ABORT and COMMIT: version int16 | coordinatorEpoch int32. Source: EndTransactionMarker. */
export function encodeEndTransactionMarker(coordinatorEpoch: number): Uint8Array {
  const value = Buffer.alloc(6);
  value.writeInt32BE(coordinatorEpoch, 2);
  return value;
}

/** The coordinator's epoch. Throws ProtocolError where the value is no such marker. */
export function decodeEndTransactionMarker(value: Uint8Array | null): number {
  if (value === null || value.length < 6) throw new ProtocolError('An end transaction marker has no proper value');
  return new DataView(value.buffer, value.byteOffset, value.length).getInt32(2);
}
