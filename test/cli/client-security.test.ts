import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSecurity } from '../../src/cli/client-security.js';

let folder: string;
let pem: string;
let p12: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-ts-security-'));
  pem = join(folder, 'store.pem');
  p12 = join(folder, 'store.p12');
  writeFileSync(pem, 'PEM text');
  writeFileSync(p12, Buffer.from([1, 2, 3]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const security = (properties: Record<string, string>) => clientSecurity(new Map(Object.entries(properties)));
const jaas = (options: string) => `org.apache.kafka.common.security.scram.ScramLoginModule required ${options};`;

describe('client properties', () => {
  it('are plaintext unless they say otherwise', () => {
    expect(security({})).toEqual({});
    expect(security({ 'security.protocol': 'plaintext', 'ssl.truststore.location': pem })).toEqual({});
  });
  it('give TLS with the authorities of a PEM file, and a client certificate', () => {
    expect(
      security({
        'security.protocol': 'SSL',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': pem,
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': p12,
        'ssl.keystore.password': 'secret',
        'ssl.endpoint.identification.algorithm': '',
      }),
    ).toEqual({ tls: { ca: 'PEM text', pkcs12: Buffer.from([1, 2, 3]), keyPassphrase: 'secret', skipHostnameCheck: true } });
  });
  it('give TLS with texts in the file itself', () => {
    const texts = { 'ssl.truststore.certificates': 'ca', 'ssl.keystore.certificate.chain': 'chain', 'ssl.keystore.key': 'key' };
    expect(security({ 'security.protocol': 'SSL', ...texts })).toEqual({ tls: { ca: 'ca', certificate: 'chain', key: 'key' } });
  });
  it('give SASL, with quotes and escapes as Java has them', () => {
    const login = { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': jaas('username="me" password="a \\"b\\" c;d=e"') };
    expect(security({ 'security.protocol': 'SASL_PLAINTEXT', ...login })).toEqual({
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'me', password: 'a "b" c;d=e' },
    });
    expect(security({ 'security.protocol': 'SASL_SSL', ...login })).toMatchObject({ tls: {}, sasl: { username: 'me' } });
  });
});

describe('what is not known is refused', () => {
  it.each([
    ['a protocol', { 'security.protocol': 'TLS' }, 'security.protocol=TLS is not supported'],
    ['a mechanism', { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' }, 'sasl.mechanism=GSSAPI is not supported'],
    ['a Java key store', { 'security.protocol': 'SSL', 'ssl.truststore.location': 'x.jks' }, 'ssl.truststore.type=JKS is not supported'],
    [
      'a login without a name',
      { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas('password="hidden"') },
      'names no username',
    ],
  ])('%s', (_what, properties, message) => expect(() => security(properties)).toThrow(message));
  it('and no secret is in the message', () => {
    const attempt = () =>
      security({ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas('password="hidden"') });
    expect(attempt).not.toThrow(/hidden/);
  });
});
