import { addressName, type Clock, type Connection } from '../environment/environment.js';
import { ConnectionError, ProtocolError } from '../model/errors.js';
import { correlationIdOf, decodeResponse, encodeRequest } from '../protocol/frame.js';
import { createFrameSplitter } from '../protocol/frame-splitter.js';
import type { Api, Decoded, Encodable, Fields } from '../protocol/schema.js';
import type { RequestEvent } from './request-event.js';

/** Far above any answer, and below what the first four bytes of a TLS alert or of an HTTP response would mean as a size. */
const LARGEST_RESPONSE_BYTES = 256 * 1024 * 1024;
const LARGEST_CORRELATION_ID = 2 ** 31 - 1;

export interface ClientConnectionOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly onRequest: (event: RequestEvent) => void;
  readonly onClose: () => void;
  /** Whether the broker, if it closes, may have done so as it wants SASL: for the message of the requests that it did not answer. */
  readonly mayWantSasl?: () => boolean;
}

/**
 * Requests and responses over one connection. Requests go out at once, whatever is still unanswered; a response finds its
 * request by correlation id. A response that is no such thing, or that nobody asked for, ends the connection.
 */
export interface ClientConnection {
  /** `host:port`. */
  readonly name: string;
  readonly isOpen: () => boolean;
  /**
   * Rejects with ConnectionError where the connection ends first, ProtocolError where the answer cannot be read, and as encodeRequest
   * throws.
   */
  readonly send: <Q extends Fields, P extends Fields>(api: Api<Q, P>, version: number, body: Encodable<Q>) => Promise<Decoded<P>>;
  /** Ends it; requests without an answer are rejected with `reason`. */
  readonly close: (reason: Error) => void;
}

interface Pending {
  readonly api: Api;
  readonly version: number;
  readonly sentMs: number;
  readonly resolve: (body: never) => void;
  readonly reject: (error: Error) => void;
}

export function createClientConnection(
  transport: Connection,
  { clientId, clock, onRequest, onClose, mayWantSasl = () => false }: ClientConnectionOptions,
): ClientConnection {
  const name = addressName(transport.remote);
  const pending = new Map<number, Pending>();
  let lastCorrelationId = 0;
  let isOpen = true;

  const report = ({ api, version, sentMs }: Pending, error: Error | null) =>
    onRequest({ broker: name, api: api.name, version, durationMs: clock.monotonicMs() - sentMs, error });
  const reject = (request: Pending, error: Error) => {
    report(request, error);
    request.reject(error);
  };
  const end = (reason: (request: Pending) => Error) => {
    if (!isOpen) return;
    isOpen = false;
    transport.destroy();
    for (const request of pending.values()) reject(request, reason(request));
    pending.clear();
    onClose();
  };

  const receive = (frame: Uint8Array) => {
    const correlationId = correlationIdOf(frame);
    const request = pending.get(correlationId);
    if (request === undefined) throw new ProtocolError(`the response with correlation id ${correlationId} answers no request`);
    const { body } = decodeResponse(request.api, request.version, frame);
    pending.delete(correlationId);
    report(request, null);
    request.resolve(body as never);
  };
  const split = createFrameSplitter(LARGEST_RESPONSE_BYTES, (frame) => {
    if (isOpen) receive(frame);
  });

  transport.start({
    onData: (bytes) => {
      try {
        split(bytes);
      } catch (cause) {
        if (!(cause instanceof ProtocolError)) throw cause;
        const error = new ProtocolError(`${name}: ${cause.message}`, { cause });
        end(() => error);
      }
    },
    onClose: (error) =>
      end(({ api }) => {
        if (error !== null) return error;
        const [hint, problem] = mayWantSasl() ? ([' (does this listener want SASL?)', 'sasl-wanted'] as const) : [''];
        return new ConnectionError(`${name} closed the connection before it answered ${api.name}${hint}`, [name], { problem });
      }),
  });

  return {
    name,
    isOpen: () => isOpen,
    send: (api, version, body) =>
      new Promise((resolve, reject) => {
        if (!isOpen) throw new ConnectionError(`the connection to ${name} is closed`, [name]);
        const correlationId = lastCorrelationId;
        lastCorrelationId = correlationId === LARGEST_CORRELATION_ID ? 0 : correlationId + 1;
        const frame = encodeRequest(api, version, { correlationId, clientId }, body);
        pending.set(correlationId, { api, version, sentMs: clock.monotonicMs(), resolve, reject });
        // What a slow peer leaves unread stays in memory: requests are small, and each has a deadline.
        transport.write(frame);
      }),
    close: (reason) => end(() => reason),
  };
}
