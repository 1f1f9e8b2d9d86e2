import { UsageError } from '../../model/errors.js';
import { readFile } from '../properties-file.js';
import { reusedToken, type Token, tokenOf, tokenOfEndpoint } from './oauth-token.js';
import type { Security, Timing } from './security.js';
import { clientIdentity, trustedAuthorities } from './stores.js';

type Properties = ReadonlyMap<string, string>;

/**
 * How Kafka's client properties (security.protocol, ssl.*, sasl.*) secure a connection. Files that they name are read, and an OAuth
 * token is fetched. What is not known here is refused and not passed over, where it would change who is trusted or who we are. Throws
 * UsageError and MachineError, and for a token AuthenticationError and ConnectionError. Never says a secret.
 */
export async function clientSecurity(properties: Properties, timing: Timing): Promise<Security> {
  const protocol = securityProtocol(properties);
  const [hasTls, hasSasl] = protocols[protocol] ?? [];
  if (hasTls === undefined) throw unknownValue('security.protocol', protocol, Object.keys(protocols));
  return { ...(hasTls && { tls: await tls(properties) }), ...(hasSasl && { sasl: await sasl(properties, timing) }) };
}

export const securityProtocol = (properties: Properties): string => (properties.get('security.protocol') ?? 'PLAINTEXT').toUpperCase();

/** Kafka's default where none is named. */
export const saslMechanism = (properties: Properties): string => properties.get('sasl.mechanism') ?? 'GSSAPI';

const protocols: Readonly<Record<string, readonly [tls: boolean, sasl: boolean]>> = {
  PLAINTEXT: [false, false],
  SSL: [true, false],
  SASL_PLAINTEXT: [false, true],
  SASL_SSL: [true, true],
};

async function tls(properties: Properties): Promise<NonNullable<Security['tls']>> {
  const identity = keyStore(properties);
  const [storePassword, keyPassword] = [properties.get('ssl.keystore.password'), properties.get('ssl.key.password')];
  // A PKCS12 store and the key in it have one password.
  const keyPassphrase = identity.pkcs12 === undefined ? (keyPassword ?? storePassword) : (storePassword ?? keyPassword);
  return {
    ...(await trustStore(properties)),
    ...identity,
    ...(keyPassphrase !== undefined && { keyPassphrase }),
    // Kafka's way to say that the certificate's name is not to be checked: the property is there and empty.
    ...(properties.get('ssl.endpoint.identification.algorithm') === '' && { skipHostnameCheck: true }),
  };
}

async function trustStore(properties: Properties) {
  const inline = properties.get('ssl.truststore.certificates');
  const path = properties.get('ssl.truststore.location');
  if (inline !== undefined) return { ca: inline };
  if (path === undefined) return {};
  checkType(properties, 'ssl.truststore');
  return trustedAuthorities(path, async () => properties.get('ssl.truststore.password') ?? '');
}

function keyStore(properties: Properties): ReturnType<typeof clientIdentity> {
  const [certificate, key] = [properties.get('ssl.keystore.certificate.chain'), properties.get('ssl.keystore.key')];
  const path = properties.get('ssl.keystore.location');
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (path === undefined) return {};
  checkType(properties, 'ssl.keystore');
  return clientIdentity(path, undefined);
}

/** JKS is what Java says where nothing is said, and then reads PKCS12 as well: the file tells which it is. */
const storeTypes = ['PEM', 'PKCS12', 'JKS'];

function checkType(properties: Properties, store: string): void {
  const type = (properties.get(`${store}.type`) ?? 'JKS').toUpperCase();
  if (!storeTypes.includes(type)) throw unknownValue(`${store}.type`, type, storeTypes);
}

async function sasl(properties: Properties, timing: Timing): Promise<NonNullable<Security['sasl']>> {
  const mechanism = saslMechanism(properties);
  const options = jaasOptions(properties.get('sasl.jaas.config') ?? '');
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return { mechanism, ...login(options) };
    case 'OAUTHBEARER': {
      const extensions = Object.fromEntries(
        [...options].filter(([name]) => name.startsWith('extension_')).map(([name, value]) => [name.slice('extension_'.length), value]),
      );
      return { mechanism, token: await reusedToken(tokenSource(properties, options, timing), timing.now), extensions };
    }
    default:
      throw unknownValue('sasl.mechanism', mechanism, ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']);
  }
}

function login(options: Properties): { readonly username: string; readonly password: string } {
  const [username, password] = [options.get('username'), options.get('password')];
  if (username === undefined || password === undefined) {
    throw new UsageError(
      'sasl.jaas.config names no username and password',
      'such as: org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="secret";',
    );
  }
  if (options.get('tokenauth') === 'true') throw new UsageError('tokenauth in sasl.jaas.config (delegation tokens) is not supported');
  return { username, password };
}

/** As Kafka chooses: an endpoint, a file, or a token without a signature for tests. */
function tokenSource(properties: Properties, options: Properties, timing: Timing): () => Promise<Token> {
  const url = properties.get('sasl.oauthbearer.token.endpoint.url');
  if (url?.startsWith('file:')) return async () => tokenOf(readFile(new URL(url)).toString('utf8').trim(), url);
  if (url === undefined) {
    const subject = options.get('unsecuredLoginStringClaim_sub');
    if (subject !== undefined) return async () => unsecuredToken(subject, timing);
    throw new UsageError('OAUTHBEARER needs a token', 'name sasl.oauthbearer.token.endpoint.url, or use a context with --token-command');
  }
  const clientId = properties.get('sasl.oauthbearer.client.credentials.client.id') ?? options.get('clientId');
  const clientSecret = properties.get('sasl.oauthbearer.client.credentials.client.secret') ?? options.get('clientSecret');
  const scope = properties.get('sasl.oauthbearer.scope') ?? options.get('scope');
  if (clientId === undefined || clientSecret === undefined) {
    throw new UsageError(
      'OAUTHBEARER with a token endpoint needs a client and its secret',
      'such as sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="me" clientSecret="secret";',
    );
  }
  return () => tokenOfEndpoint({ endpoint: url, clientId, clientSecret, scope }, timing);
}

/** As OAuthBearerUnsecuredLoginCallbackHandler makes it. Only brokers that believe everyone take it. */
function unsecuredToken(subject: string, { now }: Timing): Token {
  const issuedAt = Math.floor(now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return tokenOf(`${part({ alg: 'none' })}.${part({ sub: subject, iat: issuedAt, exp: issuedAt + 3_600 })}.`, 'OAUTHBEARER');
}

/** The `name="value"` pairs of a JAAS entry: `LoginModule required name="value" other="value";` */
function jaasOptions(text: string): Properties {
  const pairs = text.matchAll(/([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/g);
  return new Map([...pairs].map(([, name = '', double, single, bare = '']) => [name, (double ?? single ?? bare).replace(/\\(.)/g, '$1')]));
}

const unknownValue = (name: string, value: string, known: readonly string[]): UsageError =>
  new UsageError(`${name}=${value} is not supported`, `supported: ${known.join(', ')}`);
