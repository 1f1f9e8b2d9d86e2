import { type DecodedMessage, type EncodableMessage, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * Begins a metadata transaction: a change of more records than one atomic batch can hold (KIP-868).
 */
export const beginTransactionRecord = metadataRecordType(23, 'BeginTransactionRecord', '0', {
  name: string('0+', { nullable: '0+', default: null, tag: 0 }),
});

export interface BeginTransactionRecord extends DecodedMessage<typeof beginTransactionRecord.message> {}
export interface BeginTransactionRecordInput extends EncodableMessage<typeof beginTransactionRecord.message> {}
