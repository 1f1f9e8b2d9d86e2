import { type DecodedMessage, int32, message } from './schema.js';

/** What stands before every response. Version 1 is flexible; ApiVersions responses always have version 0 (KIP-511). */
export const responseHeader = message('ResponseHeader', '0-1', '1+', {
  correlationId: int32(),
});

export interface ResponseHeader extends DecodedMessage<typeof responseHeader> {}
