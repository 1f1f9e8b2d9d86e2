import { api, array, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64, string } from '../schema.js';

/**
 * Creates a delegation token (KIP-48). Version 3 can do so for another owner (KIP-373).
 */
export const createDelegationToken = api({
  key: 38,
  name: 'CreateDelegationToken',
  listeners: ['broker', 'controller'],
  request: message('CreateDelegationTokenRequest', '1-3', '2+', {
    ownerPrincipalType: string('3+', { nullable: '0+' }),
    ownerPrincipalName: string('3+', { nullable: '0+' }),
    renewers: array({
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: safeInt64(),
  }),
  response: message('CreateDelegationTokenResponse', '1-3', '2+', {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string('3+'),
    tokenRequesterPrincipalName: string('3+'),
    issueTimestampMs: safeInt64(),
    expiryTimestampMs: safeInt64(),
    maxTimestampMs: safeInt64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  }),
});

export interface CreateDelegationTokenRequest extends DecodedMessage<typeof createDelegationToken.request> {}
export interface CreateDelegationTokenRequestInput extends EncodableMessage<typeof createDelegationToken.request> {}
export interface CreateDelegationTokenResponse extends DecodedMessage<typeof createDelegationToken.response> {}
export interface CreateDelegationTokenResponseInput extends EncodableMessage<typeof createDelegationToken.response> {}
