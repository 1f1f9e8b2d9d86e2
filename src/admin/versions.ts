import type { Client } from '../client/client.js';
import { type ApiVersionsResponse, apiVersions } from '../protocol/messages/api-versions.js';
import { failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';

/** What a broker can do. */
export interface BrokerVersions {
  /** By rising key. */
  readonly apis: readonly ServedApi[];
  /** Null before Kafka 2.7, which knows no features (KIP-584). */
  readonly features: BrokerFeatures | null;
}
export interface ServedApi {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}
export interface BrokerFeatures {
  /** By name. */
  readonly supported: readonly { readonly feature: string; readonly min: number; readonly max: number }[];
  /** What the cluster has decided on, by name; of those that are not here level 0 holds. */
  readonly finalized: readonly { readonly feature: string; readonly level: number }[];
  /** Of the decision: null where there is none. */
  readonly epoch: number | null;
}

/** The version of ApiVersions that tells of features. */
const FIRST_WITH_FEATURES = 3;

/** What brokers can do, by ApiVersions, which needs no permission: asked of all at once, a result for each, in their order. */
export async function describeVersions(
  client: Client,
  brokers: readonly number[],
  options: CallOptions = {},
): Promise<readonly Learned<{ readonly broker: number }, BrokerVersions>[]> {
  return Promise.all(
    brokers.map(async (broker) => {
      let askedVersion = 0;
      try {
        const answer = await client.request(
          apiVersions,
          ({ version }) => {
            askedVersion = version;
            return { clientSoftwareName: 'kafka-ts', clientSoftwareVersion: 'unknown' };
          },
          { to: { broker }, failure: (response) => response, ...options },
        );
        const apis = answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => ({ key: apiKey, minVersion, maxVersion }));
        return {
          broker,
          apis: apis.sort((a, b) => a.key - b.key),
          features: askedVersion < FIRST_WITH_FEATURES ? null : featuresIn(answer),
          error: null,
        };
      } catch (error) {
        return { broker, apis: null, features: null, error: failureOfRequest(error) };
      }
    }),
  );
}

const featuresIn = ({ supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch }: ApiVersionsResponse): BrokerFeatures => ({
  supported: supportedFeatures
    .map(({ name, minVersion, maxVersion }) => ({ feature: name, min: minVersion, max: maxVersion }))
    .sort(byName),
  finalized: finalizedFeatures.map(({ name, maxVersionLevel }) => ({ feature: name, level: maxVersionLevel })).sort(byName),
  epoch: finalizedFeaturesEpoch === -1 ? null : finalizedFeaturesEpoch,
});
const byName = (a: { readonly feature: string }, b: { readonly feature: string }) => (a.feature < b.feature ? -1 : 1);

/**
 * The release of Kafka that a broker seems to be, such as `4.3`, or `4.3+` for one that is newer than this program: brokers do not tell
 * it. By the newest metadata.version that it supports (MetadataVersion), or, without one, by the APIs that came with each release. Null
 * before Kafka 2.4.
 */
export function kafkaRelease({ apis, features }: BrokerVersions): string | null {
  const level = features?.supported.find(({ feature }) => feature === METADATA_VERSION)?.max;
  if (level !== undefined) {
    const release = releaseOfMetadataVersion(level);
    if (release !== null) return release;
  }
  const newest = new Map(apis.map(({ key, maxVersion }) => [key, maxVersion]));
  return releasesByApi.find(([, key, version]) => (newest.get(key) ?? -1) >= version)?.[0] ?? null;
}

/** What Kafka's tools call a level of metadata.version, such as `4.3-IV0` for 30; null of one that this program does not know. */
export function metadataVersionName(level: number): string | null {
  const [release, first] = releasesByMetadataVersion.find(([, first]) => level >= first) ?? [];
  if (release === undefined || first === undefined || level > NEWEST_METADATA_VERSION) return null;
  // The first version of Kafka 3.0 had no level.
  return `${release}-IV${level - first + (release === '3.0' ? 1 : 0)}`;
}

export const METADATA_VERSION = 'metadata.version';
const NEWEST_METADATA_VERSION = 30;

/** The release that a level of metadata.version came with; null below the first. */
const releaseOfMetadataVersion = (level: number): string | null =>
  level > NEWEST_METADATA_VERSION ? '4.3+' : (releasesByMetadataVersion.find(([, first]) => level >= first)?.[0] ?? null);

/** With the first metadata.version of each. Source: MetadataVersion. */
const releasesByMetadataVersion = [
  ['4.3', 30],
  ['4.2', 28],
  ['4.1', 26],
  ['4.0', 22],
  ['3.9', 21],
  ['3.8', 20],
  ['3.7', 15],
  ['3.6', 12],
  ['3.5', 9],
  ['3.4', 8],
  ['3.3', 4],
  ['3.2', 3],
  ['3.1', 2],
  ['3.0', 1],
] as const satisfies readonly (readonly [release: string, level: number])[];

/** With the key and the version of an API that came with each. Source: the message definitions of each release. */
const releasesByApi = [
  ['3.9', 1, 17],
  ['3.8', 66, 1],
  ['3.7', 60, 1],
  ['3.6', 8, 9],
  ['3.5', 1, 15],
  ['3.4', 5, 4],
  ['3.3', 35, 4],
  ['3.2', 11, 9],
  ['3.1', 1, 13],
  ['3.0', 65, 0],
  ['2.8', 60, 0],
  ['2.7', 50, 0],
  ['2.6', 48, 0],
  ['2.5', 11, 7],
  ['2.4', 47, 0],
] as const satisfies readonly (readonly [release: string, apiKey: number, version: number])[];
