import { api, bool, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Commits or aborts a transaction. From version 5 the producer's epoch rises with every transaction, and the response
 * brings the next id and epoch (KIP-890).
 */
export const endTxn = api({
  key: 26,
  name: 'EndTxn',
  listeners: ['broker'],
  request: message('EndTxnRequest', '0-5', '3+', {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  }),
  response: message('EndTxnResponse', '0-5', '3+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('5+', { default: -1n, ignorable: true }),
    producerEpoch: int16('5+', { default: -1, ignorable: true }),
  }),
});

export interface EndTxnRequest extends DecodedMessage<typeof endTxn.request> {}
export interface EndTxnRequestInput extends EncodableMessage<typeof endTxn.request> {}
export interface EndTxnResponse extends DecodedMessage<typeof endTxn.response> {}
export interface EndTxnResponseInput extends EncodableMessage<typeof endTxn.response> {}
