import type { DecodedMessage, EncodableMessage } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * Says nothing. The controller writes it so that the high watermark moves on and observers see that it lives
 * (KIP-835).
 */
export const noOpRecord = metadataRecordType(20, 'NoOpRecord', '0', {});

export interface NoOpRecord extends DecodedMessage<typeof noOpRecord.message> {}
export interface NoOpRecordInput extends EncodableMessage<typeof noOpRecord.message> {}
