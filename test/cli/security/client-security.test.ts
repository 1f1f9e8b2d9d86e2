import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientSecurity } from '../../../src/cli/security/client-security.js';
import { reservePort } from '../../support/reserve-port.js';

const certificate = (name: string) => fileURLToPath(new URL(`../../environment/real/certificates/${name}`, import.meta.url));
const textOf = (name: string) => readFileSync(certificate(name), 'utf8');
const NOW = Date.parse('2026-01-31T12:00:00Z');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-security-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const security = (properties: Record<string, string>, now = () => NOW) =>
  clientSecurity(new Map(Object.entries(properties)), { now, timeoutMs: 500 });
const jaas = (options: string) => `org.apache.kafka.common.security.scram.ScramLoginModule required ${options};`;

describe('client properties', () => {
  it('are plaintext unless they say otherwise', async () => {
    expect(await security({})).toEqual({});
    expect(await security({ 'security.protocol': 'plaintext', 'ssl.truststore.location': '/absent' })).toEqual({});
  });
  it('give TLS with authorities and a client certificate, whatever the types are called', async () => {
    const stores = {
      'security.protocol': 'SSL',
      'ssl.truststore.location': fileURLToPath(new URL('./stores/java.p12', import.meta.url)),
      'ssl.truststore.password': 'secret',
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': certificate('client.p12'),
      'ssl.keystore.password': 'of the store',
      'ssl.key.password': 'of a key',
    };
    expect(await security({ ...stores, 'ssl.endpoint.identification.algorithm': '' })).toEqual({
      tls: {
        ca: textOf('authority.pem'),
        pkcs12: readFileSync(certificate('client.p12')),
        keyPassphrase: 'of the store',
        skipHostnameCheck: true,
      },
    });
  });
  it('give TLS with a certificate and an encrypted key in one PEM file', async () => {
    const both = join(folder, 'client.pem');
    writeFileSync(both, textOf('client.pem') + textOf('client.key'));
    const stores = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': both, 'ssl.key.password': 'secret' };
    const text = readFileSync(both, 'utf8');
    expect(await security({ 'security.protocol': 'SSL', ...stores })).toEqual({
      tls: { certificate: text, key: text, keyPassphrase: 'secret' },
    });
  });
  it('give TLS with texts in the file itself', async () => {
    const texts = { 'ssl.truststore.certificates': 'ca', 'ssl.keystore.certificate.chain': 'chain', 'ssl.keystore.key': 'key' };
    expect(await security({ 'security.protocol': 'SSL', ...texts })).toEqual({ tls: { ca: 'ca', certificate: 'chain', key: 'key' } });
  });
  it('give SASL, with quotes and escapes as Java has them', async () => {
    const login = { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': jaas('username="me" password="a \\"b\\" c;d=e"') };
    expect(await security({ 'security.protocol': 'SASL_PLAINTEXT', ...login })).toEqual({
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'me', password: 'a "b" c;d=e' },
    });
    expect(await security({ 'security.protocol': 'SASL_SSL', ...login })).toMatchObject({ tls: {}, sasl: { username: 'me' } });
  });
});

describe('OAUTHBEARER', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  /** An endpoint that answers in turn; `seen` gets what it was asked. */
  async function endpoint(...answers: readonly { status?: number; body: unknown }[]) {
    const seen: { authorization: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { status = 200, body: answer } = answers[seen.length] ?? answers.at(-1)!;
        seen.push({ authorization: String(request.headers.authorization), body });
        response.writeHead(status, { connection: 'close' }).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, seen };
  }
  const oauth = (properties: Record<string, string>, now?: () => number) =>
    security({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', ...properties }, now);
  const client = { 'sasl.jaas.config': jaas('clientId="me" clientSecret="hidden" scope="kafka" extension_logicalCluster="lkc-1"') };
  /** The token that the properties lead to. */
  async function tokenOf(properties: Record<string, string>, now?: () => number): Promise<string> {
    const { sasl } = await oauth(properties, now);
    return sasl?.mechanism === 'OAUTHBEARER' ? sasl.token() : '';
  }
  const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

  it('gets a token by client credentials, as Kafka asks for it', async () => {
    const { url, seen } = await endpoint({ body: { access_token: 'abc', token_type: 'Bearer' } });
    const { sasl } = await oauth({ 'sasl.oauthbearer.token.endpoint.url': url, ...client });
    expect(sasl).toMatchObject({ mechanism: 'OAUTHBEARER', extensions: { logicalCluster: 'lkc-1' } });
    expect(sasl?.mechanism === 'OAUTHBEARER' && (await sasl.token())).toBe('abc');
    expect(seen).toEqual([
      { authorization: `Basic ${Buffer.from('me:hidden').toString('base64')}`, body: 'grant_type=client_credentials&scope=kafka' },
    ]);
  });
  it('takes client and secret from the properties of Kafka 4.1, before the JAAS entry', async () => {
    const { url, seen } = await endpoint({ body: { access_token: 'abc' } });
    const newer = { 'client.id': 'you', 'client.secret': 'new' };
    const properties = Object.fromEntries(
      Object.entries(newer).map(([name, value]) => [`sasl.oauthbearer.client.credentials.${name}`, value]),
    );
    await tokenOf({ 'sasl.oauthbearer.token.endpoint.url': url, ...client, ...properties, 'sasl.oauthbearer.scope': 'all' });
    expect(seen).toEqual([
      { authorization: `Basic ${Buffer.from('you:new').toString('base64')}`, body: 'grant_type=client_credentials&scope=all' },
    ]);
  });
  it.each([
    ['its own claim', { access_token: jwt({ exp: NOW / 1000 + 60 }) }, { access_token: 'second' }],
    ['the answer', { access_token: 'first', expires_in: 60 }, { access_token: 'second' }],
    ['a minute, where nobody tells', { access_token: 'first' }, { access_token: 'second' }],
  ])('uses a token again until shortly before its end, which is told by %s', async (_, first, second) => {
    const { url, seen } = await endpoint({ body: first }, { body: second });
    let now = NOW;
    const { sasl } = await oauth({ 'sasl.oauthbearer.token.endpoint.url': url, ...client }, () => now);
    if (sasl?.mechanism !== 'OAUTHBEARER') throw new Error('no token');
    now += 29_000;
    expect(await sasl.token()).toBe(first.access_token);
    now += 31_000;
    expect(await sasl.token()).toBe('second');
    expect(seen).toHaveLength(2);
  });
  it('reads a token from a file', async () => {
    const path = join(folder, 'token.jwt');
    writeFileSync(path, 'abc.def\n');
    expect(await tokenOf({ 'sasl.oauthbearer.token.endpoint.url': pathToFileURL(path).href })).toBe('abc.def');
    writeFileSync(path, 'abc def');
    await expect(tokenOf({ 'sasl.oauthbearer.token.endpoint.url': pathToFileURL(path).href })).rejects.toThrow(/must be one word/);
  });
  it('makes a token without a signature where Kafka does', async () => {
    const token = await tokenOf({ 'sasl.jaas.config': jaas('unsecuredLoginStringClaim_sub="ann"') });
    const [header = '', payload = '', signature] = token.split('.');
    const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(parse(header)).toEqual({ alg: 'none' });
    expect(parse(payload)).toEqual({ sub: 'ann', iat: NOW / 1000, exp: NOW / 1000 + 3600 });
    expect(signature).toBe('');
  });

  it.each([
    [
      'refuses',
      'AuthenticationError',
      { status: 401, body: { error: 'invalid_client', error_description: 'no such client' } },
      /HTTP 401, invalid_client: no such client$/,
    ],
    ['is out of order', 'ConnectionError', { status: 502, body: '<html>' }, /is out of order: HTTP 502$/],
    ['answers something else', 'AuthenticationError', { body: 'hello' }, /answers without an access_token$/],
  ])('says that the endpoint %s, without the secret', async (_, name, answer, message) => {
    const { url } = await endpoint(answer);
    const attempt = oauth({ 'sasl.oauthbearer.token.endpoint.url': url, ...client });
    await expect(attempt).rejects.toThrow(expect.objectContaining({ name, message: expect.stringMatching(message) }));
    await expect(attempt).rejects.not.toThrow(/hidden/);
  });
  it('waits for the endpoint no longer than it is told to', async () => {
    const server = createServer(() => {});
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    await expect(oauth({ 'sasl.oauthbearer.token.endpoint.url': url, ...client })).rejects.toThrow(/no answer within 500 ms$/);
  });
  it('says that the endpoint is not there', async () => {
    const port = await reservePort();
    await expect(oauth({ 'sasl.oauthbearer.token.endpoint.url': `http://127.0.0.1:${port}/token`, ...client })).rejects.toThrow(
      expect.objectContaining({
        name: 'ConnectionError',
        message: expect.stringMatching(/token cannot be reached: .*ECONNREFUSED/),
      }),
    );
  });
  it.each([
    ['no endpoint', {}, /needs a token/],
    ['no client', { 'sasl.oauthbearer.token.endpoint.url': 'http://x/' }, /needs a client and its secret/],
    ['another address', { 'sasl.oauthbearer.token.endpoint.url': 'ldap://x/', ...client }, /is no address of a token endpoint/],
  ])('wants to know more where there is %s', async (_, properties: Record<string, string>, message) => {
    await expect(oauth(properties)).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) }),
    );
  });
});

describe('what is not known is refused', () => {
  const plain = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' };
  it.each([
    ['a protocol', { 'security.protocol': 'TLS' }, 'security.protocol=TLS is not supported'],
    ['a mechanism', { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' }, 'sasl.mechanism=GSSAPI is not supported'],
    [
      'a type of store',
      { 'security.protocol': 'SSL', 'ssl.truststore.location': 'x', 'ssl.truststore.type': 'BCFKS' },
      'ssl.truststore.type=BCFKS is not supported',
    ],
    ['a login without a name', { ...plain, 'sasl.jaas.config': jaas('password="hidden"') }, 'names no username'],
    [
      'a delegation token',
      { ...plain, 'sasl.jaas.config': jaas('username="t" password="hidden" tokenauth="true"') },
      'delegation tokens) is not supported',
    ],
  ])('%s', async (_what, properties: Record<string, string>, message) => {
    await expect(security(properties)).rejects.toThrow(message);
    await expect(security(properties)).rejects.not.toThrow(/hidden/);
  });
});
