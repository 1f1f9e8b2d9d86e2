import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string } from '../schema.js';

/**
 * Lists the ACLs that a filter matches. Version 1 adds pattern types (KIP-290), 3 the user resource (KIP-373).
 */
export const describeAcls = api({
  key: 29,
  name: 'DescribeAcls',
  listeners: ['broker', 'controller'],
  request: message('DescribeAclsRequest', '1-3', '2+', {
    resourceTypeFilter: int8(),
    resourceNameFilter: string('0+', { nullable: '0+' }),
    patternTypeFilter: int8('0+', { default: 3 }),
    principalFilter: string('0+', { nullable: '0+' }),
    hostFilter: string('0+', { nullable: '0+' }),
    operation: int8(),
    permissionType: int8(),
  }),
  response: message('DescribeAclsResponse', '1-3', '2+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8('0+', { default: 3 }),
      acls: array({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  }),
});

export interface DescribeAclsRequest extends DecodedMessage<typeof describeAcls.request> {}
export interface DescribeAclsRequestInput extends EncodableMessage<typeof describeAcls.request> {}
export interface DescribeAclsResponse extends DecodedMessage<typeof describeAcls.response> {}
export interface DescribeAclsResponseInput extends EncodableMessage<typeof describeAcls.response> {}
