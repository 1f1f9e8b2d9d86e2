import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Reads the share coordinator's state of share partitions (KIP-932); between brokers.
 */
export const readShareGroupState = api({
  key: 84,
  name: 'ReadShareGroupState',
  listeners: ['broker'],
  request: message('ReadShareGroupStateRequest', '0', '0+', {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  }),
  response: message('ReadShareGroupStateResponse', '0', '0+', {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        stateEpoch: int32(),
        startOffset: int64(),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  }),
});

export interface ReadShareGroupStateRequest extends DecodedMessage<typeof readShareGroupState.request> {}
export interface ReadShareGroupStateRequestInput extends EncodableMessage<typeof readShareGroupState.request> {}
export interface ReadShareGroupStateResponse extends DecodedMessage<typeof readShareGroupState.response> {}
export interface ReadShareGroupStateResponseInput extends EncodableMessage<typeof readShareGroupState.response> {}
