import { type DecodedMessage, type EncodableMessage, int16, message, safeInt64 } from '../schema.js';

/**
 * Value of SNAPSHOT_HEADER: the first record of a snapshot (KIP-630).
 */
export const snapshotHeaderRecord = message('SnapshotHeaderRecord', '0', '0+', {
  version: int16(),
  lastContainedLogTimestamp: safeInt64(),
});

export interface SnapshotHeaderRecord extends DecodedMessage<typeof snapshotHeaderRecord> {}
export interface SnapshotHeaderRecordInput extends EncodableMessage<typeof snapshotHeaderRecord> {}
