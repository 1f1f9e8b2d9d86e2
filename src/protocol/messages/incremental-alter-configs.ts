import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Sets (0), deletes (1), appends to (2) or subtracts from (3) single configs, leaving the others alone (KIP-339).
 */
export const incrementalAlterConfigs = api({
  key: 44,
  name: 'IncrementalAlterConfigs',
  listeners: ['broker', 'controller'],
  request: message('IncrementalAlterConfigsRequest', '0-1', '1+', {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        configOperation: int8(),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    validateOnly: bool(),
  }),
  response: message('IncrementalAlterConfigsResponse', '0-1', '1+', {
    throttleTimeMs: int32(),
    responses: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
    }),
  }),
});

export interface IncrementalAlterConfigsRequest extends DecodedMessage<typeof incrementalAlterConfigs.request> {}
export interface IncrementalAlterConfigsRequestInput extends EncodableMessage<typeof incrementalAlterConfigs.request> {}
export interface IncrementalAlterConfigsResponse extends DecodedMessage<typeof incrementalAlterConfigs.response> {}
export interface IncrementalAlterConfigsResponseInput extends EncodableMessage<typeof incrementalAlterConfigs.response> {}
