import { array, type DecodedMessage, type EncodableMessage, int8, int32, safeInt64, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A broker's registration changed: fenced and inControlledShutdown are -1, 0 or 1, where 0 is "unchanged". Version 1
 * adds inControlledShutdown (KIP-841), 2 log directories (KIP-858), 3 cordoned ones (KIP-1066).
 */
export const brokerRegistrationChangeRecord = metadataRecordType(17, 'BrokerRegistrationChangeRecord', '0-3', {
  brokerId: int32(),
  brokerEpoch: safeInt64(),
  fenced: int8('0+', { tag: 0 }),
  inControlledShutdown: int8('1+', { tag: 1 }),
  logDirs: array(uuid(), '2+', { tag: 2 }),
  cordonedLogDirs: array(uuid(), '3+', { nullable: '0+', default: null, tag: 3 }),
});

export interface BrokerRegistrationChangeRecord extends DecodedMessage<typeof brokerRegistrationChangeRecord.message> {}
export interface BrokerRegistrationChangeRecordInput extends EncodableMessage<typeof brokerRegistrationChangeRecord.message> {}
