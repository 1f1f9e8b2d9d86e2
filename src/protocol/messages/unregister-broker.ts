import { api, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Removes the registration of a broker that is gone (KIP-631).
 */
export const unregisterBroker = api({
  key: 64,
  name: 'UnregisterBroker',
  listeners: ['broker', 'controller'],
  request: message('UnregisterBrokerRequest', '0', '0+', {
    brokerId: int32(),
  }),
  response: message('UnregisterBrokerResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
  }),
});

export interface UnregisterBrokerRequest extends DecodedMessage<typeof unregisterBroker.request> {}
export interface UnregisterBrokerRequestInput extends EncodableMessage<typeof unregisterBroker.request> {}
export interface UnregisterBrokerResponse extends DecodedMessage<typeof unregisterBroker.response> {}
export interface UnregisterBrokerResponseInput extends EncodableMessage<typeof unregisterBroker.response> {}
