import { api, array, type DecodedMessage, type EncodableMessage, int16, message, string } from '../schema.js';

/**
 * Names the SASL mechanism of a connection. After version 0 the tokens follow bare on the connection, after 1 in
 * SaslAuthenticate. There can be no flexible version: clients before 2.5 pick the broker's latest (KAFKA-9577).
 */
export const saslHandshake = api({
  key: 17,
  name: 'SaslHandshake',
  listeners: ['broker', 'controller'],
  request: message('SaslHandshakeRequest', '0-1', 'none', {
    mechanism: string(),
  }),
  response: message('SaslHandshakeResponse', '0-1', 'none', {
    errorCode: int16(),
    mechanisms: array(string()),
  }),
});

export interface SaslHandshakeRequest extends DecodedMessage<typeof saslHandshake.request> {}
export interface SaslHandshakeRequestInput extends EncodableMessage<typeof saslHandshake.request> {}
export interface SaslHandshakeResponse extends DecodedMessage<typeof saslHandshake.response> {}
export interface SaslHandshakeResponseInput extends EncodableMessage<typeof saslHandshake.response> {}
