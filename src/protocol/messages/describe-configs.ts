import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Configs of topics, brokers, broker loggers, client metrics and groups. Null keys ask for all. From version 1 each
 * tells its source and synonyms (KIP-226); 3 adds types and documentation (KIP-569).
 */
export const describeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  listeners: ['broker', 'controller'],
  request: message('DescribeConfigsRequest', '1-4', '4+', {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), '0+', { nullable: '0+' }),
    }),
    includeSynonyms: bool('0+', { default: false }),
    includeDocumentation: bool('3+'),
  }),
  response: message('DescribeConfigsResponse', '1-4', '4+', {
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string('0+', { nullable: '0+' }),
        readOnly: bool(),
        configSource: int8('0+', { default: -1 }),
        isSensitive: bool(),
        synonyms: array({
          name: string(),
          value: string('0+', { nullable: '0+' }),
          source: int8(),
        }),
        configType: int8('3+', { ignorable: true }),
        documentation: string('3+', { nullable: '0+', ignorable: true }),
      }),
    }),
  }),
});

export interface DescribeConfigsRequest extends DecodedMessage<typeof describeConfigs.request> {}
export interface DescribeConfigsRequestInput extends EncodableMessage<typeof describeConfigs.request> {}
export interface DescribeConfigsResponse extends DecodedMessage<typeof describeConfigs.response> {}
export interface DescribeConfigsResponseInput extends EncodableMessage<typeof describeConfigs.response> {}
