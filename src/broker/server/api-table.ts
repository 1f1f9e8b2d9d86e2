import type { Api, Versions } from '../../protocol/schema.js';
import { versionRange } from '../../protocol/versions.js';
import type { Handler } from './handler.js';

/** One row of an ApiVersions response. */
export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export interface ApiRow<Context> {
  /** Null where the request goes on to the controller. */
  readonly handler: Handler<Context> | null;
  readonly firstVersion: number;
  readonly lastVersion: number;
}

/** What one listener answers. */
export interface ApiTable<Context> {
  readonly rowOf: (apiKey: number) => ApiRow<Context> | undefined;
  /** By rising key: exactly the APIs that have a row. */
  readonly advertised: readonly AdvertisedApi[];
}

/** `forwarded` are handlers of the controller listener whose requests this listener hands on. */
export function createApiTable<Context>(
  handlers: readonly Handler<Context>[],
  forwarded: readonly Handler<never>[] = [],
): ApiTable<Context> {
  const rows = new Map<number, ApiRow<Context>>();
  const advertised: AdvertisedApi[] = [];
  const add = (handler: Handler<Context> | Handler<never>, isForwarded: boolean): void => {
    const { api } = handler;
    if (rows.has(api.key)) throw new Error(`${api.name} has two handlers`);
    const servedVersions = handler.versions ?? stableVersions(api);
    const { first: firstVersion, last: lastVersion } = versionRange(servedVersions);
    rows.set(api.key, { handler: isForwarded ? null : (handler as Handler<Context>), firstVersion, lastVersion });
    const { first, last } = versionRange(handler.advertisedVersions ?? servedVersions);
    advertised.push({ apiKey: api.key, minVersion: first, maxVersion: last });
  };
  for (const handler of handlers) add(handler, false);
  for (const handler of forwarded) add(handler, true);
  advertised.sort((a, b) => a.apiKey - b.apiKey);
  return { rowOf: (apiKey) => rows.get(apiKey), advertised };
}

function stableVersions({ request, latestVersionUnstable }: Api): Versions {
  const { first, last } = versionRange(request.versions);
  return `${first}-${latestVersionUnstable ? last - 1 : last}`;
}
