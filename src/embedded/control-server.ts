import { timingSafeEqual } from 'node:crypto';
import type { Connection, Environment, Listener } from '../environment/environment.js';
import { messageOf } from '../model/errors.js';
import { type ClusterStatus, type ControlAnswer, type ControlRequest, MAX_LINE_BYTES, type NodeFault } from './control-messages.js';
import { receiveJson, sendJson } from './json-lines.js';
import { LOOPBACK } from './ports.js';

export interface ControlServerOptions {
  readonly nonce: string;
  readonly token: string;
  /** Of kafka-ts. */
  readonly version: string;
  /** Null while it stops. */
  readonly status: () => Promise<ClusterStatus | null>;
  readonly keep: () => void;
  /** Rejects where it can't be done, saying why. */
  readonly fault: (fault: NodeFault, broker: number) => Promise<void>;
  /** Resolves when nothing of the cluster is left but the process. May be called again while it stops. */
  readonly stop: () => Promise<void>;
}

/** A connection that hasn't asked by then is closed. */
const REQUEST_DEADLINE_MS = 5_000;

/** Answers commands about the cluster in this process, on a port of the system's choice. */
export function startControlServer({ network, clock }: Environment, options: ControlServerOptions): Promise<Listener> {
  const { nonce, token, version } = options;
  return network.listen({ host: LOOPBACK, port: 0 }, (connection) => {
    const cancelDeadline = clock.after(REQUEST_DEADLINE_MS, () => connection.destroy());
    receiveJson(connection, MAX_LINE_BYTES, {
      onValue: (value) => {
        cancelDeadline();
        const request = authenticated(value, token);
        if (request === null) connection.destroy();
        else void answer(request, connection);
      },
      onClose: cancelDeadline,
    });
  });

  async function answer(request: Asking, connection: Connection): Promise<void> {
    const tell = (value: Told): void => sendJson(connection, { nonce, ...value } satisfies ControlAnswer);
    try {
      await carryOut(request, tell);
    } catch (error) {
      tell({ state: 'refused', message: messageOf(error) });
    }
    connection.close();
  }

  async function carryOut({ request, broker }: Asking, tell: (value: Told) => void): Promise<void> {
    switch (request) {
      case 'stop':
        tell({ state: 'stopping' });
        await options.stop();
        return tell({ state: 'stopped' });
      case 'keep':
        options.keep();
        break;
      case 'kill':
      case 'pause':
      case 'resume':
        await options.fault(request, broker);
        break;
      case 'status':
        break;
      default:
        return tell({ state: 'refused', message: `kafka-ts ${version} knows no request '${request}'` });
    }
    const status = await options.status();
    tell(status === null ? { state: 'stopping' } : { state: 'running', version, ...status });
  }
}

/** What an answer says besides the nonce. */
type Told = ControlAnswer extends infer Answer ? (Answer extends unknown ? Omit<Answer, 'nonce'> : never) : never;

/** A request from whoever may ask. */
interface Asking {
  readonly request: string;
  /** -1 where none was named. */
  readonly broker: number;
}

/** Null where the token isn't ours. */
function authenticated(value: unknown, token: string): Asking | null {
  const { token: given, request, broker } = (value ?? {}) as Partial<Record<keyof ControlRequest, unknown>>;
  if (typeof given !== 'string' || typeof request !== 'string') return null;
  const [expected, actual] = [Buffer.from(token), Buffer.from(given)];
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null;
  return { request, broker: typeof broker === 'number' ? broker : -1 };
}
