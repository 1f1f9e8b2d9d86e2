import { api, type DecodedMessage, type EncodableMessage, int16, int32, message, string } from '../schema.js';

/**
 * Keeps a classic group member's session, and tells it of a rebalance. Version 3 adds static membership (KIP-345).
 */
export const heartbeat = api({
  key: 12,
  name: 'Heartbeat',
  listeners: ['broker'],
  request: message('HeartbeatRequest', '0-4', '4+', {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
  }),
  response: message('HeartbeatResponse', '0-4', '4+', {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
  }),
});

export interface HeartbeatRequest extends DecodedMessage<typeof heartbeat.request> {}
export interface HeartbeatRequestInput extends EncodableMessage<typeof heartbeat.request> {}
export interface HeartbeatResponse extends DecodedMessage<typeof heartbeat.response> {}
export interface HeartbeatResponseInput extends EncodableMessage<typeof heartbeat.response> {}
