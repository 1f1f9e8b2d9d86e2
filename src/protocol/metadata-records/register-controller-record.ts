import { array, bool, type DecodedMessage, type EncodableMessage, int16, int32, string, uint16, uuid } from '../schema.js';
import { metadataRecordType } from './metadata-record-type.js';

/**
 * A controller registered (KIP-919).
 */
export const registerControllerRecord = metadataRecordType(27, 'RegisterControllerRecord', '0', {
  controllerId: int32(),
  incarnationId: uuid(),
  zkMigrationReady: bool(),
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
});

export interface RegisterControllerRecord extends DecodedMessage<typeof registerControllerRecord.message> {}
export interface RegisterControllerRecordInput extends EncodableMessage<typeof registerControllerRecord.message> {}
