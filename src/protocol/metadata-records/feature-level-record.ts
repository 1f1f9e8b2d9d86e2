import { type DecodedMessage, type EncodableMessage, int16, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A feature was finalized at a level. A metadata log and each snapshot begin with that of metadata.version, so this
 * record stays at version 0.
 */
export const featureLevelRecord = metadataRecordType(12, 'FeatureLevelRecord', '0', {
  name: string(),
  featureLevel: int16(),
});

export interface FeatureLevelRecord extends DecodedMessage<typeof featureLevelRecord.message> {}
export interface FeatureLevelRecordInput extends EncodableMessage<typeof featureLevelRecord.message> {}
