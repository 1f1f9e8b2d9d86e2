import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, int64, message, safeInt64, uuid } from '../schema.js';

/**
 * Keeps a broker's session, and asks to be unfenced or shut down (KIP-631). Version 1 adds offline log directories
 * (KIP-858), 2 cordoned ones (KIP-1066).
 */
export const brokerHeartbeat = api({
  key: 63,
  name: 'BrokerHeartbeat',
  listeners: ['controller'],
  request: message('BrokerHeartbeatRequest', '0-2', '0+', {
    brokerId: int32(),
    brokerEpoch: safeInt64('0+', { default: -1 }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: array(uuid(), '1+', { tag: 0 }),
    cordonedLogDirs: array(uuid(), '2+', { nullable: '0+', default: null, tag: 1 }),
  }),
  response: message('BrokerHeartbeatResponse', '0-2', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: bool('0+', { default: false }),
    isFenced: bool('0+', { default: true }),
    shouldShutDown: bool(),
  }),
});

export interface BrokerHeartbeatRequest extends DecodedMessage<typeof brokerHeartbeat.request> {}
export interface BrokerHeartbeatRequestInput extends EncodableMessage<typeof brokerHeartbeat.request> {}
export interface BrokerHeartbeatResponse extends DecodedMessage<typeof brokerHeartbeat.response> {}
export interface BrokerHeartbeatResponseInput extends EncodableMessage<typeof brokerHeartbeat.response> {}
