import { api, bool, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, string } from '../schema.js';

/**
 * Gives a producer its id and epoch; with a transactional id it also fences the predecessor and ends what that left
 * open.
 * Version 3 lets a producer go on with a higher epoch after an error (KIP-360), 5 adds TRANSACTION_ABORTABLE
 * (KIP-890). 6 is for two-phase commit (KIP-939) and not yet stable.
 */
export const initProducerId = api({
  key: 22,
  name: 'InitProducerId',
  listeners: ['broker'],
  latestVersionUnstable: true,
  request: message('InitProducerIdRequest', '0-6', '2+', {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32(),
    producerId: int64('3+', { default: -1n }),
    producerEpoch: int16('3+', { default: -1 }),
    enable2Pc: bool('6+'),
    keepPreparedTxn: bool('6+'),
  }),
  response: message('InitProducerIdResponse', '0-6', '2+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('0+', { default: -1n }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64('6+', { default: -1n }),
    ongoingTxnProducerEpoch: int16('6+', { default: -1 }),
  }),
});

export interface InitProducerIdRequest extends DecodedMessage<typeof initProducerId.request> {}
export interface InitProducerIdRequestInput extends EncodableMessage<typeof initProducerId.request> {}
export interface InitProducerIdResponse extends DecodedMessage<typeof initProducerId.response> {}
export interface InitProducerIdResponseInput extends EncodableMessage<typeof initProducerId.response> {}
