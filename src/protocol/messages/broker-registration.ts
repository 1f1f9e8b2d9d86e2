import {
  api,
  array,
  bool,
  type DecodedMessage,
  type EncodableMessage,
  int16,
  int32,
  message,
  safeInt64,
  string,
  uint16,
  uuid,
} from '../schema.js';

/**
 * A broker registers with the controller and gets its epoch (KIP-631). Version 2 adds log directories (KIP-858), 3 the
 * epoch before a clean shutdown (KIP-966). Before 4 a feature's minimum of 0 cannot be told (KAFKA-17011).
 */
export const brokerRegistration = api({
  key: 62,
  name: 'BrokerRegistration',
  listeners: ['controller'],
  request: message('BrokerRegistrationRequest', '0-4', '0+', {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array({
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
    isMigratingZkBroker: bool('1+'),
    logDirs: array(uuid(), '2+', { ignorable: true }),
    previousBrokerEpoch: safeInt64('3+', { default: -1, ignorable: true }),
  }),
  response: message('BrokerRegistrationResponse', '0-4', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: safeInt64('0+', { default: -1 }),
  }),
});

export interface BrokerRegistrationRequest extends DecodedMessage<typeof brokerRegistration.request> {}
export interface BrokerRegistrationRequestInput extends EncodableMessage<typeof brokerRegistration.request> {}
export interface BrokerRegistrationResponse extends DecodedMessage<typeof brokerRegistration.response> {}
export interface BrokerRegistrationResponseInput extends EncodableMessage<typeof brokerRegistration.response> {}
