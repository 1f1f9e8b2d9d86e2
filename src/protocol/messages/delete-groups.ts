import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Deletes empty groups with their offsets (KIP-229).
 */
export const deleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  listeners: ['broker'],
  request: message('DeleteGroupsRequest', '0-2', '2+', {
    groupsNames: array(string()),
  }),
  response: message('DeleteGroupsResponse', '0-2', '2+', {
    throttleTimeMs: int32(),
    results: array({
      groupId: string(),
      errorCode: int16(),
    }),
  }),
});

export interface DeleteGroupsRequest extends DecodedMessage<typeof deleteGroups.request> {}
export interface DeleteGroupsRequestInput extends EncodableMessage<typeof deleteGroups.request> {}
export interface DeleteGroupsResponse extends DecodedMessage<typeof deleteGroups.response> {}
export interface DeleteGroupsResponseInput extends EncodableMessage<typeof deleteGroups.response> {}
