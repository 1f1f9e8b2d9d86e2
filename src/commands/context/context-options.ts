import { resolve } from 'node:path';
import { UsageError } from '../../model/errors.js';
import type { Options, Values } from '../option.js';
import { type Context, type ContextSasl, type ContextTls, passwordMechanisms } from './context.js';
import { parseSecretSource } from './secret-source.js';

const SECRET = 'SOURCE';

/** What a context can be made of, on the command line. */
export const contextOptions = {
  bootstrapServer: { type: 'string', value: 'HOST:PORT', describe: 'brokers to ask first, with commas between them' },
  commandConfig: {
    type: 'string',
    value: 'FILE',
    names: 'files',
    describe: "Kafka's client.properties, for all security and, if it has one, the address",
  },
  tls: { type: 'boolean', describe: 'TLS, trusting the public authorities unless --ca is given' },
  ca: { type: 'string', value: 'FILE', names: 'files', describe: 'the authorities to trust, PEM or PKCS12' },
  caPasswordFrom: { type: 'string', value: SECRET, describe: 'where the password of a PKCS12 --ca is' },
  certificate: { type: 'string', value: 'FILE', names: 'files', describe: "the client's certificate, PEM or PKCS12" },
  key: { type: 'string', value: 'FILE', names: 'files', describe: 'its key, where that is in another file' },
  keyPasswordFrom: { type: 'string', value: SECRET, describe: 'where the password of the key or of a PKCS12 --certificate is' },
  skipHostnameCheck: { type: 'boolean', describe: "do not ask that the broker's certificate has its host's name" },
  sasl: {
    type: 'choice',
    choices: [...passwordMechanisms, 'OAUTHBEARER'],
    value: 'MECHANISM',
    describe: 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER',
  },
  username: { type: 'string', value: 'NAME', describe: 'of PLAIN and SCRAM' },
  passwordFrom: { type: 'string', value: SECRET, describe: 'where the password is (asked for unless told)' },
  tokenCommand: { type: 'string', value: 'COMMAND', describe: 'of OAUTHBEARER: a command that prints the token' },
  tokenEndpoint: { type: 'string', value: 'URL', describe: 'of OAUTHBEARER: where to get a token for --client-id' },
  clientId: { type: 'string', value: 'ID', describe: 'the client at the token endpoint' },
  clientSecretFrom: { type: 'string', value: SECRET, describe: 'where its secret is (asked for unless told)' },
  scope: { type: 'string', value: 'SCOPE', describe: 'what the token is for' },
  readOnly: { type: 'boolean', describe: 'refuse every change but a dry run' },
  confirmName: { type: 'boolean', describe: 'have every change ask for the name of what it changes' },
} as const satisfies Options;

type ContextValues = Values<typeof contextOptions>;

/** Throws UsageError for what does not fit together. */
export function contextOf(values: ContextValues): Context {
  const { bootstrapServer, commandConfig, readOnly, confirmName } = values;
  const [tls, sasl] = [tlsOf(values), saslOf(values)];
  if (commandConfig !== undefined && (tls ?? sasl) !== undefined) {
    throw new UsageError('--command-config says all about security', 'leave out the options of TLS and SASL');
  }
  if (bootstrapServer === undefined && commandConfig === undefined) {
    throw new UsageError('a context needs an address', 'pass --bootstrap-server HOST:PORT, or --command-config FILE');
  }
  return {
    ...(bootstrapServer !== undefined && { bootstrapServers: bootstrapServer }),
    ...(commandConfig !== undefined && { commandConfig: resolve(commandConfig) }),
    ...(tls && { tls }),
    ...(sasl && { sasl }),
    ...(readOnly && { readOnly }),
    ...(confirmName && { confirm: 'name' }),
  };
}

function tlsOf({ tls, ca, caPasswordFrom, certificate, key, keyPasswordFrom, skipHostnameCheck }: ContextValues): ContextTls | undefined {
  if (key !== undefined && certificate === undefined) throw new UsageError('--key needs --certificate');
  const parts: ContextTls = {
    ...(ca !== undefined && { ca: resolve(ca) }),
    ...(caPasswordFrom !== undefined && { caPassword: parseSecretSource(caPasswordFrom, '--ca-password-from') }),
    ...(certificate !== undefined && { certificate: resolve(certificate) }),
    ...(key !== undefined && { key: resolve(key) }),
    ...(keyPasswordFrom !== undefined && { keyPassword: parseSecretSource(keyPasswordFrom, '--key-password-from') }),
    ...(skipHostnameCheck && { skipHostnameCheck }),
  };
  return tls || Object.keys(parts).length > 0 ? parts : undefined;
}

function saslOf(values: ContextValues): ContextSasl | undefined {
  const { sasl: mechanism, username, passwordFrom, tokenCommand, tokenEndpoint, clientId, clientSecretFrom, scope } = values;
  const login = { '--username': username, '--password-from': passwordFrom };
  const endpoint = {
    '--token-endpoint': tokenEndpoint,
    '--client-id': clientId,
    '--client-secret-from': clientSecretFrom,
    '--scope': scope,
  };
  const oauth = { '--token-command': tokenCommand, ...endpoint };
  if (mechanism === undefined) {
    refuse({ ...login, ...oauth }, 'needs --sasl MECHANISM');
    return undefined;
  }
  if (mechanism !== 'OAUTHBEARER') {
    refuse(oauth, `is of OAUTHBEARER, not of ${mechanism}`);
    if (username === undefined) throw new UsageError(`--sasl ${mechanism} needs --username`);
    return { mechanism, username, password: parseSecretSource(passwordFrom ?? 'prompt', '--password-from') };
  }
  refuse(login, 'is not of OAUTHBEARER');
  if (tokenCommand !== undefined) {
    refuse(endpoint, 'cannot be combined with --token-command');
    return { mechanism, tokenCommand };
  }
  if (tokenEndpoint === undefined || clientId === undefined) {
    throw new UsageError('--sasl OAUTHBEARER needs --token-command, or --token-endpoint and --client-id');
  }
  const clientSecret = parseSecretSource(clientSecretFrom ?? 'prompt', '--client-secret-from');
  return { mechanism, tokenEndpoint, clientId, clientSecret, ...(scope !== undefined && { scope }) };
}

/** Throws UsageError where one of the options, by their flags, was given. */
function refuse(options: Readonly<Record<string, unknown>>, reason: string): void {
  const given = Object.keys(options).find((flag) => options[flag] !== undefined);
  if (given !== undefined) throw new UsageError(`${given} ${reason}`);
}
