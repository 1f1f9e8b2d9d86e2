import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import { AuthenticationError, messageOf } from '../../model/errors.js';
import { type Address, addressName, type TlsOptions } from '../environment.js';

/**
 * Begins a TLS connection; its socket says `secureConnect` when the certificate is checked. Throws AuthenticationError where the options
 * themselves are of no use.
 */
export function connectTls(address: Address, options: TlsOptions): Socket {
  if (options.ca !== undefined && !options.ca.includes('-----BEGIN')) {
    throw new AuthenticationError(`cannot connect to ${addressName(address)}: the trusted authorities hold no PEM certificate`, {
      problem: 'authority-not-trusted',
    });
  }
  const name = options.serverName ?? address.host;
  try {
    return connect({
      host: address.host,
      port: address.port,
      // RFC 6066 allows no address as a server name.
      ...(isIP(name) ? {} : { servername: name }),
      checkServerIdentity: options.skipHostnameCheck ? () => undefined : (_, certificate) => checkServerIdentity(name, certificate),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.pkcs12 ? { pfx: Buffer.from(options.pkcs12) } : {}),
      ...(options.certificate === undefined ? {} : { cert: options.certificate }),
      ...(options.key === undefined ? {} : { key: options.key }),
      ...(options.keyPassphrase === undefined ? {} : { passphrase: options.keyPassphrase }),
    }).setNoDelay();
  } catch (cause) {
    // OpenSSL refuses the key, the certificate or the passphrase.
    const message = messageOf(cause);
    const reason = reasons.find(([words]) => message.includes(words))?.[1](options) ?? message;
    throw new AuthenticationError(`cannot connect to ${addressName(address)}: the client's certificate or key is unusable: ${reason}`, {
      cause,
      problem: 'client-certificate-unusable',
    });
  }
}

const wrongPassphrase = ({ keyPassphrase }: TlsOptions): string =>
  keyPassphrase === undefined ? 'it is encrypted, and no passphrase is given' : 'the passphrase is wrong';
const isEncrypted = ({ key }: TlsOptions): boolean => key?.includes('ENCRYPTED') === true;
/** By OpenSSL's words. */
const reasons: readonly (readonly [words: string, reason: (options: TlsOptions) => string])[] = [
  ['mac verify failure', wrongPassphrase],
  ['bad decrypt', wrongPassphrase],
  ['interrupted or cancelled', wrongPassphrase],
  ['bad password read', wrongPassphrase],
  ['key values mismatch', () => 'the key belongs to another certificate'],
  ['from PFX data', () => 'the PKCS12 file holds no key'],
  ['Unsupported PKCS12 PFX data', () => 'it is encrypted in an old way that OpenSSL no longer reads'],
  // What a wrong passphrase makes of a key looks right in one case of 256, and is found to be no key later.
  ['DECODER routines::unsupported', (options) => (isEncrypted(options) ? wrongPassphrase(options) : 'the key is not PEM')],
  ['no start line', () => 'the certificate is not PEM'],
];
