import type { Context, ContextSasl, ContextTls, SecretSource } from '../../commands/context/context.js';
import { reusedToken, tokenOfCommand, tokenOfEndpoint } from '../security/oauth-token.js';
import type { Security, Timing } from '../security/security.js';
import { clientIdentity, trustedAuthorities } from '../security/stores.js';
import { readSecret, type SecretReader } from './read-secret.js';

/**
 * How a context that names no commandConfig secures its connections. Reads files and secrets, asks for secrets, and fetches a token. Throws
 * as clientSecurity does.
 */
export async function contextSecurity({ tls, sasl }: Context, secrets: SecretReader, timing: Timing): Promise<Security> {
  return { ...(tls && { tls: await tlsOf(tls, secrets) }), ...(sasl && { sasl: await saslOf(sasl, secrets, timing) }) };
}

async function tlsOf(tls: ContextTls, secrets: SecretReader): Promise<NonNullable<Security['tls']>> {
  const { ca, certificate, key, caPassword, keyPassword, skipHostnameCheck } = tls;
  const read = (source: SecretSource | undefined, path: string) =>
    source === undefined ? Promise.resolve('') : readSecret(source, `password of ${path}`, secrets);
  return {
    ...(ca !== undefined && (await trustedAuthorities(ca, () => read(caPassword, ca)))),
    ...(certificate !== undefined && clientIdentity(certificate, key)),
    ...(keyPassword !== undefined && { keyPassphrase: await read(keyPassword, key ?? certificate ?? 'the key') }),
    ...(skipHostnameCheck && { skipHostnameCheck }),
  };
}

async function saslOf(sasl: ContextSasl, secrets: SecretReader, timing: Timing): Promise<NonNullable<Security['sasl']>> {
  const { mechanism } = sasl;
  if (mechanism !== 'OAUTHBEARER') {
    const { username, password } = sasl;
    return { mechanism, username, password: await readSecret(password, `password of ${username}`, secrets) };
  }
  const { progress, signal } = secrets;
  if ('tokenCommand' in sasl) {
    const fetchToken = () => {
      progress.stop();
      return tokenOfCommand(sasl.tokenCommand, signal);
    };
    return { mechanism, token: await reusedToken(fetchToken, timing.now) };
  }
  const { tokenEndpoint: endpoint, clientId, scope } = sasl;
  const clientSecret = await readSecret(sasl.clientSecret, `secret of client ${clientId}`, secrets);
  progress.update(`asking ${endpoint} for a token`);
  return { mechanism, token: await reusedToken(() => tokenOfEndpoint({ endpoint, clientId, clientSecret, scope }, timing), timing.now) };
}
