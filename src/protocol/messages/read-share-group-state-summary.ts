import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string, uuid } from '../schema.js';

/**
 * Reads the share coordinator's state of share partitions without their batches (KIP-932); between brokers. Version 1
 * adds the count of completed deliveries (KIP-1226).
 */
export const readShareGroupStateSummary = api({
  key: 87,
  name: 'ReadShareGroupStateSummary',
  listeners: ['broker'],
  request: message('ReadShareGroupStateSummaryRequest', '0-1', '0+', {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  }),
  response: message('ReadShareGroupStateSummaryResponse', '0-1', '0+', {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32('1+', { default: -1, ignorable: true }),
      }),
    }),
  }),
});

export interface ReadShareGroupStateSummaryRequest extends DecodedMessage<typeof readShareGroupStateSummary.request> {}
export interface ReadShareGroupStateSummaryRequestInput extends EncodableMessage<typeof readShareGroupStateSummary.request> {}
export interface ReadShareGroupStateSummaryResponse extends DecodedMessage<typeof readShareGroupStateSummary.response> {}
export interface ReadShareGroupStateSummaryResponseInput extends EncodableMessage<typeof readShareGroupStateSummary.response> {}
