import type { AdminClient } from '../admin/admin-client.js';
import { UsageError } from '../model/errors.js';
import { readFile } from './properties-file.js';

type Security = Pick<Parameters<typeof AdminClient.connect>[0], 'tls' | 'sasl'>;
type Properties = ReadonlyMap<string, string>;

/**
 * How Kafka's client properties (security.protocol, ssl.*, sasl.*) secure a connection. Files that they name are read.
 * What is not known here is refused and not passed over, where it would change who is trusted or who we are. Throws UsageError and
 * MachineError. Never says a secret.
 */
export function clientSecurity(properties: Properties): Security {
  const protocol = (properties.get('security.protocol') ?? 'PLAINTEXT').toUpperCase();
  const [hasTls, hasSasl] = protocols[protocol] ?? [];
  if (hasTls === undefined) throw unknownValue('security.protocol', protocol, Object.keys(protocols));
  return { ...(hasTls && { tls: tls(properties) }), ...(hasSasl && { sasl: sasl(properties) }) };
}

const protocols: Readonly<Record<string, readonly [tls: boolean, sasl: boolean]>> = {
  PLAINTEXT: [false, false],
  SSL: [true, false],
  SASL_PLAINTEXT: [false, true],
  SASL_SSL: [true, true],
};

function tls(properties: Properties): NonNullable<Security['tls']> {
  const keyPassphrase = properties.get('ssl.key.password') ?? properties.get('ssl.keystore.password');
  return {
    ...trustStore(properties),
    ...keyStore(properties),
    ...(keyPassphrase !== undefined && { keyPassphrase }),
    // Kafka's way to say that the certificate's name is not to be checked: the property is there and empty.
    ...(properties.get('ssl.endpoint.identification.algorithm') === '' && { skipHostnameCheck: true }),
  };
}

function trustStore(properties: Properties) {
  const inline = properties.get('ssl.truststore.certificates');
  const path = properties.get('ssl.truststore.location');
  if (inline !== undefined) return { ca: inline };
  if (path === undefined) return {};
  requireType(properties, 'ssl.truststore', ['PEM']);
  return { ca: readFile(path).toString('utf8') };
}

function keyStore(properties: Properties) {
  const [certificate, key] = [properties.get('ssl.keystore.certificate.chain'), properties.get('ssl.keystore.key')];
  const path = properties.get('ssl.keystore.location');
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (path === undefined) return {};
  if (requireType(properties, 'ssl.keystore', ['PEM', 'PKCS12']) === 'PKCS12') return { pkcs12: readFile(path) };
  const text = readFile(path).toString('utf8');
  return { certificate: text, key: text };
}

/** JKS, Java's default, is read by Java alone. */
function requireType(properties: Properties, store: string, types: readonly string[]): string {
  const type = (properties.get(`${store}.type`) ?? 'JKS').toUpperCase();
  if (!types.includes(type)) throw unknownValue(`${store}.type`, type, types);
  return type;
}

function sasl(properties: Properties): NonNullable<Security['sasl']> {
  const mechanism = properties.get('sasl.mechanism') ?? 'GSSAPI';
  if (mechanism !== 'PLAIN' && mechanism !== 'SCRAM-SHA-256' && mechanism !== 'SCRAM-SHA-512') {
    throw unknownValue('sasl.mechanism', mechanism, ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']);
  }
  const options = jaasOptions(properties.get('sasl.jaas.config') ?? '');
  const [username, password] = [options.get('username'), options.get('password')];
  if (username === undefined || password === undefined) {
    throw new UsageError(
      'sasl.jaas.config names no username and password',
      'such as: org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="secret";',
    );
  }
  return { mechanism, username, password };
}

/** The `name="value"` pairs of a JAAS entry: `LoginModule required name="value" other="value";` */
function jaasOptions(text: string): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/g);
  return new Map([...pairs].map(([, name = '', double, single, bare = '']) => [name, (double ?? single ?? bare).replace(/\\(.)/g, '$1')]));
}

const unknownValue = (name: string, value: string, known: readonly string[]): UsageError =>
  new UsageError(`${name}=${value} is not supported`, `supported: ${known.join(', ')}`);
