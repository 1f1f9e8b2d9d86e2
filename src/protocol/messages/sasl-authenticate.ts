import { api, bytes, type DecodedMessage, type EncodableMessage, int16, message, safeInt64, string } from '../schema.js';

/**
 * Carries the tokens of a SASL exchange (KIP-152). Version 1 tells after how long to authenticate again (KIP-368).
 */
export const saslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  listeners: ['broker', 'controller'],
  request: message('SaslAuthenticateRequest', '0-2', '2+', {
    authBytes: bytes(),
  }),
  response: message('SaslAuthenticateResponse', '0-2', '2+', {
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes(),
    sessionLifetimeMs: safeInt64('1+', { ignorable: true }),
  }),
});

export interface SaslAuthenticateRequest extends DecodedMessage<typeof saslAuthenticate.request> {}
export interface SaslAuthenticateRequestInput extends EncodableMessage<typeof saslAuthenticate.request> {}
export interface SaslAuthenticateResponse extends DecodedMessage<typeof saslAuthenticate.response> {}
export interface SaslAuthenticateResponseInput extends EncodableMessage<typeof saslAuthenticate.response> {}
