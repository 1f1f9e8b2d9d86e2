import { MachineError, ProtocolError } from '../../../model/errors.js';
import { decodeControlRecord } from '../../../protocol/control-records/control-record.js';
import { decodeMetadataRecord, type MetadataRecord } from '../../../protocol/metadata-records/metadata-record.js';
import { decodeBatch } from '../../../protocol/records/decode-batch.js';
import { batchesOf, RecordBatch } from '../../../protocol/records/record-batch.js';
import type { StoredSnapshot } from './snapshot-store.js';

/** Read at once, where a batch is no larger. */
const READ_BYTES = 256 * 1024;

export interface SnapshotBatch {
  readonly records: readonly MetadataRecord[];
}

/** The records of a snapshot in order. Throws MachineError where it is damaged or not whole. Source: RecordsSnapshotReader. */
export function* readSnapshot(snapshot: StoredSnapshot): Generator<SnapshotBatch> {
  for (const batch of wholeBatches(snapshot)) {
    if (batch.isControl) continue;
    yield { records: decodeBatch(batch).flatMap(({ value }) => (value === null ? [] : [decodeMetadataRecord(value)])) };
  }
}

/** Looks at every byte of a snapshot, a batch at a time. Throws MachineError where it is damaged or not whole. */
export function* checkSnapshot(snapshot: StoredSnapshot): Generator<void> {
  for (const _ of wholeBatches(snapshot)) yield;
}

function* wholeBatches(snapshot: StoredSnapshot): Generator<RecordBatch> {
  let position = 0;
  let isWhole = false;
  while (position < snapshot.sizeBytes) {
    const bytes = readBatches(snapshot, position);
    let readBytes = 0;
    for (const batch of readable(snapshot, position, bytes)) {
      if (!batch.isCrcValid) throw damaged(snapshot, position + readBytes);
      readBytes += batch.sizeBytes;
      if (batch.isControl) {
        for (const { key, value } of decodeBatch(batch)) isWhole ||= decodeControlRecord(key, value)?.type === 'SNAPSHOT_FOOTER';
      }
      yield batch;
    }
    if (readBytes === 0) throw damaged(snapshot, position);
    position += readBytes;
  }
  if (!isWhole) throw damaged(snapshot, position);
}

/** Bytes whose sizes make no sense are damage as well. */
function* readable(snapshot: StoredSnapshot, position: number, bytes: Uint8Array): Generator<RecordBatch> {
  try {
    yield* batchesOf(bytes);
  } catch (error) {
    throw error instanceof ProtocolError ? damaged(snapshot, position) : error;
  }
}

/** At least one whole batch, where there is one. */
function readBatches(snapshot: StoredSnapshot, position: number): Uint8Array {
  const bytes = snapshot.read(position, READ_BYTES);
  if (bytes.byteLength < READ_BYTES) return bytes;
  const { sizeBytes } = new RecordBatch(bytes);
  return sizeBytes <= bytes.byteLength ? bytes : snapshot.read(position, sizeBytes);
}

/** When the last record that the snapshot stands for was written, by its header. */
export function lastContainedLogTimestampMs(snapshot: StoredSnapshot): number {
  const [first] = batchesOf(readBatches(snapshot, 0));
  const [record] = first === undefined ? [] : decodeBatch(first);
  const header = record === undefined ? null : decodeControlRecord(record.key, record.value);
  if (header?.type !== 'SNAPSHOT_HEADER') throw damaged(snapshot, 0);
  return header.value.lastContainedLogTimestamp;
}

const damaged = ({ path }: StoredSnapshot, position: number): MachineError => new MachineError(`${path} is damaged at byte ${position}`);
