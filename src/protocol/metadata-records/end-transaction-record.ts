import type { DecodedMessage, EncodableMessage } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * Ends a metadata transaction: its records hold (KIP-868).
 */
export const endTransactionRecord = metadataRecordType(24, 'EndTransactionRecord', '0', {});

export interface EndTransactionRecord extends DecodedMessage<typeof endTransactionRecord.message> {}
export interface EndTransactionRecordInput extends EncodableMessage<typeof endTransactionRecord.message> {}
