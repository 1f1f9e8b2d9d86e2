import type { Random } from '../../environment/environment.js';
import { errorCode, errorName, failureOf } from '../../model/error-code.js';
import { AuthenticationError } from '../../model/errors.js';
import { saslAuthenticate } from '../../protocol/messages/sasl-authenticate.js';
import { saslHandshake } from '../../protocol/messages/sasl-handshake.js';
import type { ClientConnection } from '../connection.js';
import type { VersionTable } from '../version-table.js';
import type { SaslCredentials } from './credentials.js';
import type { Exchange } from './exchange.js';
import { scram } from './scram.js';

/**
 * Names the mechanism and carries its tokens (KIP-43, KIP-152). Throws AuthenticationError where the broker refuses. What the
 * broker says of the session's life (KIP-368) is not kept: a session that ends is a connection that ends, and is made anew.
 */
export async function authenticate(
  connection: ClientConnection,
  versions: VersionTable,
  credentials: SaslCredentials,
  random: Random,
): Promise<void> {
  const { mechanism } = credentials;
  const handshake = await connection.send(saslHandshake, versions.versionOf(saslHandshake), { mechanism });
  if (handshake.errorCode === errorCode('UNSUPPORTED_SASL_MECHANISM')) {
    throw new AuthenticationError(`${connection.name} does not offer ${mechanism}, only ${handshake.mechanisms.join(', ')}`, {
      problem: 'mechanism-not-offered',
    });
  }
  if (handshake.errorCode === errorCode('ILLEGAL_SASL_STATE')) {
    throw new AuthenticationError(`${connection.name} wants no SASL`, { problem: 'sasl-not-wanted' });
  }
  if (handshake.errorCode !== 0) {
    throw new AuthenticationError(`${connection.name} refuses to authenticate: ${errorName(handshake.errorCode)}`);
  }
  const version = versions.versionOf(saslAuthenticate);
  const exchange: Exchange = async (authBytes) => {
    const answer = await connection.send(saslAuthenticate, version, { authBytes });
    const failure = failureOf(answer.errorCode, answer.errorMessage);
    if (failure !== null) throw refusal(connection.name, 'credentials', `${failure.message} (${failure.code})`);
    return answer.authBytes;
  };
  if (credentials.mechanism === 'PLAIN') {
    await exchange(Buffer.from(`\0${credentials.username}\0${credentials.password}`));
  } else if (credentials.mechanism === 'OAUTHBEARER') {
    await bearer(exchange, await credentials.token(), credentials.extensions ?? {}, connection.name);
  } else {
    const hash = credentials.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
    await scram(exchange, hash, credentials.username, credentials.password, random, connection.name);
  }
}

/**
 * RFC 7628, with the extensions of KIP-342. A refusal comes as JSON, to which the client owes one more byte before the broker says so by an
 * error code.
 */
async function bearer(exchange: Exchange, token: string, extensions: Readonly<Record<string, string>>, broker: string): Promise<void> {
  const extended = Object.entries(extensions)
    .map(([name, value]) => `${name}=${value}\x01`)
    .join('');
  const answer = await exchange(Buffer.from(`n,,\x01auth=Bearer ${token}\x01${extended}\x01`));
  if (answer.length === 0) return;
  // What this brings is the same refusal with less said of it.
  await exchange(Buffer.from('\x01')).catch(() => {});
  throw refusal(broker, 'token', Buffer.from(answer).toString());
}

const refusal = (broker: string, what: string, reason: string): AuthenticationError =>
  new AuthenticationError(`${broker} refuses the ${what}: ${reason}`, { problem: 'credentials-refused' });
