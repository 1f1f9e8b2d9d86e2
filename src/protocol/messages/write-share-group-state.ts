import { api, array, type DecodedMessage, type EncodableMessage, int8, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Writes the share coordinator's state of share partitions (KIP-932); between brokers. Version 1 adds the count of
 * completed deliveries (KIP-1226).
 */
export const writeShareGroupState = api({
  key: 85,
  name: 'WriteShareGroupState',
  listeners: ['broker'],
  request: message('WriteShareGroupStateRequest', '0-1', '0+', {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32('1+', { default: -1, ignorable: true }),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  }),
  response: message('WriteShareGroupStateResponse', '0-1', '0+', {
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

export interface WriteShareGroupStateRequest extends DecodedMessage<typeof writeShareGroupState.request> {}
export interface WriteShareGroupStateRequestInput extends EncodableMessage<typeof writeShareGroupState.request> {}
export interface WriteShareGroupStateResponse extends DecodedMessage<typeof writeShareGroupState.response> {}
export interface WriteShareGroupStateResponseInput extends EncodableMessage<typeof writeShareGroupState.response> {}
