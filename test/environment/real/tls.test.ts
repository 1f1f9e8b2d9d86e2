import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer, type TlsOptions as ServerOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { TlsOptions } from '../../../src/environment/environment.js';
import { createLifetime, type Lifetime } from '../../../src/environment/lifetime.js';
import { createRealNetwork } from '../../../src/environment/real/network.js';
import { AuthenticationError, ConnectionError } from '../../../src/model/errors.js';

const file = (name: string) => readFileSync(new URL(`./certificates/${name}`, import.meta.url));
const text = (name: string) => file(name).toString();
const identity = (name: string) => ({ cert: text(`${name}.pem`), key: text(`${name}.key`) });
const ca = text('authority.pem');
/** With the passphrase 'wrong' its padding looks right, as with one wrong passphrase of 256, and what comes out is no key. */
const seeminglyRight = [
  '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  'MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhrvmW4Isr9YgICCAAw',
  'DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEII35dFMfqZVoYGCtokl2dYEgZDN',
  'QOrsI9CRq4OMV7H258S7osGNJVVg/z9k9qNSdw5RyZJ+jtaALqk36DMxc1mwet08',
  'qmKArvzSEkoWeFofqwnx4coIX/JcNIZq28Y67KK+QLzxHGL/+mfvWbvTq0q7c2ww',
  'StTQtHGdkrC3XsTgsK84Kuxz2P+5oAwrmuaX9ouw7eqLhgI5CR7YDjkVX2ALb/0=',
  '-----END ENCRYPTED PRIVATE KEY-----',
].join('\n');
const encrypted = {
  certificate: text('client.pem'),
  key: createPrivateKey(text('client.key'))
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString(),
};

const servers: Server[] = [];
const lifetimes: Lifetime[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const lifetime of lifetimes.splice(0)) lifetime.end();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
/** A server that says "hello", the client's name if it has one, and closes. */
const tlsServer = (options: ServerOptions) =>
  createServer(options, (socket) => {
    socket.on('error', () => {});
    const peer = socket.getPeerCertificate() as { subject?: { CN?: string } } | undefined;
    socket.end(`hello ${peer?.subject?.CN ?? ''}`);
  }).on('tlsClientError', () => {});

/** What the server says, or the error with which connecting or reading ended. */
async function talk(server: Server, tls: TlsOptions): Promise<string | Error> {
  const port = await listening(server);
  const lifetime = createLifetime();
  lifetimes.push(lifetime);
  try {
    const connection = await createRealNetwork(lifetime).connect({ host: '127.0.0.1', port }, { tls });
    return await new Promise((resolve) => {
      let heard = '';
      connection.start({
        onData: (bytes) => {
          heard += Buffer.from(bytes).toString();
        },
        onClose: (error) => resolve(error ?? heard),
      });
    });
  } catch (error) {
    return error as Error;
  }
}
const expectFailure = (answer: string | Error, type: typeof ConnectionError | typeof AuthenticationError, message: RegExp) => {
  expect(answer).toBeInstanceOf(type);
  expect((answer as Error).message).toMatch(message);
};

describe('TLS', () => {
  it('connects to a broker whose authority is trusted', async () => {
    expect(await talk(tlsServer(identity('broker')), { ca })).toBe('hello ');
  });

  it.each([
    ['an authority that is not trusted', 'broker', {}, /certificate is signed by an authority that is not trusted$/],
    ['a self-signed certificate', 'stranger', { ca }, /certificate is self-signed and not among those trusted$/],
    ['an expired certificate', 'expired', { ca }, /certificate has expired$/],
    ['the certificate of another host', 'elsewhere', { ca }, /certificate is not for 127\.0\.0\.1 but for DNS:elsewhere\.test$/],
    [
      'another server name',
      'broker',
      { ca, serverName: 'other.test' },
      /certificate is not for other\.test but for DNS:localhost, DNS:broker\.test, IP Address:127\.0\.0\.1$/,
    ],
  ] as const)('refuses %s', async (_, name, options, message) => {
    expectFailure(await talk(tlsServer(identity(name)), options), ConnectionError, message);
  });

  it('checks another name where one is given, and none where that is asked for', async () => {
    expect(await talk(tlsServer(identity('elsewhere')), { ca, serverName: 'elsewhere.test' })).toBe('hello ');
    expect(await talk(tlsServer(identity('elsewhere')), { ca, skipHostnameCheck: true })).toBe('hello ');
    expectFailure(await talk(tlsServer(identity('stranger')), { ca, skipHostnameCheck: true }), ConnectionError, /self-signed/);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('presents a client certificate from PEM or PKCS12 (%s)', async (version) => {
    const mutual = { ...identity('broker'), ca, requestCert: true, minVersion: version, maxVersion: version };
    expect(await talk(tlsServer(mutual), { ca, certificate: text('client.pem'), key: text('client.key') })).toBe('hello client');
    expect(await talk(tlsServer(mutual), { ca, pkcs12: file('client.p12'), keyPassphrase: 'secret' })).toBe('hello client');
  });

  it('says that the broker wants a client certificate', async () => {
    const mutual = { ...identity('broker'), ca, requestCert: true, minVersion: 'TLSv1.3' as const };
    expectFailure(
      await talk(tlsServer(mutual), { ca }),
      AuthenticationError,
      /the broker wants a certificate of the client \(alert certificate required\)/,
    );
  });

  it.each([
    ['a wrong passphrase', { ca, pkcs12: file('client.p12'), keyPassphrase: 'wrong' }, /is unusable: the passphrase is wrong$/],
    ['no passphrase', { ca, pkcs12: file('client.p12') }, /is unusable: it is encrypted, and no passphrase is given$/],
    ['a wrong passphrase of a key', { ca, ...encrypted, keyPassphrase: 'wrong' }, /is unusable: the passphrase is wrong$/],
    [
      'a wrong passphrase that seems right',
      { ca, certificate: text('client.pem'), key: seeminglyRight, keyPassphrase: 'wrong' },
      /is unusable: the passphrase is wrong$/,
    ],
    ['no passphrase of a key', { ca, ...encrypted }, /is unusable: it is encrypted, and no passphrase is given$/],
    ['a key that is none', { ca, certificate: text('client.pem'), key: 'junk' }, /is unusable: the key is not PEM$/],
    ['a certificate that is none', { ca, certificate: 'junk', key: text('client.key') }, /is unusable: the certificate is not PEM$/],
    ['a PKCS12 file that is none', { ca, pkcs12: Buffer.from('junk') }, /is unusable/],
    ['a PKCS12 file of old', { ca, pkcs12: file('client-old.p12'), keyPassphrase: 'secret' }, /is encrypted in an old way/],
    [
      'a PKCS12 file without a key',
      { ca, pkcs12: file('../../../cli/security/stores/java.p12'), keyPassphrase: 'secret' },
      /holds no key$/,
    ],
    [
      'a key of another certificate',
      { ca, certificate: text('client.pem'), key: text('broker.key') },
      /the key belongs to another certificate$/,
    ],
    ['an authority that is no PEM', { ca: 'junk' }, /trusted authorities hold no PEM certificate/],
  ] as const)('says that %s is of no use', async (_, options, message) => {
    expectFailure(await talk(tlsServer(identity('broker')), options), AuthenticationError, message);
  });

  it('says that the other side speaks no TLS', async () => {
    const plain = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .end('HTTP/1.1 400 Bad Request\r\n\r\n')
        .resume(),
    );
    expectFailure(await talk(plain, { ca }), ConnectionError, /does not answer in TLS \(is it a plaintext port\?\)$/);
    const silent = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end(),
    );
    expectFailure(await talk(silent, { ca }), ConnectionError, /it closed during the TLS handshake \(is it a plaintext port\?\)$/);
  });
});
