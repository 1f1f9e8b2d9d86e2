import { api, array, bool, type DecodedMessage, type EncodableMessage, int8, int16, int32, message, string, uuid } from '../schema.js';

/**
 * Asks which metrics a client should push, and how often (KIP-714).
 */
export const getTelemetrySubscriptions = api({
  key: 71,
  name: 'GetTelemetrySubscriptions',
  listeners: ['broker'],
  request: message('GetTelemetrySubscriptionsRequest', '0', '0+', {
    clientInstanceId: uuid(),
  }),
  response: message('GetTelemetrySubscriptionsResponse', '0', '0+', {
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: array(string()),
  }),
});

export interface GetTelemetrySubscriptionsRequest extends DecodedMessage<typeof getTelemetrySubscriptions.request> {}
export interface GetTelemetrySubscriptionsRequestInput extends EncodableMessage<typeof getTelemetrySubscriptions.request> {}
export interface GetTelemetrySubscriptionsResponse extends DecodedMessage<typeof getTelemetrySubscriptions.response> {}
export interface GetTelemetrySubscriptionsResponseInput extends EncodableMessage<typeof getTelemetrySubscriptions.response> {}
