import { api, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64 } from '../schema.js';

/**
 * Renews a delegation token (KIP-48).
 */
export const renewDelegationToken = api({
  key: 39,
  name: 'RenewDelegationToken',
  listeners: ['broker', 'controller'],
  request: message('RenewDelegationTokenRequest', '1-2', '2+', {
    hmac: bytes(),
    renewPeriodMs: safeInt64(),
  }),
  response: message('RenewDelegationTokenResponse', '1-2', '2+', {
    errorCode: int16(),
    expiryTimestampMs: safeInt64(),
    throttleTimeMs: int32(),
  }),
});

export interface RenewDelegationTokenRequest extends DecodedMessage<typeof renewDelegationToken.request> {}
export interface RenewDelegationTokenRequestInput extends EncodableMessage<typeof renewDelegationToken.request> {}
export interface RenewDelegationTokenResponse extends DecodedMessage<typeof renewDelegationToken.response> {}
export interface RenewDelegationTokenResponseInput extends EncodableMessage<typeof renewDelegationToken.response> {}
