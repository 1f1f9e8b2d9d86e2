import type { Clock } from '../../../environment/environment.js';
import { encodeControlRecord } from '../../../protocol/control-records/control-record.js';
import { encodeMetadataRecord, type MetadataRecord } from '../../../protocol/metadata-records/metadata-record.js';
import { encodeBatch, type RecordInput } from '../../../protocol/records/encode-batch.js';
import { Writer } from '../../../protocol/writer.js';
import type { PartialSnapshot, StoredSnapshot } from './snapshot-store.js';

/** Of one batch, and between two looks at the clock. */
const RECORDS_PER_BATCH = 500;

/**
 * Writes the records as a snapshot in Kafka's form: a control batch with the header, batches of records whose offsets count from 0, a
 * control batch with the footer. In slices; a snapshot that fails, or is wanted no more (null), is discarded. Rejects with the disk's error.
 * Source: RecordsSnapshotWriter.
 */
export async function writeSnapshot(
  clock: Clock,
  snapshot: PartialSnapshot,
  records: Iterable<MetadataRecord>,
  { lastContainedLogTimestampMs, isWanted }: { readonly lastContainedLogTimestampMs: number; readonly isWanted: () => boolean },
): Promise<StoredSnapshot | null> {
  const timestampMs = clock.now();
  let baseOffset = 0n;
  let batch: RecordInput[] = [];
  const writer = new Writer();
  const append = (isControl: boolean): void => {
    snapshot.append(encodeBatch(batch, { baseOffset, isControl, partitionLeaderEpoch: snapshot.id.epoch }));
    baseOffset += BigInt(batch.length);
    batch = [];
  };
  const appendControl = (...control: Parameters<typeof encodeControlRecord>): void => {
    batch.push({ timestampMs, ...encodeControlRecord(...control) });
    append(true);
  };
  try {
    appendControl('SNAPSHOT_HEADER', { version: 0, lastContainedLogTimestamp: lastContainedLogTimestampMs });
    let isOver = clock.beginSlice();
    for (const record of records) {
      batch.push({ timestampMs, key: null, value: encodeMetadataRecord(record, writer) });
      if (batch.length < RECORDS_PER_BATCH) continue;
      append(false);
      if (!isOver()) continue;
      await new Promise<void>((resolve) => clock.after(0, resolve));
      if (!isWanted()) {
        snapshot.discard();
        return null;
      }
      isOver = clock.beginSlice();
    }
    if (batch.length > 0) append(false);
    appendControl('SNAPSHOT_FOOTER', { version: 0 });
    return await snapshot.freeze();
  } catch (error) {
    snapshot.discard();
    throw error;
  }
}
