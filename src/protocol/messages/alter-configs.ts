import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Replaces the whole dynamic config of a resource: what is not named goes back to its default. IncrementalAlterConfigs
 * took its place (KIP-339).
 */
export const alterConfigs = api({
  key: 33,
  name: 'AlterConfigs',
  listeners: ['broker', 'controller'],
  request: message('AlterConfigsRequest', '0-2', '2+', {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    validateOnly: bool(),
  }),
  response: message('AlterConfigsResponse', '0-2', '2+', {
    throttleTimeMs: int32(),
    responses: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
    }),
  }),
});

export interface AlterConfigsRequest extends DecodedMessage<typeof alterConfigs.request> {}
export interface AlterConfigsRequestInput extends EncodableMessage<typeof alterConfigs.request> {}
export interface AlterConfigsResponse extends DecodedMessage<typeof alterConfigs.response> {}
export interface AlterConfigsResponseInput extends EncodableMessage<typeof alterConfigs.response> {}
