import { type DecodedMessage, int16, int32, message, string } from './schema.js';

/**
 * What stands before every request. Version 1 has the client id (version 0 went with ControlledShutdown 0), version 2 is
 * flexible; but the client id keeps its two-byte length, so that a broker can read the header of an ApiVersions request
 * from a future version.
 */
export const requestHeader = message('RequestHeader', '1-2', '2+', {
  requestApiKey: int16(),
  requestApiVersion: int16(),
  correlationId: int32(),
  clientId: string('0+', { nullable: '0+', inflexible: true }),
});

export interface RequestHeader extends DecodedMessage<typeof requestHeader> {}
