import { api, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64 } from '../schema.js';

/**
 * Changes when a delegation token expires; a negative period expires it at once (KIP-48).
 */
export const expireDelegationToken = api({
  key: 40,
  name: 'ExpireDelegationToken',
  listeners: ['broker', 'controller'],
  request: message('ExpireDelegationTokenRequest', '1-2', '2+', {
    hmac: bytes(),
    expiryTimePeriodMs: safeInt64(),
  }),
  response: message('ExpireDelegationTokenResponse', '1-2', '2+', {
    errorCode: int16(),
    expiryTimestampMs: safeInt64(),
    throttleTimeMs: int32(),
  }),
});

export interface ExpireDelegationTokenRequest extends DecodedMessage<typeof expireDelegationToken.request> {}
export interface ExpireDelegationTokenRequestInput extends EncodableMessage<typeof expireDelegationToken.request> {}
export interface ExpireDelegationTokenResponse extends DecodedMessage<typeof expireDelegationToken.response> {}
export interface ExpireDelegationTokenResponseInput extends EncodableMessage<typeof expireDelegationToken.response> {}
