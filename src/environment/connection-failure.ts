import { AuthenticationError, ConnectionError, type SecurityProblem } from '../model/errors.js';
import { type Address, addressName, type TlsOptions } from './environment.js';

/** What stood in the way of a connection, in words that tell an operator what to mend; the system's own error is the cause. */
export function connectFailure(address: Address, error: Error, tls?: TlsOptions): ConnectionError | AuthenticationError {
  return describe(address, error, `cannot connect to ${addressName(address)}`, tls);
}

/** What ended a connection that stood. In TLS 1.3 a refused client certificate, and the lack of one, shows only here. */
export function brokenConnection(address: Address, error: Error, tls?: TlsOptions): ConnectionError | AuthenticationError {
  return describe(address, error, `the connection to ${addressName(address)} broke`, tls);
}

function describe(address: Address, error: Error, what: string, tls?: TlsOptions): ConnectionError | AuthenticationError {
  // Where a name has several addresses Node reports one error for each; the first stands for all.
  const first: NodeError = error instanceof AggregateError ? error.errors[0] : error;
  const refusal = clientCertificateRefusal.exec(first.reason ?? '');
  if (refusal) {
    // Which alert says that there is none differs between servers and versions of TLS.
    const hasCertificate = tls?.certificate !== undefined || tls?.pkcs12 !== undefined;
    const reason = hasCertificate ? "the broker refuses the client's certificate" : 'the broker wants a certificate of the client';
    const problem = hasCertificate ? 'client-certificate-refused' : 'client-certificate-wanted';
    return new AuthenticationError(`${what}: ${reason} (${refusal[0]})`, { cause: error, problem });
  }
  const known = reasonByCode[first.code ?? '']?.(address, first, tls);
  const [reason, problem] = typeof known === 'string' ? [known] : (known ?? [unknownReason(first)]);
  return new ConnectionError(`${what}: ${reason}`, [addressName(address)], { cause: error, problem });
}

const unknownReason = ({ reason, message, code }: NodeError): string => `${reason ?? message}${code ? ` (${code})` : ''}`;

interface NodeError extends Error {
  readonly code?: string;
  /** Of TLS: OpenSSL's or the host name check's words, without the position in its source. */
  readonly reason?: string;
  /** Of the host name check: the certificate. */
  readonly cert?: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } };
}

// The alerts of RFC 8446 section 6.2 that speak of a certificate; by text, for the codes' names differ between versions of OpenSSL.
const clientCertificateRefusal =
  /alert (certificate required|bad certificate|unsupported certificate|certificate revoked|certificate expired|certificate unknown|unknown ca|access denied)/;

type Reason = string | readonly [reason: string, problem: SecurityProblem];

const untrusted = (): Reason => ['its certificate is signed by an authority that is not trusted', 'authority-not-trusted'];
const plaintextPort: SecurityProblem = 'tls-not-spoken';
const reasonByCode: Readonly<Record<string, (address: Address, error: NodeError, tls: TlsOptions | undefined) => Reason>> = {
  ECONNREFUSED: () => 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: (_, { message }) =>
    message.includes('TLS')
      ? ['it closed during the TLS handshake (is it a plaintext port?)', plaintextPort]
      : 'the other side closed it (ECONNRESET)',
  EPIPE: () => 'the other side closed it (EPIPE)',
  ENOTFOUND: ({ host }) => `the name ${host} is unknown (ENOTFOUND)`,
  EAI_AGAIN: ({ host }) => `no name server answers for ${host} (EAI_AGAIN)`,
  ETIMEDOUT: () => 'no answer (ETIMEDOUT)',
  EHOSTUNREACH: () => 'no route to the host (EHOSTUNREACH)',
  ENETUNREACH: () => 'no route to the network (ENETUNREACH)',
  DEPTH_ZERO_SELF_SIGNED_CERT: () => ['its certificate is self-signed and not among those trusted', 'authority-not-trusted'],
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: () => ['its certificate has expired', 'certificate-out-of-date'],
  CERT_NOT_YET_VALID: () => ['its certificate is not valid yet', 'certificate-out-of-date'],
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }, { cert }, tls) => [
    `its certificate is not for ${tls?.serverName ?? host} but for ${cert?.subjectaltname ?? cert?.subject?.CN ?? 'no host'}`,
    'certificate-of-another-host',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: () => ['it does not answer in TLS (is it a plaintext port?)', plaintextPort],
};
