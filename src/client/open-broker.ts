import { type Address, addressName, type Environment, type TlsOptions } from '../environment/environment.js';
import { ConnectionError, ProtocolError, TimeoutError, UnsupportedVersionError } from '../model/errors.js';
import type { Api, Decoded, Encodable, Fields } from '../protocol/schema.js';
import { type ClientConnection, createClientConnection } from './connection.js';
import { negotiateVersions, newestApiVersionsVersion, type Software } from './negotiate-versions.js';
import type { RequestEvent } from './request-event.js';
import type { VersionTable } from './version-table.js';

/** A connection that is ready for requests: versions are negotiated, the client is authenticated. */
export interface Broker {
  /** `host:port`. */
  readonly name: string;
  readonly isOpen: () => boolean;
  /** In the newest version that both know, which a function as `body` is given. */
  readonly request: <Q extends Fields, P extends Fields>(api: Api<Q, P>, body: BodyOf<Q>) => Promise<Decoded<P>>;
  readonly close: (reason: Error) => void;
}
export type BodyOf<Q extends Fields> = Encodable<Q> | ((version: number) => Encodable<Q>);

/** A broker on its way. */
export interface Opening {
  /** Rejects with ConnectionError, AuthenticationError or, when `timeoutMs` have passed, TimeoutError. */
  readonly broker: Promise<Broker>;
  /** The same, where it is ready already and stands: there is nothing to wait for. Null else. */
  readonly ready: () => Broker | null;
  /** What has not happened yet, such as "127.0.0.1:9092 did not accept a connection". */
  readonly missing: () => string;
  /** Gives it up, or closes it. */
  readonly close: (reason: Error) => void;
}

export interface OpenOptions {
  readonly clientId: string;
  readonly software: Software;
  readonly timeoutMs: number;
  readonly tls: TlsOptions | undefined;
  /** Undefined where the listener wants none. Throws AuthenticationError. */
  readonly authenticate: ((connection: ClientConnection, versions: VersionTable) => Promise<void>) | undefined;
  readonly onRequest: (event: RequestEvent) => void;
  readonly onClose: () => void;
}

export function openBroker(environment: Environment, address: Address, options: OpenOptions): Opening {
  const name = addressName(address);
  const abort = new AbortController();
  let connection: ClientConnection | undefined;
  let ready: Broker | null = null;
  let missing = '';
  // A connection that ends before it is ready is told by the rejection alone.
  let onEnd = () => {};
  let mayWantSasl = () => false;

  const connect = async (): Promise<ClientConnection> => {
    missing = `${name} did not accept a connection`;
    const transport = await environment.network.connect(address, { signal: abort.signal, ...(options.tls ? { tls: options.tls } : {}) });
    if (abort.signal.aborted) transport.destroy();
    abort.signal.throwIfAborted();
    missing = `${name} accepted the connection but did not answer`;
    const { clientId, onRequest } = options;
    return createClientConnection(transport, {
      clientId,
      onRequest,
      clock: environment.clock,
      onClose: () => onEnd(),
      mayWantSasl: () => mayWantSasl(),
    });
  };
  const wasClosed = (error: unknown) => error instanceof ConnectionError && !abort.signal.aborted;
  const connectAndNegotiate = async (apiVersionsVersion: number) => {
    connection = await connect();
    return { connection, versions: await negotiateVersions(connection, apiVersionsVersion, options.software) };
  };
  const negotiate = async () => {
    try {
      return await connectAndNegotiate(newestApiVersionsVersion);
    } catch (error) {
      // Some brokers close the connection on a version of ApiVersions that they do not know.
      if (connection === undefined || !wasClosed(error)) throw error;
    }
    const first = connection;
    try {
      return await connectAndNegotiate(0);
    } catch (cause) {
      throw connection !== first && wasClosed(cause) ? closedEarly(name, options.tls !== undefined, cause) : cause;
    }
  };

  const open = async (): Promise<Broker> => {
    try {
      const { connection: negotiated, versions } = await negotiate();
      missing = `${name} did not authenticate the client`;
      await options.authenticate?.(negotiated, versions);
      onEnd = options.onClose;
      let hasAnswered = false;
      mayWantSasl = () => !hasAnswered && options.authenticate === undefined;
      if (!negotiated.isOpen()) throw new ConnectionError(`${name} closed the connection at once`, [name]);
      ready = {
        name,
        isOpen: negotiated.isOpen,
        request: async (api, body) => {
          const version = versions.versionOf(api);
          try {
            const response = await negotiated.send(api, version, typeof body === 'function' ? body(version) : body);
            hasAnswered = true;
            return response;
          } catch (error) {
            // The codec does not know which broker's version is too old for a field.
            throw error instanceof UnsupportedVersionError
              ? new UnsupportedVersionError(`${name}: ${error.message}`, { cause: error })
              : error;
          }
        },
        close: negotiated.close,
      };
      return ready;
    } catch (error) {
      const failure = error instanceof ProtocolError ? notKafka(name, options.tls !== undefined, error) : error;
      connection?.close(failure as Error);
      throw failure;
    }
  };

  const close = (reason: Error) => {
    abort.abort(reason);
    connection?.close(reason);
  };
  // A moment after the deadline of the request that began it, whose message speaks of all addresses.
  const cancelTimeout = environment.clock.after(options.timeoutMs + 1, () =>
    close(new TimeoutError(`${missing} within ${options.timeoutMs} ms`)),
  );
  return {
    broker: open().finally(cancelTimeout),
    ready: () => (ready?.isOpen() ? ready : null),
    missing: () => missing,
    close,
  };
}

const closedEarly = (name: string, tls: boolean, cause: unknown) =>
  new ConnectionError(`${name} closes the connection instead of answering (${tls ? '' : 'a TLS port, or '}not Kafka?)`, [name], {
    cause,
    problem: tls ? undefined : 'tls-wanted',
  });
const notKafka = (name: string, tls: boolean, cause: ProtocolError) =>
  new ConnectionError(`${name} answered, but not in Kafka's protocol (is it an HTTP${tls ? '' : ' or TLS'} port?)`, [name], {
    cause,
    problem: tls ? undefined : 'tls-wanted',
  });
