import { type DecodedMessage, type EncodableMessage, int16, message } from '../schema.js';

/**
 * Value of SNAPSHOT_FOOTER: the last record of a snapshot, without which it is incomplete (KIP-630).
 */
export const snapshotFooterRecord = message('SnapshotFooterRecord', '0', '0+', {
  version: int16(),
});

export interface SnapshotFooterRecord extends DecodedMessage<typeof snapshotFooterRecord> {}
export interface SnapshotFooterRecordInput extends EncodableMessage<typeof snapshotFooterRecord> {}
