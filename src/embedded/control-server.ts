import { timingSafeEqual } from 'node:crypto';
import type { Connection, Environment, Listener } from '../environment/environment.js';
import { type ClusterStatus, type ControlAnswer, type ControlRequest, MAX_LINE_BYTES } from './control-messages.js';
import { receiveJson, sendJson } from './json-lines.js';
import { LOOPBACK } from './ports.js';

export interface ControlServerOptions {
  readonly nonce: string;
  readonly token: string;
  /** Of kafka-ts. */
  readonly version: string;
  /** Null while it stops. */
  readonly status: () => ClusterStatus | null;
  readonly keep: () => void;
  /** Resolves when nothing of the cluster is left but the process. May be called again while it stops. */
  readonly stop: () => Promise<void>;
}

/** A connection that hasn't asked by then is closed. */
const REQUEST_DEADLINE_MS = 5_000;

/** Answers commands about the cluster in this process, on a port of the system's choice. */
export function startControlServer({ network, clock }: Environment, options: ControlServerOptions): Promise<Listener> {
  const { nonce, token, version, status, keep, stop } = options;
  return network.listen({ host: LOOPBACK, port: 0 }, (connection) => {
    const cancelDeadline = clock.after(REQUEST_DEADLINE_MS, () => connection.destroy());
    const answer = (value: ControlAnswer): void => sendJson(connection, value);
    receiveJson(connection, MAX_LINE_BYTES, {
      onValue: (value) => {
        cancelDeadline();
        const request = authenticated(value, token);
        if (request === null) connection.destroy();
        else if (request === 'status' || request === 'keep') {
          if (request === 'keep') keep();
          const now = status();
          answer(now === null ? { nonce, state: 'stopping' } : { nonce, state: 'running', version, ...now });
          connection.close();
        } else if (request === 'stop') {
          answer({ nonce, state: 'stopping' });
          void stopThenTell(connection, stop, answer, nonce);
        } else {
          answer({ nonce, state: 'refused', message: `kafka-ts ${version} knows no request '${request}'` });
          connection.close();
        }
      },
      onClose: cancelDeadline,
    });
  });
}

async function stopThenTell(connection: Connection, stop: () => Promise<void>, answer: (value: ControlAnswer) => void, nonce: string) {
  try {
    await stop();
    answer({ nonce, state: 'stopped' });
  } catch (error) {
    answer({ nonce, state: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
  connection.close();
}

/** The request's name, or null where the token isn't ours. */
function authenticated(value: unknown, token: string): string | null {
  const { token: given, request } = (value ?? {}) as Partial<Record<keyof ControlRequest, unknown>>;
  if (typeof given !== 'string' || typeof request !== 'string') return null;
  const [expected, actual] = [Buffer.from(token), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? request : null;
}
