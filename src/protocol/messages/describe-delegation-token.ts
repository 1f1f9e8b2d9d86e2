import { api, array, bytes, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64, string } from '../schema.js';

/**
 * Lists delegation tokens by owner; null owners ask for all that the caller may see (KIP-48). Version 3 tells who
 * requested each (KIP-373).
 */
export const describeDelegationToken = api({
  key: 41,
  name: 'DescribeDelegationToken',
  listeners: ['broker', 'controller'],
  request: message('DescribeDelegationTokenRequest', '1-3', '2+', {
    owners: array(
      {
        principalType: string(),
        principalName: string(),
      },
      '0+',
      { nullable: '0+' },
    ),
  }),
  response: message('DescribeDelegationTokenResponse', '1-3', '2+', {
    errorCode: int16(),
    tokens: array({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string('3+'),
      tokenRequesterPrincipalName: string('3+'),
      issueTimestamp: safeInt64(),
      expiryTimestamp: safeInt64(),
      maxTimestamp: safeInt64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array({
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32(),
  }),
});

export interface DescribeDelegationTokenRequest extends DecodedMessage<typeof describeDelegationToken.request> {}
export interface DescribeDelegationTokenRequestInput extends EncodableMessage<typeof describeDelegationToken.request> {}
export interface DescribeDelegationTokenResponse extends DecodedMessage<typeof describeDelegationToken.response> {}
export interface DescribeDelegationTokenResponseInput extends EncodableMessage<typeof describeDelegationToken.response> {}
