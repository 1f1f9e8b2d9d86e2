import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Deletes the share coordinator's state of share partitions (KIP-932); between brokers.
 */
export const deleteShareGroupState = api({
  key: 86,
  name: 'DeleteShareGroupState',
  listeners: ['broker'],
  request: message('DeleteShareGroupStateRequest', '0', '0+', {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
      }),
    }),
  }),
  response: message('DeleteShareGroupStateResponse', '0', '0+', {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  }),
});

export interface DeleteShareGroupStateRequest extends DecodedMessage<typeof deleteShareGroupState.request> {}
export interface DeleteShareGroupStateRequestInput extends EncodableMessage<typeof deleteShareGroupState.request> {}
export interface DeleteShareGroupStateResponse extends DecodedMessage<typeof deleteShareGroupState.response> {}
export interface DeleteShareGroupStateResponseInput extends EncodableMessage<typeof deleteShareGroupState.response> {}
