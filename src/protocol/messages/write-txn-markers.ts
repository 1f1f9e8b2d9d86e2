import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, int64, message, string } from '../schema.js';

/**
 * Has the leaders write the markers that end transactions; between brokers. Version 2 adds the transaction version
 * (KIP-1228).
 */
export const writeTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  listeners: ['broker'],
  request: message('WriteTxnMarkersRequest', '1-2', '1+', {
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: bool(),
      topics: array({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      coordinatorEpoch: int32(),
      transactionVersion: int8('2+', { ignorable: true }),
    }),
  }),
  response: message('WriteTxnMarkersResponse', '1-2', '1+', {
    markers: array({
      producerId: int64(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  }),
});

export interface WriteTxnMarkersRequest extends DecodedMessage<typeof writeTxnMarkers.request> {}
export interface WriteTxnMarkersRequestInput extends EncodableMessage<typeof writeTxnMarkers.request> {}
export interface WriteTxnMarkersResponse extends DecodedMessage<typeof writeTxnMarkers.response> {}
export interface WriteTxnMarkersResponseInput extends EncodableMessage<typeof writeTxnMarkers.response> {}
