import { errorCode, errorName } from '../model/error-code.js';
import { ConnectionError } from '../model/errors.js';
import { type ApiVersionsResponse, apiVersions } from '../protocol/messages/api-versions.js';
import { versionRange } from '../protocol/versions.js';
import type { ClientConnection } from './connection.js';
import { createVersionTable, type VersionTable } from './version-table.js';

export const newestApiVersionsVersion = versionRange(apiVersions.request.versions).last;

export interface Software {
  /** What the broker's metrics call this client (KIP-511): letters, digits, dots and dashes. */
  readonly name: string;
  readonly version: string;
}

/**
 * Asks which versions the broker serves, beginning with `firstVersion` of ApiVersions. A broker that does not know that one
 * answers in version 0 and, since Kafka 2.4, says which it knows (KIP-511); else version 0 is asked for.
 */
export async function negotiateVersions(connection: ClientConnection, firstVersion: number, software: Software): Promise<VersionTable> {
  const ask = (version: number): Promise<ApiVersionsResponse> =>
    connection.send(apiVersions, version, { clientSoftwareName: software.name, clientSoftwareVersion: software.version });
  let answer = await ask(firstVersion);
  if (answer.errorCode === errorCode('UNSUPPORTED_VERSION')) {
    const known = answer.apiKeys.find(({ apiKey }) => apiKey === apiVersions.key);
    answer = await ask(Math.min(known?.maxVersion ?? 0, firstVersion));
  }
  if (answer.errorCode !== 0) {
    throw new ConnectionError(`${connection.name} answers ApiVersions with ${errorName(answer.errorCode)}`, [connection.name]);
  }
  return createVersionTable(connection.name, answer.apiKeys);
}
