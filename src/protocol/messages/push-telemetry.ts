import { api, bool, bytes, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, uuid } from '../schema.js';

/**
 * Pushes a client's metrics (KIP-714).
 */
export const pushTelemetry = api({
  key: 72,
  name: 'PushTelemetry',
  listeners: ['broker'],
  request: message('PushTelemetryRequest', '0', '0+', {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  }),
  response: message('PushTelemetryResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
});

export interface PushTelemetryRequest extends DecodedMessage<typeof pushTelemetry.request> {}
export interface PushTelemetryRequestInput extends EncodableMessage<typeof pushTelemetry.request> {}
export interface PushTelemetryResponse extends DecodedMessage<typeof pushTelemetry.response> {}
export interface PushTelemetryResponseInput extends EncodableMessage<typeof pushTelemetry.response> {}
