import { api, array, bool, type DecodedMessage, type EncodableMessage, float64, int8, int16, int32, message, string } from '../schema.js';

/**
 * Lists the client quotas that a filter of entities matches (KIP-546).
 */
export const describeClientQuotas = api({
  key: 48,
  name: 'DescribeClientQuotas',
  listeners: ['broker'],
  request: message('DescribeClientQuotasRequest', '0-1', '1+', {
    components: array({
      entityType: string(),
      matchType: int8(),
      match: string('0+', { nullable: '0+' }),
    }),
    strict: bool(),
  }),
  response: message('DescribeClientQuotasResponse', '0-1', '1+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: array(
      {
        entity: array({
          entityType: string(),
          entityName: string('0+', { nullable: '0+' }),
        }),
        values: array({
          key: string(),
          value: float64(),
        }),
      },
      '0+',
      { nullable: '0+' },
    ),
  }),
});

export interface DescribeClientQuotasRequest extends DecodedMessage<typeof describeClientQuotas.request> {}
export interface DescribeClientQuotasRequestInput extends EncodableMessage<typeof describeClientQuotas.request> {}
export interface DescribeClientQuotasResponse extends DecodedMessage<typeof describeClientQuotas.response> {}
export interface DescribeClientQuotasResponseInput extends EncodableMessage<typeof describeClientQuotas.response> {}
