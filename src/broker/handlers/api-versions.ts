import { errorCode } from '../../model/error-code.js';
import { apiVersions } from '../../protocol/messages/api-versions.js';
import { supportedFeatures } from '../controller/bootstrap.js';
import type { MetadataImage } from '../controller/image.js';
import type { AdvertisedApi } from '../server/api-table.js';
import { handler } from '../server/handler.js';

/** Kafka's ApiVersionsRequest.SOFTWARE_NAME_VERSION_PATTERN. */
const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/**
 * ApiVersions: exactly what the listener answers, and the features of the cluster.
 *
 * - 3: flexible, the client's name and version (KIP-511), features (KIP-584); 4: features that begin at level 0.
 * - A version that isn't known is answered by the dispatcher, in version 0.
 */
export const apiVersionsHandler = handler<{ readonly advertisedApis: readonly AdvertisedApi[]; readonly metadata: MetadataImage }>()({
  api: apiVersions,
  handle: ({ advertisedApis, metadata }, { clientSoftwareName, clientSoftwareVersion }, { apiVersion }) => {
    if (apiVersion >= 3 && !(softwarePattern.test(clientSoftwareName) && softwarePattern.test(clientSoftwareVersion))) {
      return { errorCode: errorCode('INVALID_REQUEST'), apiKeys: [] };
    }
    return {
      errorCode: 0,
      apiKeys: advertisedApis,
      supportedFeatures,
      finalizedFeaturesEpoch: Number(metadata.offset),
      finalizedFeatures: [...metadata.features].map(([name, level]) => ({ name, maxVersionLevel: level, minVersionLevel: level })),
    };
  },
});
