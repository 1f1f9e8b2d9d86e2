import { api, array, bool, type DecodedMessage, type EncodableMessage, float64, int16, int32, message, string } from '../schema.js';

/**
 * Sets and removes client quotas (KIP-546).
 */
export const alterClientQuotas = api({
  key: 49,
  name: 'AlterClientQuotas',
  listeners: ['broker', 'controller'],
  request: message('AlterClientQuotasRequest', '0-1', '1+', {
    entries: array({
      entity: array({
        entityType: string(),
        entityName: string('0+', { nullable: '0+' }),
      }),
      ops: array({
        key: string(),
        value: float64(),
        remove: bool(),
      }),
    }),
    validateOnly: bool(),
  }),
  response: message('AlterClientQuotasResponse', '0-1', '1+', {
    throttleTimeMs: int32(),
    entries: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      entity: array({
        entityType: string(),
        entityName: string('0+', { nullable: '0+' }),
      }),
    }),
  }),
});

export interface AlterClientQuotasRequest extends DecodedMessage<typeof alterClientQuotas.request> {}
export interface AlterClientQuotasRequestInput extends EncodableMessage<typeof alterClientQuotas.request> {}
export interface AlterClientQuotasResponse extends DecodedMessage<typeof alterClientQuotas.response> {}
export interface AlterClientQuotasResponseInput extends EncodableMessage<typeof alterClientQuotas.response> {}
