import { ProtocolError } from '../../model/errors.js';
import { decodeMessage, encodeMessage } from '../../protocol/compile.js';
import { bool, int16, message, string } from '../../protocol/schema.js';

/** Kafka's DefaultPrincipalData: a principal on its way from a broker to the controller, behind its version. */
const defaultPrincipalData = message('DefaultPrincipalData', '0', '0+', { type: string(), name: string(), tokenAuthenticated: bool() });
const versionPrefix = message('DefaultPrincipalDataVersion', '0', 'none', { version: int16() });
const VERSION = 0;
const PREFIX_BYTES = 2;

/** `principal` as `User:alice`. */
export function encodePrincipal(principal: string): Uint8Array {
  const colon = principal.indexOf(':');
  const value = { type: principal.slice(0, colon), name: principal.slice(colon + 1), tokenAuthenticated: false };
  return Buffer.concat([...encodeMessage(versionPrefix, 0, { version: VERSION }), ...encodeMessage(defaultPrincipalData, VERSION, value)]);
}

/** Throws ProtocolError. */
export function decodePrincipal(bytes: Uint8Array): string {
  const { version } = decodeMessage(versionPrefix, 0, bytes.subarray(0, PREFIX_BYTES));
  if (version !== VERSION) throw new ProtocolError(`DefaultPrincipalData of version ${version} is not known`);
  const { type, name } = decodeMessage(defaultPrincipalData, VERSION, bytes.subarray(PREFIX_BYTES));
  return `${type}:${name}`;
}
