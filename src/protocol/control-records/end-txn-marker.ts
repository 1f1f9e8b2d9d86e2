import { type DecodedMessage, type EncodableMessage, int16, int32, message } from '../schema.js';

/**
 * Value of the ABORT and COMMIT markers that end a transaction in a partition. Kafka writes its version in front of
 * the message; here it is the first field, as in the other control records.
 */
export const endTxnMarker = message('EndTxnMarker', '0', 'none', {
  version: int16(),
  coordinatorEpoch: int32(),
});

export interface EndTxnMarker extends DecodedMessage<typeof endTxnMarker> {}
export interface EndTxnMarkerInput extends EncodableMessage<typeof endTxnMarker> {}
