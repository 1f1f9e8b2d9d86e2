import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AdminClient } from '../../src/admin/admin-client.js';
import { buildProduct } from '../support/build-product.js';
import { createTopics } from '../support/create-topics.js';
import { runKafkaTool, runProgram } from '../support/kafka-tool.js';

const { version, three } = inject('kafka');
const bin = fileURLToPath(new URL('../../bin/kafka-ts.js', import.meta.url));
const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const topic = `security-${randomBytes(4).toString('hex')}`;

let folder: string;
beforeAll(async () => {
  await buildProduct();
  folder = await mkdtemp(join(tmpdir(), 'kafka-ts-client-'));
  const admin = AdminClient.connect({ bootstrapServers: three.bootstrapServers });
  await createTopics(admin, [{ topic, partitionCount: 1, replicationFactor: 3 }]);
  await admin.close();
}, 90_000);
afterAll(() => rm(folder, { recursive: true }));

/** A client.properties that trusts the brokers by a store that Java made. */
async function clientProperties(name: string, listener: 'sasl_ssl' | 'mutual', properties: Readonly<Record<string, string>>) {
  const all = {
    'bootstrap.servers': three.secured!.bootstrapServers[listener],
    'security.protocol': listener === 'mutual' ? 'SSL' : 'SASL_SSL',
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': fileAt('../cli/security/stores/java.p12'),
    'ssl.truststore.password': 'secret',
    ...properties,
  };
  const path = join(folder, `${name}.properties`);
  const lines = Object.entries(all).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(path, lines.join(''));
  return { path, bootstrapServers: all['bootstrap.servers'] };
}
const jaas = (module: string, options: string) => `org.apache.kafka.common.security.${module} required ${options};`;
const ours = (path: string, variables: Readonly<Record<string, string>> = {}) =>
  runProgram('env', [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    'node',
    bin,
    'topics',
    'describe',
    topic,
    '-o',
    'name',
    ...(path === '' ? [] : ['--command-config', path]),
  ]);

it.each([
  [
    'SCRAM',
    'sasl_ssl',
    { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': jaas('scram.ScramLoginModule', 'username="admin" password="admin-secret"') },
  ],
  [
    'a certificate',
    'mutual',
    {
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': fileAt('../environment/real/certificates/client.p12'),
      'ssl.keystore.password': 'secret',
    },
  ],
  [
    'a token',
    'sasl_ssl',
    {
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': jaas('oauthbearer.OAuthBearerLoginModule', 'unsecuredLoginStringClaim_sub="admin"'),
    },
  ],
] as const)("reads a client.properties with %s as Kafka's own tool does", { timeout: 90_000 }, async (name, listener, properties) => {
  const { path, bootstrapServers } = await clientProperties(name, listener, properties);
  const args = ['--bootstrap-server', bootstrapServers, '--command-config', path, '--describe', '--topic', topic];
  const [theirs, answer] = await Promise.all([runKafkaTool(version, 'org.apache.kafka.tools.TopicCommand', args), ours(path)]);
  expect(theirs.stdout).toContain(`Topic: ${topic}`);
  expect(answer).toEqual({ stdout: `${topic}\n`, stderr: '', exitCode: 0 });
});

it('gets a token by client credentials, for all brokers once', async () => {
  const asked: string[] = [];
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = createServer((request, response) => {
    asked.push(Buffer.from(String(request.headers.authorization).replace('Basic ', ''), 'base64').toString());
    const seconds = Math.floor(Date.now() / 1000);
    const token = `${part({ alg: 'none' })}.${part({ sub: 'admin', iat: seconds, exp: seconds + 300 })}.`;
    response.end(JSON.stringify({ access_token: token, expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const { path, bootstrapServers } = await clientProperties('endpoint', 'sasl_ssl', {
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': endpoint,
      'sasl.jaas.config': jaas('oauthbearer.OAuthBearerLoginModule', 'clientId="me" clientSecret="hidden"'),
    });
    expect(await ours(path)).toEqual({ stdout: `${topic}\n`, stderr: '', exitCode: 0 });

    const home = { KAFKA_TS_HOME: join(folder, 'home'), KAFKA_TS_CONTEXT: 'cloud', CLIENT_SECRET: 'hidden' };
    await writeContext(home, [
      ...['cloud', '--bootstrap-server', bootstrapServers, '--ca', fileAt('../environment/real/certificates/authority.pem')],
      ...['--sasl', 'OAUTHBEARER', '--token-endpoint', endpoint, '--client-id', 'me', '--client-secret-from', 'env:CLIENT_SECRET'],
    ]);
    expect(await ours('', home)).toEqual({ stdout: `${topic}\n`, stderr: '', exitCode: 0 });
    expect(asked).toEqual(['me:hidden', 'me:hidden']);
  } finally {
    server.close();
  }
});

async function writeContext(variables: Readonly<Record<string, string>>, args: readonly string[]): Promise<void> {
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const { exitCode, stderr } = await runProgram('env', [...environment, 'node', bin, 'context', 'add', ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}
