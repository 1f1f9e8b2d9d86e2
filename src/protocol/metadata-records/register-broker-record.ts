import { array, bool, type DecodedMessage, type EncodableMessage, int16, int32, safeInt64, string, uint16, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A broker registered. Version 1 adds inControlledShutdown (KIP-841), 3 log directories (KIP-858), 4 cordoned ones
 * (KIP-1066).
 */
export const registerBrokerRecord = metadataRecordType(0, 'RegisterBrokerRecord', '0-4', {
  brokerId: int32(),
  isMigratingZkBroker: bool('2+'),
  incarnationId: uuid(),
  brokerEpoch: safeInt64(),
  endPoints: array({
    name: string(),
    host: string(),
    port: uint16(),
    securityProtocol: int16(),
  }),
  features: array({
    name: string(),
    minSupportedVersion: int16(),
    maxSupportedVersion: int16(),
  }),
  rack: string('0+', { nullable: '0+' }),
  fenced: bool('0+', { default: true }),
  inControlledShutdown: bool('1+'),
  logDirs: array(uuid(), '3+', { tag: 0 }),
  cordonedLogDirs: array(uuid(), '4+', { nullable: '0+', default: null, tag: 1 }),
});

export interface RegisterBrokerRecord extends DecodedMessage<typeof registerBrokerRecord.message> {}
export interface RegisterBrokerRecordInput extends EncodableMessage<typeof registerBrokerRecord.message> {}
