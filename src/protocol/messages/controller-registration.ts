import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uint16, uuid } from '../schema.js';

/**
 * A controller registers with the active one (KIP-919).
 */
export const controllerRegistration = api({
  key: 70,
  name: 'ControllerRegistration',
  listeners: ['controller'],
  request: message('ControllerRegistrationRequest', '0', '0+', {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
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
  }),
  response: message('ControllerRegistrationResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
  }),
});

export interface ControllerRegistrationRequest extends DecodedMessage<typeof controllerRegistration.request> {}
export interface ControllerRegistrationRequestInput extends EncodableMessage<typeof controllerRegistration.request> {}
export interface ControllerRegistrationResponse extends DecodedMessage<typeof controllerRegistration.response> {}
export interface ControllerRegistrationResponseInput extends EncodableMessage<typeof controllerRegistration.response> {}
