import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Deletes topics from an empty share group (KIP-932).
 */
export const deleteShareGroupOffsets = api({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  listeners: ['broker'],
  request: message('DeleteShareGroupOffsetsRequest', '0', '0+', {
    groupId: string(),
    topics: array({
      topicName: string(),
    }),
  }),
  response: message('DeleteShareGroupOffsetsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  }),
});

export interface DeleteShareGroupOffsetsRequest extends DecodedMessage<typeof deleteShareGroupOffsets.request> {}
export interface DeleteShareGroupOffsetsRequestInput extends EncodableMessage<typeof deleteShareGroupOffsets.request> {}
export interface DeleteShareGroupOffsetsResponse extends DecodedMessage<typeof deleteShareGroupOffsets.response> {}
export interface DeleteShareGroupOffsetsResponseInput extends EncodableMessage<typeof deleteShareGroupOffsets.response> {}
