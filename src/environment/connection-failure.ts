import { AuthenticationError, ConnectionError } from '../model/errors.js';
import { type Address, addressName } from './environment.js';

/** What stood in the way of a connection, in words that tell an operator what to mend; the system's own error is the cause. */
export function connectFailure(address: Address, error: Error): ConnectionError | AuthenticationError {
  return describe(address, error, `cannot connect to ${addressName(address)}`);
}

/** What ended a connection that stood. In TLS 1.3 a refused client certificate shows only here. */
export function brokenConnection(address: Address, error: Error): ConnectionError | AuthenticationError {
  return describe(address, error, `the connection to ${addressName(address)} broke`);
}

function describe(address: Address, error: Error, what: string): ConnectionError | AuthenticationError {
  // Where a name has several addresses Node reports one error for each; the first stands for all.
  const first: NodeError = error instanceof AggregateError ? error.errors[0] : error;
  const refusal = clientCertificateRefusal.exec(first.reason ?? '');
  if (refusal) return new AuthenticationError(`${what}: the broker refuses the client's certificate (${refusal[0]})`, { cause: error });
  const reason =
    reasonByCode[first.code ?? '']?.(address, first) ?? `${first.reason ?? first.message}${first.code ? ` (${first.code})` : ''}`;
  return new ConnectionError(`${what}: ${reason}`, [addressName(address)], { cause: error });
}

interface NodeError extends Error {
  readonly code?: string;
  /** Of TLS: OpenSSL's or the host name check's words, without the position in its source. */
  readonly reason?: string;
}

// The alerts of RFC 8446 section 6.2 that speak of a certificate; by text, for the codes' names differ between versions of OpenSSL.
const clientCertificateRefusal =
  /alert (certificate required|bad certificate|unsupported certificate|certificate revoked|certificate expired|certificate unknown|unknown ca|access denied)/;

const untrusted = () => 'its certificate is signed by an authority that is not trusted';
const reasonByCode: Readonly<Record<string, (address: Address, error: NodeError) => string>> = {
  ECONNREFUSED: () => 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: (_, { message }) =>
    message.includes('TLS') ? 'it closed during the TLS handshake (is it a plaintext port?)' : 'the other side closed it (ECONNRESET)',
  EPIPE: () => 'the other side closed it (EPIPE)',
  ENOTFOUND: ({ host }) => `the name ${host} is unknown (ENOTFOUND)`,
  EAI_AGAIN: ({ host }) => `no name server answers for ${host} (EAI_AGAIN)`,
  ETIMEDOUT: () => 'no answer (ETIMEDOUT)',
  EHOSTUNREACH: () => 'no route to the host (EHOSTUNREACH)',
  ENETUNREACH: () => 'no route to the network (ENETUNREACH)',
  DEPTH_ZERO_SELF_SIGNED_CERT: () => 'its certificate is self-signed and not among those trusted',
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: () => 'its certificate has expired',
  CERT_NOT_YET_VALID: () => 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: (_, { reason }) => `its certificate is for another host: ${reason}`,
  ERR_SSL_WRONG_VERSION_NUMBER: () => 'it does not answer in TLS (is it a plaintext port?)',
};
