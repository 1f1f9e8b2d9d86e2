import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../environment/environment.js';
import { AuthenticationError } from '../../model/errors.js';
import type { Exchange } from './exchange.js';

/** Brokers take 4,096 to 16,384; more than this would only hold up the client. */
const MOST_ITERATIONS = 1_000_000;
/** base64 of `n,,`: no channel binding. */
const CHANNEL_BINDING = 'biws';

/**
 * SCRAM (RFC 5802, RFC 7677): both sides prove that they know the password, and neither tells it.
 *
 *     client  n,,n=user,r=nonce
 *     broker  r=nonce+theirs,s=salt,i=iterations
 *     client  c=biws,r=nonce+theirs,p=proof
 *     broker  v=signature, or e=error
 */
export async function scram(
  exchange: Exchange,
  hash: 'sha256' | 'sha512',
  username: string,
  password: string,
  random: Random,
  broker: string,
): Promise<void> {
  const nonce = Buffer.from(random.bytes(24)).toString('base64url');
  const clientFirst = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const serverFirst = await ask(exchange, `n,,${clientFirst}`);
  const { r: fullNonce = '', s: salt = '', i: iterationsText = '' } = attributes(serverFirst);
  const iterations = Number(iterationsText);
  if (!fullNonce.startsWith(nonce) || salt === '' || !(iterations >= 1 && iterations <= MOST_ITERATIONS)) {
    throw new AuthenticationError(`${broker} gives a SCRAM challenge that cannot be answered`);
  }

  const hmac = (key: Uint8Array, text: string) => createHmac(hash, key).update(text).digest();
  const keyBytes = hash === 'sha256' ? 32 : 64;
  const saltedPassword = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, keyBytes, hash);
  const clientKey = hmac(saltedPassword, 'Client Key');
  const clientFinal = `c=${CHANNEL_BINDING},r=${fullNonce}`;
  const signed = `${clientFirst},${serverFirst},${clientFinal}`;
  const clientSignature = hmac(createHash(hash).update(clientKey).digest(), signed);
  const proof = clientKey.map((byte, index) => byte ^ clientSignature[index]!);

  const { v: signature = '', e: refusal } = attributes(await ask(exchange, `${clientFinal},p=${Buffer.from(proof).toString('base64')}`));
  if (refusal !== undefined) {
    throw new AuthenticationError(`${broker} refuses the credentials: ${refusal}`, { problem: 'credentials-refused' });
  }
  const expected = hmac(hmac(saltedPassword, 'Server Key'), signed);
  const given = Buffer.from(signature, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AuthenticationError(`${broker} does not prove that it knows the password`);
  }
}

const ask = async (exchange: Exchange, message: string): Promise<string> => Buffer.from(await exchange(Buffer.from(message))).toString();

/** `a=1,b=2`; a value may hold '='. */
const attributes = (message: string): Partial<Record<string, string>> =>
  Object.fromEntries(message.split(',').map((pair) => [pair.slice(0, 1), pair.slice(2)]));
