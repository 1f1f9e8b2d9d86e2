import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Deletes the ACLs that filters match, and tells which these were. Version 1 adds pattern types (KIP-290), 3 the user
 * resource (KIP-373).
 */
export const deleteAcls = api({
  key: 31,
  name: 'DeleteAcls',
  listeners: ['broker', 'controller'],
  request: message('DeleteAclsRequest', '1-3', '2+', {
    filters: array({
      resourceTypeFilter: int8(),
      resourceNameFilter: string('0+', { nullable: '0+' }),
      patternTypeFilter: int8('0+', { default: 3 }),
      principalFilter: string('0+', { nullable: '0+' }),
      hostFilter: string('0+', { nullable: '0+' }),
      operation: int8(),
      permissionType: int8(),
    }),
  }),
  response: message('DeleteAclsResponse', '1-3', '2+', {
    throttleTimeMs: int32(),
    filterResults: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      matchingAcls: array({
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8('0+', { default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  }),
});

export interface DeleteAclsRequest extends DecodedMessage<typeof deleteAcls.request> {}
export interface DeleteAclsRequestInput extends EncodableMessage<typeof deleteAcls.request> {}
export interface DeleteAclsResponse extends DecodedMessage<typeof deleteAcls.response> {}
export interface DeleteAclsResponseInput extends EncodableMessage<typeof deleteAcls.response> {}
