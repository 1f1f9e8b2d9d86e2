/** Listeners of real Kafka on which clients prove who they are, with certificates that are right or wrong. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRealClient } from '../../src/client/real-client.js';
import { createAcls } from '../../src/protocol/messages/create-acls.js';
import { reservePort } from './reserve-port.js';

/** Each is a listener by its name in lower case. */
export const securedListeners = ['sasl_plaintext', 'sasl_ssl', 'mutual', 'expired', 'elsewhere'] as const;
export type SecuredListener = (typeof securedListeners)[number];
export type SecuredPorts = Readonly<Record<SecuredListener, number>>;

/**
 * Who there is: `admin` may do everything, `reader` may describe all and read topics, `stranger` may nothing. A password is the name with `-secret` after it. PLAIN, SCRAM and OAUTHBEARER (tokens without a signature) know them.
 */
export const users = ['admin', 'reader', 'stranger'] as const;
export type User = (typeof users)[number];
/** A `client.properties` for each user, address included. */
export type UserFiles = Readonly<Record<User, string>>;

const certificateFile = (name: string): string =>
  readFileSync(new URL(`../environment/real/certificates/${name}`, import.meta.url), 'utf8');
const protocols = { sasl_plaintext: 'SASL_PLAINTEXT', sasl_ssl: 'SASL_SSL', mutual: 'SSL', expired: 'SSL', elsewhere: 'SSL' } as const;
const certificates = { sasl_ssl: 'broker', mutual: 'broker', expired: 'expired', elsewhere: 'elsewhere' } as const;
const jaas = 'org.apache.kafka.common.security';

export async function reserveSecuredPorts(): Promise<SecuredPorts> {
  const ports = await Promise.all(securedListeners.map(async (name) => [name, await reservePort()] as const));
  return Object.fromEntries(ports) as SecuredPorts;
}

/** For `listeners` and `listener.security.protocol.map`. */
export const securedAddresses = (ports: SecuredPorts): readonly string[] =>
  securedListeners.map((name) => `${name.toUpperCase()}://127.0.0.1:${ports[name]}`);
export const securedProtocols = securedListeners.map((name) => `${name.toUpperCase()}:${protocols[name]}`);

/** Without authentication one is ANONYMOUS, who may do everything: so tests that ask for no security see none. */
export function securedConfigs(): Readonly<Record<string, string>> {
  const logins = users.map((user) => `user_${user}="${user}-secret"`).join(' ');
  const plain = `${jaas}.plain.PlainLoginModule required ${logins};`;
  const scram = `${jaas}.scram.ScramLoginModule required;`;
  const secure = 'listener.name.sasl_ssl';
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:admin;User:CN=client',
    'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': plain,
    [`${secure}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`${secure}.plain.sasl.jaas.config`]: plain,
    [`${secure}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${secure}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${secure}.oauthbearer.sasl.jaas.config`]: `${jaas}.oauthbearer.OAuthBearerLoginModule required;`,
    'listener.name.mutual.ssl.client.auth': 'required',
    'listener.name.mutual.ssl.truststore.type': 'PEM',
    'listener.name.mutual.ssl.truststore.certificates': onOneLine(certificateFile('authority.pem')),
    ...Object.fromEntries(Object.entries(certificates).flatMap(([listener, name]) => keyStore(`listener.name.${listener}`, name))),
  };
}

const keyStore = (prefix: string, name: string) => [
  [`${prefix}.ssl.keystore.type`, 'PEM'],
  [`${prefix}.ssl.keystore.certificate.chain`, onOneLine(certificateFile(`${name}.pem`))],
  [`${prefix}.ssl.keystore.key`, onOneLine(certificateFile(`${name}.key`))],
];

/** As a .properties file has a text of several lines. */
const onOneLine = (text: string): string => text.replaceAll('\n', '\\n');

/** For `kafka-storage format`. */
export const scramOptions: readonly string[] = users.flatMap((user) =>
  ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${user},password=${user}-secret]`]),
);

/** Writes them into the directory. */
export async function writeUserFiles(directory: string, bootstrapServers: string): Promise<UserFiles> {
  const files = await Promise.all(
    users.map(async (user) => {
      const path = join(directory, `${user}.properties`);
      const login = `${jaas}.plain.PlainLoginModule required username="${user}" password="${user}-secret";`;
      const lines = [
        `bootstrap.servers=${bootstrapServers}`,
        'security.protocol=SASL_PLAINTEXT',
        'sasl.mechanism=PLAIN',
        `sasl.jaas.config=${login}`,
      ];
      await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
      return [user, path] as const;
    }),
  );
  return Object.fromEntries(files) as Record<User, string>;
}

/** Gives `reader` its ACLs. Kafka's numbers, from ResourceType, PatternType, AclOperation and AclPermissionType. */
export async function allowReading(bootstrapServers: string): Promise<void> {
  const [literal, allow] = [3, 3];
  const [topic, group, cluster, transactionalId] = [2, 3, 4, 5];
  const [read, describe, describeConfigs] = [3, 8, 10];
  const allowed = [
    ...[read, describe, describeConfigs].map((operation) => ({ resourceType: topic, resourceName: '*', operation })),
    ...[describe, describeConfigs].map((operation) => ({ resourceType: group, resourceName: '*', operation })),
    ...[describe, describeConfigs].map((operation) => ({ resourceType: cluster, resourceName: 'kafka-cluster', operation })),
    { resourceType: transactionalId, resourceName: '*', operation: describe },
  ];
  const who = { principal: 'User:reader', host: '*', resourcePatternType: literal, permissionType: allow };
  const client = createRealClient({ bootstrapServers });
  try {
    const { results } = await client.request(createAcls, { creations: allowed.map((what) => ({ ...what, ...who })) }, { to: 'controller' });
    const refused = results.find(({ errorCode }) => errorCode !== 0);
    if (refused !== undefined) throw new Error(`the ACLs were refused: ${refused.errorMessage}`);
  } finally {
    client.close();
  }
}
