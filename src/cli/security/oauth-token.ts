import { AuthenticationError, ConnectionError, messageOf, UsageError } from '../../model/errors.js';
import type { Timing } from './security.js';

export interface Token {
  readonly text: string;
  /** Milliseconds since the epoch; null where nobody tells. */
  readonly expiresAt: number | null;
}

export interface ClientCredentials {
  /** http or https. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

/** How long before its end a token is no longer used: it has to reach the broker, whose clock is another. */
const MARGIN_MS = 30_000;
/** For how long a token is used of which nobody tells when it ends: so that all brokers of one command get the same. */
const UNKNOWN_LIFE_MS = 60_000;
const ENDPOINT_TIMEOUT_MS = 10_000;

/**
 * One token for all brokers, and another when its time is over. The first is fetched before this resolves, so that its failure is told
 * once.
 */
export async function reusedToken(fetchToken: () => Promise<Token>, now: () => number): Promise<() => Promise<string>> {
  const obtain = async () => {
    const token = await fetchToken();
    const until = token.expiresAt === null ? now() + UNKNOWN_LIFE_MS : token.expiresAt - MARGIN_MS;
    return { text: token.text, until };
  };
  let current = obtain();
  await current;
  return async () => {
    const last = current;
    const isUsable = await last.then(
      ({ until }) => until > now(),
      () => false,
    );
    // Of several that find it over one asks for another, and one that could not be had is asked for again.
    if (!isUsable && current === last) current = obtain();
    return (await current).text;
  };
}

/**
 * What a shell command prints; the terminal is its own while it runs, and the signal ends it. Rejects with AuthenticationError, which does
 * not repeat the output.
 */
export async function tokenOfCommand(command: string, signal: AbortSignal): Promise<Token> {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, { shell: true, stdio: ['inherit', 'pipe', 'inherit'], signal });
  // What the shell has started may live on and hold the pipe, which would keep us too.
  signal.addEventListener('abort', () => child.stdout.destroy(), { once: true });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => reject(new AuthenticationError(`the token command cannot be run: ${cause.message}`, { cause })));
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 'an unknown end'));
  });
  if (code !== 0) throw new AuthenticationError(`the token command failed (exit code ${code})`);
  return tokenOf(printed.trim(), 'the token command');
}

/** A text in which nothing but a token stands. */
export function tokenOf(text: string, source: string): Token {
  if (text === '') throw new AuthenticationError(`${source} gives no token`);
  if (/\s/.test(text)) throw new AuthenticationError(`${source} gives more than a token: it must be one word`);
  return { text, expiresAt: expiryOf(text) };
}

/**
 * OAuth 2.0's client credentials (RFC 6749 section 4.4), as Kafka's own clients ask for them. Rejects with AuthenticationError where the
 * endpoint refuses, ConnectionError where it does not answer or is out of order; neither tells the secret or the token.
 */
export async function tokenOfEndpoint(
  { endpoint, clientId, clientSecret, scope }: ClientCredentials,
  { now, timeoutMs = ENDPOINT_TIMEOUT_MS }: Timing,
): Promise<Token> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`'${endpoint}' is no address of a token endpoint`, 'https://host/path');
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`, accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new ConnectionError(`the token endpoint ${endpoint} cannot be reached: ${reasonOf(cause, timeoutMs)}`, [url.host], { cause });
  }
  if (response.status >= 500)
    throw new ConnectionError(`the token endpoint ${endpoint} is out of order: HTTP ${response.status}`, [url.host]);
  const answer = objectOf(text);
  if (!response.ok) {
    // RFC 6749 section 5.2: `error` is a word, `error_description` a sentence.
    const reason = [answer.error, answer.error_description].filter((part) => typeof part === 'string').join(': ');
    throw new AuthenticationError(
      `the token endpoint ${endpoint} refuses client '${clientId}': HTTP ${response.status}${reason && `, ${reason}`}`,
    );
  }
  if (typeof answer.access_token !== 'string')
    throw new AuthenticationError(`the token endpoint ${endpoint} answers without an access_token`);
  const token = tokenOf(answer.access_token, `the token endpoint ${endpoint}`);
  return token.expiresAt === null && typeof answer.expires_in === 'number'
    ? { ...token, expiresAt: now() + answer.expires_in * 1000 }
    : token;
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {}; // no JSON: what is missing in it is said by the caller
  }
}

/** fetch tells why only in the cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause = error } = error;
  return messageOf(cause instanceof AggregateError ? cause.errors[0] : cause);
}

/** `exp` of a JSON Web Token (RFC 7519); null of any other token. */
function expiryOf(token: string): number | null {
  const [, payload = ''] = token.split('.');
  const { exp } = objectOf(Buffer.from(payload, 'base64url').toString());
  return typeof exp === 'number' ? exp * 1000 : null;
}
