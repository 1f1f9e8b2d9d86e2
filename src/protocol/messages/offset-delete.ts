import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Deletes a group's committed offsets of topics that it is not subscribed to (KIP-496).
 */
export const offsetDelete = api({
  key: 47,
  name: 'OffsetDelete',
  listeners: ['broker'],
  request: message('OffsetDeleteRequest', '0', 'none', {
    groupId: string(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  }),
  response: message('OffsetDeleteResponse', '0', 'none', {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
});

export interface OffsetDeleteRequest extends DecodedMessage<typeof offsetDelete.request> {}
export interface OffsetDeleteRequestInput extends EncodableMessage<typeof offsetDelete.request> {}
export interface OffsetDeleteResponse extends DecodedMessage<typeof offsetDelete.response> {}
export interface OffsetDeleteResponseInput extends EncodableMessage<typeof offsetDelete.response> {}
