import { type DecodedMessage, type EncodableMessage, int16, message } from '../schema.js';

/**
 * Value of KRAFT_VERSION: the level of kraft.version (KIP-853).
 */
export const kraftVersionRecord = message('KRaftVersionRecord', '0', '0+', {
  version: int16(),
  kRaftVersion: int16(),
});

export interface KRaftVersionRecord extends DecodedMessage<typeof kraftVersionRecord> {}
export interface KRaftVersionRecordInput extends EncodableMessage<typeof kraftVersionRecord> {}
