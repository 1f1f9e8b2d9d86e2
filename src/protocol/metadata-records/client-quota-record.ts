import { array, bool, type DecodedMessage, type EncodableMessage, float64, string } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A client quota was set or removed.
 */
export const clientQuotaRecord = metadataRecordType(14, 'ClientQuotaRecord', '0', {
  entity: array({
    entityType: string(),
    entityName: string('0+', { nullable: '0+' }),
  }),
  key: string(),
  value: float64(),
  remove: bool(),
});

export interface ClientQuotaRecord extends DecodedMessage<typeof clientQuotaRecord.message> {}
export interface ClientQuotaRecordInput extends EncodableMessage<typeof clientQuotaRecord.message> {}
