import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Which SCRAM mechanisms users have, with their iterations; null users ask for all (KIP-554).
 */
export const describeUserScramCredentials = api({
  key: 50,
  name: 'DescribeUserScramCredentials',
  listeners: ['broker', 'controller'],
  request: message('DescribeUserScramCredentialsRequest', '0', '0+', {
    users: array(
      {
        name: string(),
      },
      '0+',
      { nullable: '0+' },
    ),
  }),
  response: message('DescribeUserScramCredentialsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      credentialInfos: array({
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  }),
});

export interface DescribeUserScramCredentialsRequest extends DecodedMessage<typeof describeUserScramCredentials.request> {}
export interface DescribeUserScramCredentialsRequestInput extends EncodableMessage<typeof describeUserScramCredentials.request> {}
export interface DescribeUserScramCredentialsResponse extends DecodedMessage<typeof describeUserScramCredentials.response> {}
export interface DescribeUserScramCredentialsResponseInput extends EncodableMessage<typeof describeUserScramCredentials.response> {}
