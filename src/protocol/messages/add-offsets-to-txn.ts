import { api, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Adds a group's partition of __consumer_offsets to a transaction. Version 4 adds TRANSACTION_ABORTABLE (KIP-890).
 */
export const addOffsetsToTxn = api({
  key: 25,
  name: 'AddOffsetsToTxn',
  listeners: ['broker'],
  request: message('AddOffsetsToTxnRequest', '0-4', '3+', {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  }),
  response: message('AddOffsetsToTxnResponse', '0-4', '3+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
});

export interface AddOffsetsToTxnRequest extends DecodedMessage<typeof addOffsetsToTxn.request> {}
export interface AddOffsetsToTxnRequestInput extends EncodableMessage<typeof addOffsetsToTxn.request> {}
export interface AddOffsetsToTxnResponse extends DecodedMessage<typeof addOffsetsToTxn.response> {}
export interface AddOffsetsToTxnResponseInput extends EncodableMessage<typeof addOffsetsToTxn.response> {}
