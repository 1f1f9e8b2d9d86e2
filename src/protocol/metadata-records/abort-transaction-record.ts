import { type DecodedMessage, type EncodableMessage, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * Ends a metadata transaction and drops its records (KIP-868).
 */
export const abortTransactionRecord = metadataRecordType(25, 'AbortTransactionRecord', '0', {
  reason: string('0+', { nullable: '0+', default: null, tag: 0 }),
});

export interface AbortTransactionRecord extends DecodedMessage<typeof abortTransactionRecord.message> {}
export interface AbortTransactionRecordInput extends EncodableMessage<typeof abortTransactionRecord.message> {}
