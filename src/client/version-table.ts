import { UnsupportedVersionError } from '../model/errors.js';
import type { Api } from '../protocol/schema.js';
import { versionRange } from '../protocol/versions.js';

/** Which versions of which APIs a broker serves. */
export interface VersionTable {
  /** The newest version that both sides know. Throws UnsupportedVersionError, which names the API and the broker, where there is none. */
  readonly versionOf: (api: Api) => number;
}

export interface ServedVersions {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** `broker` is what errors call it. */
export function createVersionTable(broker: string, served: readonly ServedVersions[]): VersionTable {
  const servedByKey = new Map(served.map((range) => [range.apiKey, range]));
  return {
    versionOf: (api) => {
      const theirs = servedByKey.get(api.key);
      if (theirs === undefined) throw new UnsupportedVersionError(`${broker} does not serve the API ${api.name}`);
      const { first, last } = knownVersions(api);
      const version = Math.min(last, theirs.maxVersion);
      if (version >= Math.max(first, theirs.minVersion)) return version;
      throw new UnsupportedVersionError(
        `${broker} serves ${api.name} in versions ${theirs.minVersion} to ${theirs.maxVersion}, of which this client, with ${first} to ${last}, knows none`,
      );
    },
  };
}

function knownVersions(api: Api) {
  const { first, last } = versionRange(api.request.versions);
  return { first, last: api.latestVersionUnstable ? last - 1 : last };
}
