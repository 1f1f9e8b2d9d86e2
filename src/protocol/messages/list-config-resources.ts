import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Names of the resources that have configs. Version 0 knows client metrics alone; from 1 resourceTypes chooses, none
 * being all (KIP-1142).
 */
export const listConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  listeners: ['broker'],
  request: message('ListConfigResourcesRequest', '0-1', '0+', {
    resourceTypes: array(int8(), '1+'),
  }),
  response: message('ListConfigResourcesResponse', '0-1', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array({
      resourceName: string(),
      resourceType: int8('1+', { default: 16, ignorable: true }),
    }),
  }),
});

export interface ListConfigResourcesRequest extends DecodedMessage<typeof listConfigResources.request> {}
export interface ListConfigResourcesRequestInput extends EncodableMessage<typeof listConfigResources.request> {}
export interface ListConfigResourcesResponse extends DecodedMessage<typeof listConfigResources.response> {}
export interface ListConfigResourcesResponseInput extends EncodableMessage<typeof listConfigResources.response> {}
