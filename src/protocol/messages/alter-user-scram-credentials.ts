import { api, array, bytes, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Sets and removes SCRAM credentials. The salted password is sent, never the password (KIP-554).
 */
export const alterUserScramCredentials = api({
  key: 51,
  name: 'AlterUserScramCredentials',
  listeners: ['broker', 'controller'],
  request: message('AlterUserScramCredentialsRequest', '0', '0+', {
    deletions: array({
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  }),
  response: message('AlterUserScramCredentialsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
    }),
  }),
});

export interface AlterUserScramCredentialsRequest extends DecodedMessage<typeof alterUserScramCredentials.request> {}
export interface AlterUserScramCredentialsRequestInput extends EncodableMessage<typeof alterUserScramCredentials.request> {}
export interface AlterUserScramCredentialsResponse extends DecodedMessage<typeof alterUserScramCredentials.response> {}
export interface AlterUserScramCredentialsResponseInput extends EncodableMessage<typeof alterUserScramCredentials.response> {}
