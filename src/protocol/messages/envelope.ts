import { api, bytes, type DecodedMessage, type EncodableMessage, int16, message } from '../schema.js';

/**
 * Carries a client's request from a broker to the controller, whole and with its principal and address (KIP-590).
 */
export const envelope = api({
  key: 58,
  name: 'Envelope',
  listeners: ['controller'],
  request: message('EnvelopeRequest', '0', '0+', {
    requestData: bytes(),
    requestPrincipal: bytes('0+', { nullable: '0+' }),
    clientHostAddress: bytes(),
  }),
  response: message('EnvelopeResponse', '0', '0+', {
    responseData: bytes('0+', { nullable: '0+', default: null }),
    errorCode: int16(),
  }),
});

export interface EnvelopeRequest extends DecodedMessage<typeof envelope.request> {}
export interface EnvelopeRequestInput extends EncodableMessage<typeof envelope.request> {}
export interface EnvelopeResponse extends DecodedMessage<typeof envelope.response> {}
export interface EnvelopeResponseInput extends EncodableMessage<typeof envelope.response> {}
