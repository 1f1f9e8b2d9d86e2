import { api, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, safeInt64 } from '../schema.js';

/**
 * A broker asks the controller for a block of producer ids (KIP-730).
 */
export const allocateProducerIds = api({
  key: 67,
  name: 'AllocateProducerIds',
  listeners: ['controller'],
  request: message('AllocateProducerIdsRequest', '0', '0+', {
    brokerId: int32(),
    brokerEpoch: safeInt64('0+', { default: -1 }),
  }),
  response: message('AllocateProducerIdsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  }),
});

export interface AllocateProducerIdsRequest extends DecodedMessage<typeof allocateProducerIds.request> {}
export interface AllocateProducerIdsRequestInput extends EncodableMessage<typeof allocateProducerIds.request> {}
export interface AllocateProducerIdsResponse extends DecodedMessage<typeof allocateProducerIds.response> {}
export interface AllocateProducerIdsResponseInput extends EncodableMessage<typeof allocateProducerIds.response> {}
