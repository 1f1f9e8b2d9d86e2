import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Creates the share coordinator's state of share partitions (KIP-932); between brokers.
 */
export const initializeShareGroupState = api({
  key: 83,
  name: 'InitializeShareGroupState',
  listeners: ['broker'],
  request: message('InitializeShareGroupStateRequest', '0', '0+', {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        startOffset: int64(),
      }),
    }),
  }),
  response: message('InitializeShareGroupStateResponse', '0', '0+', {
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

export interface InitializeShareGroupStateRequest extends DecodedMessage<typeof initializeShareGroupState.request> {}
export interface InitializeShareGroupStateRequestInput extends EncodableMessage<typeof initializeShareGroupState.request> {}
export interface InitializeShareGroupStateResponse extends DecodedMessage<typeof initializeShareGroupState.response> {}
export interface InitializeShareGroupStateResponseInput extends EncodableMessage<typeof initializeShareGroupState.response> {}
