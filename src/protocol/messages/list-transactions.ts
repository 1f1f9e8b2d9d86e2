import { api, array, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, safeInt64, string } from '../schema.js';

/**
 * The transactions that a broker coordinates; ask every broker (KIP-664). Version 1 filters by age (KIP-994), 2 by a
 * pattern of the transactional id (KIP-1152).
 */
export const listTransactions = api({
  key: 66,
  name: 'ListTransactions',
  listeners: ['broker'],
  request: message('ListTransactionsRequest', '0-2', '0+', {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: safeInt64('1+', { default: -1 }),
    transactionalIdPattern: string('2+', { nullable: '0+', default: null }),
  }),
  response: message('ListTransactionsResponse', '0-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  }),
});

export interface ListTransactionsRequest extends DecodedMessage<typeof listTransactions.request> {}
export interface ListTransactionsRequestInput extends EncodableMessage<typeof listTransactions.request> {}
export interface ListTransactionsResponse extends DecodedMessage<typeof listTransactions.response> {}
export interface ListTransactionsResponseInput extends EncodableMessage<typeof listTransactions.response> {}
