import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Creates ACLs. Version 1 adds pattern types (KIP-290), 3 the user resource (KIP-373).
 */
export const createAcls = api({
  key: 30,
  name: 'CreateAcls',
  listeners: ['broker', 'controller'],
  request: message('CreateAclsRequest', '1-3', '2+', {
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8('0+', { default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  }),
  response: message('CreateAclsResponse', '1-3', '2+', {
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
    }),
  }),
});

export interface CreateAclsRequest extends DecodedMessage<typeof createAcls.request> {}
export interface CreateAclsRequestInput extends EncodableMessage<typeof createAcls.request> {}
export interface CreateAclsResponse extends DecodedMessage<typeof createAcls.response> {}
export interface CreateAclsResponseInput extends EncodableMessage<typeof createAcls.response> {}
