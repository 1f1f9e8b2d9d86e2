import { api, array, bool, type DecodedMessage, type EncodableMessage, int16, int32, message, safeInt64, string } from '../schema.js';

/**
 * What a node speaks: its APIs with their versions, and its features. It is the first request on a connection, so it
 * breaks two rules (KIP-511): the response header is never flexible, and a version that the broker does not know is
 * answered in version 0 with UNSUPPORTED_VERSION and the versions of this API alone. Version 3 adds the client's name
 * and version. Before version 4 a feature's minVersion of 0 cannot be told (KAFKA-17011).
 */
export const apiVersions = api({
  key: 18,
  name: 'ApiVersions',
  listeners: ['broker', 'controller'],
  request: message('ApiVersionsRequest', '0-4', '3+', {
    clientSoftwareName: string('3+', { ignorable: true }),
    clientSoftwareVersion: string('3+', { ignorable: true }),
  }),
  response: message('ApiVersionsResponse', '0-4', '3+', {
    errorCode: int16(),
    apiKeys: array({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32('1+', { ignorable: true }),
    supportedFeatures: array(
      {
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      },
      '3+',
      { ignorable: true, tag: 0 },
    ),
    finalizedFeaturesEpoch: safeInt64('3+', { default: -1, ignorable: true, tag: 1 }),
    finalizedFeatures: array(
      {
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      },
      '3+',
      { ignorable: true, tag: 2 },
    ),
    zkMigrationReady: bool('3+', { ignorable: true, tag: 3 }),
  }),
});

export interface ApiVersionsRequest extends DecodedMessage<typeof apiVersions.request> {}
export interface ApiVersionsRequestInput extends EncodableMessage<typeof apiVersions.request> {}
export interface ApiVersionsResponse extends DecodedMessage<typeof apiVersions.response> {}
export interface ApiVersionsResponseInput extends EncodableMessage<typeof apiVersions.response> {}
