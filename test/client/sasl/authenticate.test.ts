import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../src/client/client.js';
import { authenticate } from '../../../src/client/sasl/authenticate.js';
import type { SaslCredentials } from '../../../src/client/sasl/credentials.js';
import { createWorld, type VirtualEnvironment, type World } from '../../../src/environment/virtual.js';
import { metadata } from '../../../src/protocol/messages/metadata.js';
import { saslAuthenticate } from '../../../src/protocol/messages/sasl-authenticate.js';
import { saslHandshake } from '../../../src/protocol/messages/sasl-handshake.js';
import { clusterOf, type ScriptedBroker, scriptedBroker } from '../scripted-broker.js';

let world: World;
let environment: VirtualEnvironment;
let broker: ScriptedBroker;
beforeEach(async () => {
  world = createWorld('sasl');
  environment = world.createEnvironment('client');
  broker = await scriptedBroker(world.createEnvironment('broker'), 9092, [
    [metadata, 0, 13],
    [saslHandshake, 0, 1],
    [saslAuthenticate, 0, 2],
  ]);
  broker.on(metadata, () => clusterOf([]));
});

/** Serves one mechanism; `answer` gives the broker's token, or why it refuses. */
function serve(mechanism: string, answer: (token: string) => string | { readonly refusal: string }) {
  broker.on(saslHandshake, (body) => ({ errorCode: body.mechanism === mechanism ? 0 : 33, mechanisms: [mechanism] }));
  broker.on(saslAuthenticate, ({ authBytes }) => {
    const token = answer(Buffer.from(authBytes).toString());
    return typeof token === 'string'
      ? { errorCode: 0, errorMessage: null, authBytes: Buffer.from(token) }
      : { errorCode: 58, errorMessage: token.refusal, authBytes: new Uint8Array(0) };
  });
}
/** 'in', or the failure in words. */
const logIn = (sasl: SaslCredentials): Promise<string> =>
  world.finish(
    createClient(environment, { bootstrapServers: 'broker:9092', sasl }, authenticate)
      .request(metadata, { topics: [] }, { to: 'any' })
      .then(
        () => 'in',
        (error: Error) => `${error.name}: ${error.message}`,
      ),
  );

describe('PLAIN', () => {
  const credentials = { mechanism: 'PLAIN', username: 'ann', password: 'pass,word=' } as const;

  it('sends name and password after ApiVersions and before anything else', async () => {
    serve('PLAIN', (token) => (token === '\0ann\0pass,word=' ? '' : { refusal: 'no' }));
    expect(await logIn(credentials)).toBe('in');
    expect(broker.apiNames()).toEqual(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'Metadata']);
  });

  it('says what the broker says, once, without a retry', async () => {
    serve('PLAIN', () => ({ refusal: 'Authentication failed: Invalid username or password' }));
    expect(await logIn(credentials)).toBe(
      'AuthenticationError: broker:9092 refuses the credentials: Authentication failed: Invalid username or password (SASL_AUTHENTICATION_FAILED)',
    );
    expect(broker.connections).toHaveLength(1);
  });

  it('says that the listener wants none of it', async () => {
    broker.on(saslHandshake, () => ({ errorCode: 34, mechanisms: [] }));
    expect(await logIn(credentials)).toBe('AuthenticationError: broker:9092 wants no SASL');
  });

  it('names the mechanisms that there are', async () => {
    serve('SCRAM-SHA-512', () => '');
    expect(await logIn(credentials)).toBe('AuthenticationError: broker:9092 does not offer PLAIN, only SCRAM-SHA-512');
  });
});

describe.each([
  ['SCRAM-SHA-256', 'sha256', 32],
  ['SCRAM-SHA-512', 'sha512', 64],
] as const)('%s', (mechanism, hash, keyBytes) => {
  const salt = Buffer.from('0123456789abcdef');
  const hmac = (key: Uint8Array, text: string) => createHmac(hash, key).update(text).digest();
  /** The broker's half, from RFC 5802; `spoil` changes what it says. */
  const scramServer = (password: string, iterations: number, spoil: (message: string) => string = (message) => message) => {
    let clientFirst = '';
    let serverFirst = '';
    return (token: string) => {
      if (token.startsWith('n,,')) {
        clientFirst = token.slice(3);
        serverFirst = spoil(`r=${clientFirst.split('r=')[1]}server,s=${salt.toString('base64')},i=${iterations}`);
        return serverFirst;
      }
      const [withoutProof = '', proof = ''] = token.split(',p=');
      const signed = `${clientFirst},${serverFirst},${withoutProof}`;
      const salted = pbkdf2Sync(password, salt, iterations, keyBytes, hash);
      const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest();
      const signature = hmac(storedKey, signed);
      const clientKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ signature[index]!);
      if (!createHash(hash).update(clientKey).digest().equals(storedKey)) return { refusal: 'invalid credentials' };
      return spoil(`v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`);
    };
  };
  const credentials = { mechanism, username: 'a=n,n', password: 'secret' };

  it('proves the password and has the broker prove it', async () => {
    const names: string[] = [];
    const server = scramServer('secret', 4096);
    serve(mechanism, (token) => {
      names.push(token);
      return server(token);
    });
    expect(await logIn(credentials)).toBe('in');
    expect(names[0]).toMatch(/^n,,n=a=3Dn=2Cn,r=[\w-]{32}$/);
    expect(names.join()).not.toContain('secret');
  });

  it('is refused with another password', async () => {
    serve(mechanism, scramServer('other', 4096));
    expect(await logIn(credentials)).toMatch(/^AuthenticationError: broker:9092 refuses the credentials: invalid credentials/);
  });

  it.each([
    ['another nonce', (message: string) => message.replace('r=', 'r=x'), /cannot be answered/],
    ['no salt', (message: string) => message.replace(/s=[^,]*/, 's='), /cannot be answered/],
    ['absurd iterations', (message: string) => message.replace(/i=\d+/, 'i=4000000000'), /cannot be answered/],
    ['a wrong signature', (message: string) => message.replace('v=', 'v=AAAA'), /does not prove that it knows the password/],
    ['an error at the end', (message: string) => message.replace(/^v=.*/, 'e=other-error'), /refuses the credentials: other-error/],
  ])('does not trust a broker with %s', async (_, spoil, message) => {
    serve(mechanism, scramServer('secret', 4096, spoil));
    expect(await logIn(credentials)).toMatch(message);
  });
});

describe('OAUTHBEARER', () => {
  const credentials = { mechanism: 'OAUTHBEARER', token: async () => 'abc.def' } as const;

  it('sends the token', async () => {
    serve('OAUTHBEARER', (token) => (token === 'n,,\x01auth=Bearer abc.def\x01\x01' ? '' : { refusal: 'no' }));
    expect(await logIn(credentials)).toBe('in');
  });

  it('sends what the broker wants to know besides', async () => {
    serve('OAUTHBEARER', (token) => (token === 'n,,\x01auth=Bearer abc.def\x01a=1\x01b=2\x01\x01' ? '' : { refusal: 'no' }));
    expect(await logIn({ ...credentials, extensions: { a: '1', b: '2' } })).toBe('in');
  });

  it('says why the broker refuses it', async () => {
    serve('OAUTHBEARER', (token) => (token === '\x01' ? { refusal: 'expired' } : '{"status":"invalid_token"}'));
    expect(await logIn(credentials)).toMatch(
      /^AuthenticationError: broker:9092 refuses the (token|credentials): .*(invalid_token|expired)/,
    );
  });
});
