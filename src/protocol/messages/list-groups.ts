import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * The groups that a broker coordinates; ask every broker. Version 4 filters by state (KIP-518), 5 by type (KIP-848).
 */
export const listGroups = api({
  key: 16,
  name: 'ListGroups',
  listeners: ['broker'],
  request: message('ListGroupsRequest', '0-5', '3+', {
    statesFilter: array(string(), '4+'),
    typesFilter: array(string(), '5+'),
  }),
  response: message('ListGroupsResponse', '0-5', '3+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    groups: array({
      groupId: string(),
      protocolType: string(),
      groupState: string('4+', { ignorable: true }),
      groupType: string('5+', { ignorable: true }),
    }),
  }),
});

export interface ListGroupsRequest extends DecodedMessage<typeof listGroups.request> {}
export interface ListGroupsRequestInput extends EncodableMessage<typeof listGroups.request> {}
export interface ListGroupsResponse extends DecodedMessage<typeof listGroups.response> {}
export interface ListGroupsResponseInput extends EncodableMessage<typeof listGroups.response> {}
