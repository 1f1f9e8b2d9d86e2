import { array, type DecodedMessage, type EncodableMessage, int16, int32, message, string, struct, uint16, uuid } from '../schema.js';

/**
 * Value of KRAFT_VOTERS: the voters of the quorum (KIP-853).
 */
export const votersRecord = message('VotersRecord', '0', '0+', {
  version: int16(),
  voters: array({
    voterId: int32(),
    voterDirectoryId: uuid(),
    endpoints: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
});

export interface VotersRecord extends DecodedMessage<typeof votersRecord> {}
export interface VotersRecordInput extends EncodableMessage<typeof votersRecord> {}
